package dev.heddle.internal.channel;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.internal.Parker;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link Channel} in terms of four primitives, for channels in this JVM and those reached over a ring.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractChannel<E> implements Channel<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractChannel() {}

    /**
     * Sends, waiting at most {@code nanos}.
     *
     * @param element not null
     * @param nanos more than 0, {@link Parker#FOREVER} for no limit
     * @return whether it was sent
     * @throws ChannelClosedException if the channel is closed
     * @throws InterruptedException if interrupted while waiting; the element was not sent
     */
    protected abstract boolean send(E element, long nanos) throws InterruptedException;

    /**
     * Receives, waiting at most {@code nanos}.
     *
     * @param nanos more than 0, {@link Parker#FOREVER} for no limit
     * @return what came
     * @throws InterruptedException if interrupted while waiting; no element was taken
     */
    protected abstract Received<E> receive(long nanos) throws InterruptedException;

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
        long nanos = nanos(timeout);
        return nanos > 0 ? send(element, nanos) : trySend(element);
    }

    @Override
    public final E receive() throws InterruptedException {
        throwIfInterrupted();
        return switch (receive(Parker.FOREVER)) {
            case Received.Element<E>(E value) -> value;
            case Received.Closed<E>(Throwable cause) -> throw drained(cause);
            case Received.Empty<E> e -> throw new AssertionError("a receive without limit timed out");
        };
    }

    @Override
    public final Received<E> receive(Duration timeout) throws InterruptedException {
        throwIfInterrupted();
        long nanos = nanos(timeout);
        return nanos > 0 ? receive(nanos) : tryReceive();
    }

    @Override
    public final void close() {
        close(null);
    }

    @Override
    public final Iterator<E> iterator() {
        return new Iterator<>() {
            private @Nullable E next;
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (next == null && !ended) {
                    next = receiveNext();
                    ended = next == null;
                }
                return next != null;
            }

            @Override
            public E next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the channel is closed and drained");
                }
                E element = Objects.requireNonNull(next);
                next = null;
                return element;
            }
        };
    }

    private @Nullable E receiveNext() {
        try {
            throwIfInterrupted();
            return switch (receive(Parker.FOREVER)) {
                case Received.Element<E>(E value) -> value;
                case Received.Closed<E>(Throwable cause) -> {
                    if (cause != null) {
                        throw drained(cause);
                    }
                    yield null;
                }
                case Received.Empty<E> e -> throw new AssertionError("a receive without limit timed out");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for an element");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    /**
     * @param cause what closed the channel, or null
     * @return the exception for a receive
     */
    private static ChannelClosedException drained(@Nullable Throwable cause) {
        return new ChannelClosedException("the channel is closed and every element has been received", cause);
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

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? 0 : Parker.FOREVER; // beyond 292 years
        }
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
