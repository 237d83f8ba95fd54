package dev.heddle.internal.channel;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Overflow;
import dev.heddle.internal.Parker;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link Channel} in terms of four primitives, for channels in this JVM and those reached over a ring.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractChannel<E> extends AbstractSource<E> implements Channel<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractChannel() {}

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
    protected abstract boolean send(E element, long nanos) throws InterruptedException;

    @Override
    public final void send(E element) throws InterruptedException {
        Objects.requireNonNull(element, "a channel has no null elements");
        throwIfInterrupted();
        send(element, Parker.FOREVER);
    }

    @Override
    public final boolean send(E element, Duration timeout) throws InterruptedException {
        Objects.requireNonNull(element, "a channel has no null elements");
        throwIfInterrupted();
        if (overflow() != Overflow.BLOCK) {
            return send(element, Parker.FOREVER); // never waits
        }
        long nanos = Parker.nanos(timeout);
        return nanos > 0 ? send(element, nanos) : trySend(element);
    }

    @Override
    public final void close() {
        close(null);
    }

    /**
     * @param cause what closed the channel, or null
     * @return the exception for a send
     */
    protected static ChannelClosedException notSent(@Nullable Throwable cause) {
        return new ChannelClosedException(
                "the channel is closed, so the element was not sent: let only the senders close a channel, after the"
                        + " last send",
                cause);
    }

    /** {@return the exception for a send that finds no room, where the overflow policy is {@link Overflow#FAIL}} */
    protected final ChannelFullException full() {
        return new ChannelFullException("the channel is full, with " + capacity() + " elements, and was made with"
                + " Overflow.FAIL, so the element was not sent: use trySend to be told without an exception, or"
                + " Overflow.BLOCK to wait for room");
    }

    /**
     * What stands for the channel in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if this channel cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a channel that was not made by the PROCESS heddle it is used in: make it with"
                        + " channel(capacity) of that heddle");
    }
}
