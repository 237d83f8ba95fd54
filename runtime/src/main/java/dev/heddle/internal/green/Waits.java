package dev.heddle.internal.green;

import dev.heddle.WaitHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts waits by their length, in powers of 2 of nanoseconds. */
final class Waits {
    private static final int BUCKETS = Long.SIZE - 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    /** One caller at a time. */
    void add(long nanos) {
        int bucket = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos));
        counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    }

    /** Adds what another has counted. Any caller. */
    void addAll(Waits other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts.addAndGet(i, other.counts.getOpaque(i));
        }
    }

    WaitHistogram histogram() {
        List<Long> all = new ArrayList<>();
        int empty = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all.add(counts.get(i));
            empty = counts.get(i) == 0 ? empty + 1 : 0;
        }
        return new WaitHistogram(all.subList(0, BUCKETS - empty));
    }
}
