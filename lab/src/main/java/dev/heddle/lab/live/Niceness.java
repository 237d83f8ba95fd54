package dev.heddle.lab.live;

/**
 * Lets a workload give way to whoever looks at it: with dozens of OS threads that compute, a browser on the same CPUs would get so little
 * of them that it could not draw what it is told, or tell what is clicked. The POSIX call {@code nice}, which on Linux is about the
 * calling thread, and what it starts inherits it.
 */
final class Niceness {
    /** A thread of this niceness gets a tenth of what one of niceness 0 gets, if both want the CPU; and all of it if nobody else does. */
    private static final int OF_WORKLOAD = 10;

    private Niceness() {}

    /** For the calling thread and all that it starts from now on, processes included; without effect where the system has no such call. */
    static void giveWay() {
        NativeCall.find("nice").ifPresent(nice -> nice.with(OF_WORKLOAD)); // to be nicer is always allowed
    }
}
