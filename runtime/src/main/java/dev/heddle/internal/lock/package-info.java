/** The global lock: one that is taken from a thread that computes, after a time slice, and left by one that waits. */
package dev.heddle.internal.lock;
