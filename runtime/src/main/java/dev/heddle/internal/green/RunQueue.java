package dev.heddle.internal.green;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded first-in first-out ring: one owner adds at the tail and takes from the head, thieves take half from the head.
 *
 * <p>Problem: the owner adds and takes at every switch, while now and then another processor needs some of the work.
 * Rejected: a Chase-Lev deque, whose owner works at the end that is unfair; a linked queue, which allocates. Approach: that
 * of Go's scheduler: indices that only grow, the head moved by compare-and-set by whoever takes, the tail written by the
 * owner alone.
 *
 * <p>The race that matters is a thief that reads slots which the owner overwrites meanwhile. The owner may reuse a slot only
 * after it has seen the head move past it, and then the thief's compare-and-set of the head fails, so what it read is
 * dropped.
 *
 * <p>Invariants: {@code 0 <= tail - head <= capacity} in the order of the head's and tail's own changes; slots outside of
 * {@code [cleared, tail)} hold null, so that a task that has ended is not kept alive by having been here. Owner means the
 * thread that holds the processor; it passes to another with a happens-before edge.
 */
final class RunQueue {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(RunQueue.class, "head", int.class);
            TAIL = lookup.findVarHandle(RunQueue.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Runnable[] ring;
    private final int mask;

    /** The next to take. Moved by compare-and-set, read with acquire: what the taker read of the slots came before. */
    private int head;

    /** Where to add. Written by the owner with release, read by thieves with acquire: pairs the contents of the slots. */
    private int tail;

    /** Slots before this one are null again. Only the owner's. */
    private int cleared;

    /** @param capacity a power of 2, at least 2 */
    RunQueue(int capacity) {
        if (capacity < 2 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of 2");
        }
        ring = new Runnable[capacity];
        mask = capacity - 1;
    }

    /** {@return whether there was room} Owner only. */
    boolean offer(Runnable task) {
        int h = (int) HEAD.getAcquire(this);
        int t = tail;
        if (t - h > mask) {
            return false;
        }
        clearTo(h);
        ring[t & mask] = task;
        TAIL.setRelease(this, t + 1);
        return true;
    }

    /** {@return the oldest, or null if there is none} Owner only. */
    @Nullable
    Runnable poll() {
        while (true) {
            int h = (int) HEAD.getAcquire(this);
            if (tail == h) {
                return null;
            }
            Runnable task = ring[h & mask];
            if (HEAD.compareAndSet(this, h, h + 1)) {
                return task;
            }
        }
    }

    /** Moves the older half to {@code to}, or nothing if thieves have made room meanwhile. Owner only. */
    void spillHalf(Queue<? super Runnable> to) {
        int h = (int) HEAD.getAcquire(this);
        int n = (tail - h) / 2;
        @Nullable Runnable[] batch = new Runnable[n];
        for (int i = 0; i < n; i++) {
            batch[i] = ring[(h + i) & mask];
        }
        if (HEAD.compareAndSet(this, h, h + n)) {
            for (Runnable task : batch) {
                if (task != null) {
                    to.add(task);
                }
            }
        }
    }

    /**
     * Takes half of another queue, rounded up, into this one. For the owner of this queue, while it is empty.
     *
     * @param victim whose work to take
     * @return how many were taken
     */
    int stealHalf(RunQueue victim) {
        int t = tail;
        clear();
        int dirty = 0;
        while (true) {
            int h = (int) HEAD.getAcquire(victim);
            int available = (int) TAIL.getAcquire(victim) - h;
            int n = available - available / 2;
            if (n > ring.length / 2) {
                continue; // head and tail are of different moments
            }
            for (int i = 0; i < n; i++) {
                ring[(t + i) & mask] = victim.ring[(h + i) & victim.mask];
            }
            dirty = Math.max(dirty, n);
            if (n == 0 || HEAD.compareAndSet(victim, h, h + n)) {
                for (int i = n; i < dirty; i++) {
                    ring[(t + i) & mask] = null; // of an attempt that failed
                }
                TAIL.setRelease(this, t + n);
                return n;
            }
        }
    }

    /** Forgets what has been taken. Owner only. */
    void clear() {
        clearTo((int) HEAD.getAcquire(this));
    }

    private void clearTo(int h) {
        while (cleared != h) {
            ring[cleared++ & mask] = null;
        }
    }

    /** {@return how many there are, at some moment during the call} */
    int size() {
        int h = (int) HEAD.getVolatile(this);
        return Math.clamp((int) TAIL.getVolatile(this) - h, 0, ring.length);
    }
}
