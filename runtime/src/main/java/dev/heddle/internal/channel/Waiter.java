package dev.heddle.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * A sender or receiver that waits at a {@link QueueChannel}: a thread, or a worker's request that is answered later.
 *
 * <p>Invariants: {@code previous}, {@code next} and {@code queued} are guarded by the channel's lock. {@code element} of
 * a receiver is written under that lock before {@code outcome}, and read by the waiter after it has read an outcome
 * other than WAITING.
 *
 * @param <E> the type of the elements
 */
public abstract class Waiter<E> {
    /** How the wait ended. */
    public enum Outcome {
        /** It has not. */
        WAITING,
        /** The element was sent, or received. */
        DONE,
        /** The channel was closed. */
        CLOSED
    }

    /** What is to be sent, or what was received. */
    @Nullable
    E element;

    volatile Outcome outcome = Outcome.WAITING;

    boolean queued;

    @Nullable
    Waiter<E> previous;

    @Nullable
    Waiter<E> next;

    /** @param element what is to be sent; null for a receiver */
    protected Waiter(@Nullable E element) {
        this.element = element;
    }

    /**
     * The outcome has been set. Called once, without the channel's lock, by whoever completed the wait; must be quick,
     * must not wait and must not throw.
     */
    protected abstract void wake();

    /** {@return how the wait ended} */
    public final Outcome outcome() {
        return outcome;
    }

    /** {@return what was received, once the outcome is DONE} */
    public final @Nullable E element() {
        return element;
    }
}
