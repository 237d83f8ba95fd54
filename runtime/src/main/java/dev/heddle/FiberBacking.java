package dev.heddle;

/**
 * What a fiber is made of. One runs at a time and in the same order with either; they differ in what a fiber may have on its
 * stack when it switches, in what it has of its own, and in what a switch costs.
 */
public enum FiberBacking {
    /**
     * A continuation, which the owner's thread mounts. A switch takes a fraction of a microsecond, and a fiber that waits in the
     * JDK, for a lock, a socket or a time, lets the others run meanwhile. A fiber cannot switch while native code that has called
     * back into Java, or a class initializer, is on its stack: a switch, or a wait in Heddle, then throws an {@link
     * IllegalStateException} that says so. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
     */
    CONTINUATION,

    /**
     * An OS thread for each fiber, of which the one that has the baton runs: threads, but co-operative. It may have anything on
     * its stack, {@link Thread#currentThread} and its thread-locals are its own, debuggers and profilers see it. A switch takes
     * two of the operating system. A fiber lets others run where it waits in Heddle; where it waits in the JDK, all wait, unless it
     * does so in {@link Heddle#blocking}.
     */
    OS_THREAD
}
