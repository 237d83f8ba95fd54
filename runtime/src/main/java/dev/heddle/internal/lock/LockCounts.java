package dev.heddle.internal.lock;

import dev.heddle.GlobalLockStats;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was counted of a lock, or of one task with it. Whoever holds the lock writes, so but for the drop requests there is one
 * writer at a time; anyone reads, and nothing hangs on what they see.
 */
public final class LockCounts {
    private static final int HOLDS = 0;
    private static final int WAITS = 1;
    private static final int DROP_REQUESTS = 2;
    private static final int FORCED_SWITCHES = 3;
    private static final int HELD = 4;
    private static final int WAITED = 5;

    /** How many numbers {@link #toArray} returns. */
    public static final int SIZE = 6;

    private final AtomicLongArray counts = new AtomicLongArray(SIZE);

    /**
     * A hold has ended. Called by the holder.
     *
     * @param heldNanos how long it was
     * @param waitedNanos how long it was waited for, or 0
     * @param forced whether it ended at a checkpoint, since another wanted the lock
     */
    void hold(long heldNanos, long waitedNanos, boolean forced) {
        add(HOLDS, 1);
        add(HELD, heldNanos);
        if (waitedNanos > 0) {
            add(WAITS, 1);
            add(WAITED, waitedNanos);
        }
        if (forced) {
            add(FORCED_SWITCHES, 1);
        }
    }

    /** Adds for the only writer. */
    private void add(int index, long n) {
        counts.setOpaque(index, counts.getPlain(index) + n);
    }

    /** The holder was asked to drop the lock. Anyone may call. */
    void dropRequest() {
        counts.getAndIncrement(DROP_REQUESTS);
    }

    /**
     * Adds what was counted elsewhere. Anyone may call, if nobody calls {@link #hold}.
     *
     * @param others from {@link #toArray}
     */
    public void addAll(long[] others) {
        for (int i = 0; i < SIZE; i++) {
            counts.getAndAdd(i, others[i]);
        }
    }

    /** {@return the numbers} */
    public long[] toArray() {
        long[] numbers = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            numbers[i] = counts.getOpaque(i);
        }
        return numbers;
    }

    /** {@return the numbers, for the user} */
    public GlobalLockStats stats() {
        long[] numbers = toArray();
        return new GlobalLockStats(
                numbers[HOLDS],
                numbers[WAITS],
                numbers[DROP_REQUESTS],
                numbers[FORCED_SWITCHES],
                Duration.ofNanos(numbers[HELD]),
                Duration.ofNanos(numbers[WAITED]));
    }
}
