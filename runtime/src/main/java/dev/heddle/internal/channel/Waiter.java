package dev.heddle.internal.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An operation that waits at a {@link Port}, or may come to: of a thread, or of a {@link Selection}, as which a worker's requests
 * are done, too.
 *
 * <p>Invariants: {@code previous}, {@code next} and {@code queued} are guarded by the port's lock. {@code element} of a receiver
 * is written under that lock before the outcome, and read by the waiter after it has read an outcome other than WAITING.
 *
 * @param <E> the type of the elements
 */
public abstract class Waiter<E> {
    /** How an operation ended. */
    public enum Outcome {
        /** It has not. */
        WAITING,
        /** The element was sent, or received. */
        DONE,
        /** The channel is closed. */
        CLOSED,
        /** There was no room for the element, and the channel drops what comes last then. */
        DROPPED
    }

    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(Waiter.class, "outcome", Outcome.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether it sends; if not, it receives. */
    final boolean isSender;

    /** What is to be sent, or what was received. */
    @Nullable
    E element;

    /**
     * Written by whoever ends the operation, which publishes {@link #element}. Volatile and no less, both ways: an unpark of a
     * virtual thread does nothing if it reads that the thread has its permit already, perhaps from an earlier wait; the thread
     * takes the permit, and then looks here. So the write must not be later than that read, nor the look earlier.
     */
    private Outcome outcome = Outcome.WAITING;

    boolean queued;

    @Nullable
    Waiter<E> previous;

    @Nullable
    Waiter<E> next;

    /** Those whose wait this operation ended, linked by {@link #next}. Only of whoever does the operation. */
    @Nullable
    Waiter<E> ended;

    /** @param element what is to be sent; null for a receiver */
    protected Waiter(@Nullable E element) {
        this.element = element;
        this.isSender = element != null;
    }

    /**
     * Whoever is about to end the wait asks first, with the lock held and the waiter out of the queue.
     *
     * @return whether the wait is still to be ended; of the waiters of a select only the first is
     */
    boolean claim() {
        return true;
    }

    /**
     * The outcome has been set. Called once, without a lock, by whoever ended the wait; must be quick, must not wait and must not
     * throw.
     */
    protected abstract void wake();

    /** The operation has been done, and the lock let go. */
    final void wakeEnded() {
        WaiterQueue.wake(ended);
        ended = null;
    }

    final void end(Outcome how) {
        OUTCOME.setVolatile(this, how);
    }

    /** {@return how the operation ended} */
    public final Outcome outcome() {
        return (Outcome) OUTCOME.getVolatile(this);
    }

    /** {@return whether it sends; if not, it receives} */
    public final boolean isSender() {
        return isSender;
    }

    /** {@return what was received, once the outcome is DONE} */
    public final @Nullable E element() {
        return element;
    }
}
