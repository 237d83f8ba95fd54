package dev.heddle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a {@link Channel}.
 *
 * @param <E> the type of the elements
 */
public interface Sink<E> extends AutoCloseable {
    /**
     * Sends an element, waiting until the channel has room for it or, at capacity 0, until a receiver has taken it. With another
     * {@link Overflow} than BLOCK it does not wait.
     *
     * @param element what to send; under {@link Model#PROCESS} it is copied now
     * @throws ChannelClosedException if the channel is closed; the element was not sent
     * @throws ChannelFullException if the channel is full and fails then; the element was not sent
     * @throws NotTransferableException if the element cannot cross to another process
     * @throws InterruptedException if interrupted while waiting; the element was not sent
     */
    void send(E element) throws InterruptedException;

    /**
     * Sends an element if that is possible without waiting.
     *
     * @param element what to send
     * @return whether it was sent
     * @throws ChannelClosedException if the channel is closed
     * @throws NotTransferableException if the element cannot cross to another process
     */
    boolean trySend(E element);

    /**
     * Sends an element, waiting at most {@code timeout}.
     *
     * @param element what to send
     * @param timeout the longest time to wait; zero or less does not wait
     * @return whether it was sent; if not, it never will be
     * @throws ChannelClosedException if the channel is closed
     * @throws ChannelFullException if the channel is full and fails then
     * @throws NotTransferableException if the element cannot cross to another process
     * @throws InterruptedException if interrupted while waiting; the element was not sent
     */
    boolean send(E element, Duration timeout) throws InterruptedException;

    /**
     * Closes the channel: nothing more can be sent, what has been sent can still be received. Senders that wait get a
     * {@link ChannelClosedException}; receivers that wait see the end. Closing again does nothing.
     */
    @Override
    void close();

    /**
     * Closes the channel because of a failure: the same as {@link #close()}, but receivers, once they have received
     * what was sent before, get a {@link ChannelClosedException} with this cause.
     *
     * @param cause why; null means an ordinary close
     */
    void close(@Nullable Throwable cause);
}
