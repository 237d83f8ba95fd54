package dev.heddle.lab.measure;

import java.io.Serializable;
import java.util.List;

/**
 * How the tasks of one repetition were scheduled. What could not be read is {@link Sample#UNKNOWN}.
 *
 * @param tasks how many were started
 * @param tasksAtOnce the largest number that was seen to be live, looking every 10 ms
 * @param forcedSwitches context switches of OS threads that could have gone on, but had to make room for another
 * @param ready how many OS threads of the machine executed or were ready to, on average over all looks
 * @param handoffs times that a processor was taken from a carrier
 * @param lock what was done with the global lock
 * @param queues the channels that were watched
 */
public record Scheduling(
        long tasks,
        long tasksAtOnce,
        long forcedSwitches,
        double ready,
        long handoffs,
        LockUse lock,
        List<QueueUse> queues)
        implements Serializable {
    /** Of what is not a heddle. */
    public static final Scheduling UNKNOWN =
            new Scheduling(Sample.UNKNOWN, Sample.UNKNOWN, Sample.UNKNOWN, Sample.UNKNOWN, 0, LockUse.NONE, List.of());

    /**
     * What was done with a global lock in one repetition.
     *
     * @param intervalNanos its switch interval; 0 if there is no global lock
     * @param holds times that it was taken
     * @param forced times among them that it was dropped because another had waited for the interval
     * @param heldNanos how long it was held, in sum
     * @param waitedNanos how long it was waited for, in sum
     */
    public record LockUse(long intervalNanos, long holds, long forced, long heldNanos, long waitedNanos)
            implements Serializable {
        /** No global lock. */
        public static final LockUse NONE = new LockUse(0, 0, 0, 0, 0);
    }

    /**
     * What was seen of a channel in one repetition.
     *
     * @param name of the channel
     * @param capacity of the channel
     * @param looks how often it was looked at while it was open
     * @param full in how many of them it had no room
     * @param empty in how many of them it had no element
     */
    public record QueueUse(String name, int capacity, int looks, int full, int empty) implements Serializable {}
}
