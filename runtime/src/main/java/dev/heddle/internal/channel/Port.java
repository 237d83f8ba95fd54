package dev.heddle.internal.channel;

import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Waiter.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Where elements are sent or received, and where senders or receivers wait for that: a channel has one port for both, a
 * broadcast one for its senders and each of its subscriptions one for its receivers. A waiter with an element is a sender.
 *
 * @param <E> the type of the elements
 */
public interface Port<E> {
    /** {@return what guards the port; to be held for {@link #attempt}, {@link #enqueue} and {@link #remove}} */
    ChannelLock lock();

    /**
     * Does an operation now, if that is possible: then it has an outcome afterwards. Those whose wait it ended are in {@link
     * Waiter#ended}, to be woken after the lock has been let go; there may be some also if it was not possible, since those who
     * came before are let in first.
     *
     * @param waiter not queued
     */
    void attempt(Waiter<E> waiter);

    /**
     * Has a waiter wait.
     *
     * @param waiter for which an {@link #attempt} has just failed
     */
    void enqueue(Waiter<E> waiter);

    /**
     * Takes out a waiter.
     *
     * @param waiter queued here
     */
    void remove(Waiter<E> waiter);

    /** {@return what closed the channel, or null} */
    @Nullable
    Throwable cause();

    /**
     * Does an operation now, or has it wait.
     *
     * @param waiter new
     * @return how it went; if WAITING, the waiter will be woken or must be cancelled
     */
    default Outcome begin(Waiter<E> waiter) {
        Outcome outcome;
        lock().lock();
        try {
            attempt(waiter);
            outcome = waiter.outcome();
            if (outcome == Outcome.WAITING) {
                enqueue(waiter);
            }
        } finally {
            lock().unlock();
        }
        waiter.wakeEnded();
        return outcome;
    }

    /**
     * Does an operation now, if that is possible.
     *
     * @param waiter new
     * @return how it went; if WAITING, it was not possible, and the waiter is done with
     */
    default Outcome tryNow(Waiter<E> waiter) {
        lock().lock();
        try {
            attempt(waiter);
        } finally {
            lock().unlock();
        }
        waiter.wakeEnded();
        return waiter.outcome();
    }

    /**
     * Takes out a waiter, if it is still waiting.
     *
     * @param waiter one that was told to wait
     * @return true if it was still waiting; false if its wait has been ended, so that its outcome stands
     */
    default boolean cancel(Waiter<E> waiter) {
        lock().lock();
        try {
            if (!waiter.queued) {
                return false;
            }
            remove(waiter);
            return true;
        } finally {
            lock().unlock();
        }
    }

    /**
     * Waits until the operation of the calling thread has an outcome. If that is WAITING afterwards, the time is over, and the
     * operation will not be done any more.
     *
     * @param waiter of the calling thread, has been told to wait
     * @param nanos the longest time to wait, or {@link Parker#FOREVER}
     * @return the outcome
     * @throws InterruptedException if interrupted before the operation was done; it never will be
     */
    default Outcome await(ThreadWaiter<E> waiter, long nanos) throws InterruptedException {
        Parker.awaitOrGiveUp(waiter, () -> waiter.outcome() != Outcome.WAITING, nanos, () -> cancel(waiter));
        return waiter.outcome();
    }
}
