/** Pipes between processes: an element's way through memory that both have, whose each end is, and who closes them. */
package dev.heddle.internal.process.pipe;
