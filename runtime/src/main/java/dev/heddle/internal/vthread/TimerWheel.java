package dev.heddle.internal.vthread;

import org.jspecify.annotations.Nullable;

/**
 * Timers in the order of their ticks, about: adding and cancelling one takes constant time, however many there are.
 *
 * <p>Problem: a million sleeps at once, and timed waits that are nearly always cancelled. Rejected: a heap, whose every
 * change walks through memory that is not in the cache. Approach: Varghese and Lauck's hierarchical wheel (1987): a slot of level 0
 * holds the timers of one tick, a slot of level {@code n} those of 64 to the power of {@code n} ticks. When the time reaches
 * a slot of a higher level, its timers move to lower levels. A level has 64 slots, so one word says which hold timers.
 *
 * <p>Invariants: a timer that is due at {@code tick} is in the level that the highest bit in which {@code tick} and
 * {@link #now} differ belongs to, so whatever is in a lower level is due before whatever is in a higher one; {@code earliest}
 * of a slot that holds timers is at most the tick of each. Not thread-safe.
 */
final class TimerWheel {
    static final long NEVER = Long.MAX_VALUE;

    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    private static final int LEVELS = (Long.SIZE + BITS - 1) / BITS;

    /** What the wheel needs of a timer. */
    abstract static class Entry {
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private final long tick;

        /** Where the wheel has it; or -1. */
        private int slot = -1;

        Entry(long tick) {
            this.tick = tick;
        }

        long tick() {
            return tick;
        }

        /** {@return the following timer of a list that {@link #expire} returned} It is no longer linked then. */
        @Nullable
        Entry unlinkNext() {
            Entry after = next;
            next = null;
            return after;
        }
    }

    private final @Nullable Entry[] first = new Entry[LEVELS * SLOTS];
    private final long[] earliest = new long[LEVELS * SLOTS];
    private final long[] occupied = new long[LEVELS];

    private long now;

    /** {@return the tick before which nothing is due; {@link #NEVER} if the wheel is empty} */
    long next() {
        int slot = firstOccupied();
        return slot < 0 ? NEVER : earliest[slot];
    }

    void add(Entry timer) {
        long tick = Math.max(timer.tick, now);
        int level = tick == now ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ now)) / BITS;
        int index = (int) (tick >>> (level * BITS)) & (SLOTS - 1);
        int slot = level * SLOTS + index;
        Entry second = first[slot];
        if (second == null) {
            earliest[slot] = tick;
            occupied[level] |= 1L << index;
        } else {
            earliest[slot] = Math.min(earliest[slot], tick);
            second.previous = timer;
        }
        timer.next = second;
        timer.slot = slot;
        first[slot] = timer;
    }

    /** {@return whether the timer was here, neither removed nor expired} */
    boolean remove(Entry timer) {
        int slot = timer.slot;
        if (slot < 0) {
            return false;
        }
        Entry before = timer.previous;
        Entry after = timer.next;
        if (before != null) {
            before.next = after;
        } else {
            first[slot] = after;
        }
        if (after != null) {
            after.previous = before;
        } else if (before == null) {
            occupied[slot / SLOTS] &= ~(1L << slot);
        }
        timer.previous = null;
        timer.next = null;
        timer.slot = -1;
        return true;
    }

    /**
     * Moves the time.
     *
     * @param to the tick that has come; not before an earlier call's
     * @return the timers that are due, which are no longer here, linked
     */
    @Nullable
    Entry expire(long to) {
        Entry due = null;
        for (int slot = firstOccupied(); slot >= 0 && startOf(slot) <= to; slot = firstOccupied()) {
            now = startOf(slot);
            Entry timer = first[slot];
            first[slot] = null;
            occupied[slot / SLOTS] &= ~(1L << slot);
            while (timer != null) {
                Entry after = timer.next;
                timer.previous = null;
                timer.slot = -1;
                if (timer.tick <= to) {
                    timer.next = due;
                    due = timer;
                } else {
                    add(timer);
                }
                timer = after;
            }
        }
        now = to;
        return due;
    }

    private int firstOccupied() {
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
            }
        }
        return -1;
    }

    /** {@return the first tick of a slot of the present turn} */
    private long startOf(int slot) {
        int shift = slot / SLOTS * BITS;
        long above = shift + BITS >= Long.SIZE ? 0 : now >>> (shift + BITS) << (shift + BITS);
        return above | (long) (slot & (SLOTS - 1)) << shift;
    }
}
