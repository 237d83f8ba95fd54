/** How bytes cross: rings in shared memory, bells to wake the other side, and the messages of a heddle and its workers. */
package dev.heddle.internal.process.link;
