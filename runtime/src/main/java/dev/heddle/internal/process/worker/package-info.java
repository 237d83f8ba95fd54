/** What runs in a worker's process: its program, what it knows of the parent's heddle, and what it records. */
package dev.heddle.internal.process.worker;
