package dev.heddle.internal.channel;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.Source;
import dev.heddle.internal.Parker;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of {@link Source} in terms of two primitives, for channels in this JVM, those reached over a ring, and
 * subscriptions.
 *
 * @param <E> the type of the elements
 */
public abstract class AbstractSource<E> implements Source<E> {
    /** For subclasses. */
    protected AbstractSource() {}

    /**
     * Receives, waiting at most {@code nanos}.
     *
     * @param nanos more than 0, {@link Parker#FOREVER} for no limit
     * @return what came
     * @throws InterruptedException if interrupted while waiting; no element was taken
     */
    protected abstract Received<E> receive(long nanos) throws InterruptedException;

    @Override
    public E receive() throws InterruptedException {
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
        long nanos = Parker.nanos(timeout);
        return nanos > 0 ? receive(nanos) : tryReceive();
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
    static ChannelClosedException drained(@Nullable Throwable cause) {
        return new ChannelClosedException("the channel is closed and every element has been received", cause);
    }

    static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
