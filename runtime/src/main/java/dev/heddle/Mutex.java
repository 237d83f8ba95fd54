package dev.heddle;

import dev.heddle.internal.permit.MutexCore;
import java.io.Serializable;
import java.time.Duration;

/**
 * A lock that one task holds at a time, in every model, between processes too, and that survives the death of its holder. Made
 * by {@link Heddle#mutex}; a job that captures it gets the same mutex.
 *
 * <pre>{@code
 * if (mutex.lock() == Acquired.AFTER_DEATH) repair(table);
 * try {
 *     change(table);
 * } finally {
 *     mutex.unlock();
 * }
 * }</pre>
 *
 * <p>A task that ends while it holds the mutex counts as having died with it, be it that its code returned or threw, or that its
 * worker was killed: the mutex is then let go, and {@link #lock} tells the next holder.
 *
 * <p>The holder is the thread that locked it; only that one can unlock it. Threads that a task has started hold for themselves:
 * their end is not the end of a task, but under {@link Model#PROCESS} the death of their worker is noticed. Those who wait are
 * served in the order of arrival. It is not reentrant.
 *
 * <p>Under {@link Model#PROCESS} the mutex is in the process of the heddle, and a worker asks for it, which takes as long as an
 * operation of a channel. It guards what takes longer than that; for a counter take {@link SharedLongs#getAndAdd}.
 */
public sealed interface Mutex extends Serializable permits MutexCore {
    /**
     * Locks it, waiting until that is possible.
     *
     * @return how; never {@link Acquired#NOT}
     * @throws IllegalStateException if the calling thread holds it already and would wait for itself
     * @throws InterruptedException if interrupted before it was locked; it is not
     */
    Acquired lock() throws InterruptedException;

    /**
     * Locks it, waiting at most {@code timeout}.
     *
     * @param timeout the longest time to wait; zero or less does not wait
     * @return how
     * @throws IllegalStateException if the calling thread holds it already and would wait for itself
     * @throws InterruptedException if interrupted before it was locked; it is not
     */
    Acquired lock(Duration timeout) throws InterruptedException;

    /** {@return how it was locked} Does not wait: it is not locked if another holds it or waits for it. */
    Acquired tryLock();

    /**
     * Unlocks it.
     *
     * @throws IllegalStateException if the calling thread does not hold it
     */
    void unlock();
}
