package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import dev.heddle.internal.channel.ChannelLock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Permits, and those who wait for them: the mutex, which has one, and the semaphore of every model, in the process of the heddle.
 *
 * <p>Problem: those who wait are threads of any kind and requests of workers; one that gives up must not lose a permit; who dies
 * must not keep one. Rejected: the JDK's semaphore, which only knows threads; a word in shared memory and a futex for PROCESS,
 * which would be faster where nobody waits, but who holds it when a process dies in the middle of taking it cannot be told
 * without a list of each thread's locks that the kernel walks. Approach: as a channel, a short lock and a queue. Whoever gives
 * permits back hands them to the first in the queue, so one that is woken need not compete for them again.
 *
 * <p>Who holds how many is not known here: threads note it in {@link Holdings}, and the server of a worker what its worker has.
 * They give back what is left when the one that held it dies, by {@link #abandon}.
 *
 * <p>The race that matters is a wait that gives up against the permits that are given to it: both are decided under the lock. A
 * waiter that {@link #cancel} still finds queued got none.
 *
 * <p>Invariants, under the lock: the first in the queue wants more than there are. So nobody overtakes.
 */
public final class PermitQueue {
    private final int total;
    private final ChannelLock lock = new ChannelLock();

    // Guarded by lock.
    private final LinkedHashSet<PermitWaiter> waiters = new LinkedHashSet<>();
    private int available;

    /** Whether somebody has died holding permits, and nobody has been told yet. */
    private boolean someoneDied;

    /** Who got permits last. */
    private Object lastHolder = "nobody";

    /** @param total how many permits there are, at least 1 */
    public PermitQueue(int total) {
        this.total = total;
        this.available = total;
    }

    /** {@return how many permits there are, those that are held included} */
    public int total() {
        return total;
    }

    /**
     * Gets permits, or waits for them.
     *
     * @param waiter new, wants no more than there are
     * @param mayWait whether it waits if it cannot have them now
     * @return whether it has them; if not, and it may wait, it will be woken or must be cancelled
     */
    public boolean begin(PermitWaiter waiter, boolean mayWait) {
        lock.lock();
        try {
            if (waiters.isEmpty() && waiter.wanted <= available) {
                give(waiter);
                return true;
            }
            if (mayWait) {
                waiters.add(waiter);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes out a waiter, if it still waits.
     *
     * @param waiter one that was told to wait
     * @return true if it was still waiting; false if it has got its permits
     */
    public boolean cancel(PermitWaiter waiter) {
        List<PermitWaiter> served;
        lock.lock();
        try {
            if (!waiters.remove(waiter)) {
                return false;
            }
            served = serve(); // those behind it may want less
        } finally {
            lock.unlock();
        }
        served.forEach(PermitWaiter::wake);
        return true;
    }

    /**
     * Gives permits back.
     *
     * @param n how many, which the caller holds
     */
    public void release(int n) {
        giveBack(n, false);
    }

    /**
     * Gives back the permits of one who has died, of which the next holder will be told.
     *
     * @param n how many
     */
    public void abandon(int n) {
        giveBack(n, true);
    }

    private void giveBack(int n, boolean died) {
        List<PermitWaiter> served;
        lock.lock();
        try {
            someoneDied |= died;
            available += n;
            served = serve();
        } finally {
            lock.unlock();
        }
        served.forEach(PermitWaiter::wake);
    }

    /** {@return those who have got their permits now} */
    private List<PermitWaiter> serve() {
        if (waiters.isEmpty() || waiters.getFirst().wanted > available) {
            return List.of();
        }
        List<PermitWaiter> served = new ArrayList<>();
        while (!waiters.isEmpty() && waiters.getFirst().wanted <= available) {
            PermitWaiter first = waiters.removeFirst();
            give(first);
            served.add(first);
        }
        return served;
    }

    private void give(PermitWaiter waiter) {
        available -= waiter.wanted;
        lastHolder = waiter.holder;
        waiter.give(someoneDied ? Acquired.AFTER_DEATH : Acquired.CLEANLY);
        someoneDied = false;
    }

    /** {@return how many permits are held} For dumps. */
    int held() {
        lock.lock();
        try {
            return total - available;
        } finally {
            lock.unlock();
        }
    }

    /** {@return who got permits last: the number of a thread of this process, or words} For dumps. */
    Object lastHolder() {
        lock.lock();
        try {
            return lastHolder;
        } finally {
            lock.unlock();
        }
    }
}
