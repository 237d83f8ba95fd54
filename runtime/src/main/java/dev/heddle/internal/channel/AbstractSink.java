package dev.heddle.internal.channel;

import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Overflow;
import dev.heddle.Sink;
import dev.heddle.internal.Parker;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link Sink} in terms of three primitives, as {@link AbstractSource} is for the other side. An interface, since a
 * channel is both.
 *
 * @param <E> the type of the elements
 */
public interface AbstractSink<E> extends Sink<E> {
    /**
     * Sends, waiting at most {@code nanos}.
     *
     * @param element not null
     * @param nanos more than 0, {@link Parker#FOREVER} for no limit
     * @return whether it was sent; not, if the time is over or the channel drops it
     * @throws ChannelClosedException if the channel is closed
     * @throws ChannelFullException if the channel is full and fails then
     * @throws InterruptedException if interrupted while waiting; the element was not sent
     */
    boolean send(E element, long nanos) throws InterruptedException;

    /** {@return what a send does that finds no room} */
    Overflow overflow();

    @Override
    default void send(E element) throws InterruptedException {
        Objects.requireNonNull(element, "a channel has no null elements");
        AbstractSource.throwIfInterrupted();
        send(element, Parker.FOREVER);
    }

    @Override
    default boolean send(E element, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(element, "a channel has no null elements");
        AbstractSource.throwIfInterrupted();
        if (overflow() != Overflow.BLOCK) {
            return send(element, Parker.FOREVER); // never waits
        }
        long nanos = Parker.nanos(timeout);
        return nanos > 0 ? send(element, nanos) : trySend(element);
    }

    @Override
    default void close() {
        close(null);
    }

    /**
     * @param cause what closed the channel, or null
     * @return the exception for a send
     */
    static ChannelClosedException notSent(@Nullable Throwable cause) {
        return new ChannelClosedException(
                "the channel is closed, so the element was not sent: let only the senders close a channel, after the"
                        + " last send",
                cause);
    }

    /**
     * @param capacity of the channel
     * @return the exception for a send that finds no room, where the overflow policy is {@link Overflow#FAIL}
     */
    static ChannelFullException full(int capacity) {
        return new ChannelFullException("the channel is full, with " + capacity + " elements, and was made with"
                + " Overflow.FAIL, so the element was not sent: use trySend to be told without an exception, or"
                + " Overflow.BLOCK to wait for room");
    }
}
