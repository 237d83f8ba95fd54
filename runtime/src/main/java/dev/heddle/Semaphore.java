package dev.heddle;

import dev.heddle.internal.permit.SemaphoreCore;
import java.io.Serializable;
import java.time.Duration;

/**
 * A number of permits for what only so many tasks may do or use at once, in every model, between processes too. Made by
 * {@link Heddle#semaphore}; a job that captures it gets the same semaphore.
 *
 * <p>A task that ends while it holds permits counts as having died with them, as with a {@link Mutex}, of which all that is said
 * about holders, order and cost is true here, too: its permits are given back, and the next task that acquires is told. So a
 * permit can only be released by the thread that acquired it; to tell another task something there are channels.
 */
public sealed interface Semaphore extends Serializable permits SemaphoreCore {
    /** {@return how many permits there are, those that are held included} */
    int permits();

    /**
     * Acquires a permit, waiting until there is one.
     *
     * @return how; never {@link Acquired#NOT}
     * @throws IllegalStateException if the calling thread holds all permits and would wait for itself
     * @throws InterruptedException if interrupted before it was acquired; it is not
     */
    default Acquired acquire() throws InterruptedException {
        return acquire(1);
    }

    /**
     * Acquires permits, all at once, waiting until there are as many.
     *
     * @param n how many, at least 1
     * @return how; never {@link Acquired#NOT}
     * @throws IllegalArgumentException if there are not so many
     * @throws IllegalStateException if the calling thread holds too many for that and would wait for itself
     * @throws InterruptedException if interrupted before they were acquired; none is
     */
    Acquired acquire(int n) throws InterruptedException;

    /**
     * Acquires permits, all at once, waiting at most {@code timeout}.
     *
     * @param n how many, at least 1
     * @param timeout the longest time to wait; zero or less does not wait
     * @return how
     * @throws IllegalArgumentException if there are not so many
     * @throws IllegalStateException if the calling thread holds too many for that and would wait for itself
     * @throws InterruptedException if interrupted before they were acquired; none is
     */
    Acquired acquire(int n, Duration timeout) throws InterruptedException;

    /** {@return how a permit was acquired} Does not wait: it is not if there is none or others wait. */
    default Acquired tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * {@return how permits were acquired} Does not wait: they are not if there are too few or others wait.
     *
     * @param n how many, at least 1
     * @throws IllegalArgumentException if there are not so many
     */
    Acquired tryAcquire(int n);

    /**
     * Gives a permit back.
     *
     * @throws IllegalStateException if the calling thread holds none
     */
    default void release() {
        release(1);
    }

    /**
     * Gives permits back.
     *
     * @param n how many, at least 1
     * @throws IllegalStateException if the calling thread does not hold as many
     */
    void release(int n);
}
