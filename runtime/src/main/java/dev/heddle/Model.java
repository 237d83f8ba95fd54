package dev.heddle;

/**
 * What a task is made of. The same program runs under every model; what differs is who schedules its tasks, what they
 * share, and what a crash or a hog does to the others.
 */
public enum Model {
    /**
     * Each task runs in a worker: an OS process with its own address space. Data is copied between tasks, a crash takes
     * down only the task that crashed, and a task can be killed.
     */
    PROCESS,

    /** Each task is an OS thread: scheduled by the operating system, in shared memory. */
    THREAD,

    /**
     * Each task is a green thread: scheduled by Heddle on a resizable number of processors, in shared memory, as Go's
     * goroutines are.
     */
    GREEN,

    /**
     * Each task is a fiber, which takes turns with the thread that opened the heddle: exactly one runs at any time, until it
     * yields, {@linkplain Heddle#switchTo switches} or waits. Shared data needs no lock. {@link FiberBacking} says what a fiber is
     * made of.
     */
    FIBER
}
