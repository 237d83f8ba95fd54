package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.SharedLongs;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What tasks and who watches them share, in whichever processes they are: controls that tasks read in every round, and counts of
 * rounds by how long they took.
 *
 * @param longs where it is
 */
record Board(SharedLongs longs) implements Serializable {
    /** A bucket for each quarter of a power of two, so a quantile is at most a quarter too large. */
    static final int BUCKETS = 64 * 4;

    private static final int STOP = 0;
    private static final int CPU = 1;
    private static final int SURPLUS = 2;
    private static final int FIRST_BUCKET = 8;

    static Board in(Heddle h) {
        return new Board(h.sharedLongs(FIRST_BUCKET + BUCKETS));
    }

    void stop() {
        longs.set(STOP, 1);
    }

    boolean isStopped() {
        return longs.get(STOP) != 0;
    }

    void cpu(int percent) {
        longs.set(CPU, percent);
    }

    long cpu() {
        return longs.get(CPU);
    }

    /** Asks as many tasks to leave as come by. */
    void addSurplus(int tasks) {
        longs.getAndAdd(SURPLUS, tasks);
    }

    /** {@return whether the caller is one too many, which from now on it must not be} */
    boolean takeSurplus() {
        for (long surplus = longs.get(SURPLUS); surplus > 0; surplus = longs.get(SURPLUS)) {
            if (longs.compareAndSet(SURPLUS, surplus, surplus - 1)) {
                return true;
            }
        }
        return false;
    }

    /** A round took so long. */
    void count(long nanos) {
        longs.getAndAdd(FIRST_BUCKET + bucket(nanos), 1);
    }

    /** {@return how many rounds there were so far, by bucket} */
    long[] counts() {
        long[] counts = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = longs.get(FIRST_BUCKET + i);
        }
        return counts;
    }

    /** {@return how many rounds there were so far} */
    long rounds() {
        return Arrays.stream(counts()).sum();
    }

    static int bucket(long nanos) {
        if (nanos < 4) {
            return (int) Math.max(0, nanos);
        }
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        return power * 4 + (int) ((nanos >>> (power - 2)) & 3);
    }

    /** {@return the largest time of a bucket, in nanoseconds} */
    static long upTo(int bucket) {
        int power = bucket / 4;
        return power < 2 ? bucket : ((long) (4 + bucket % 4 + 1) << (power - 2)) - 1;
    }
}
