package dev.heddle;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CancellationException;

/**
 * The receiving side of a {@link Channel}.
 *
 * @param <E> the type of the elements
 */
public interface Source<E> extends Iterable<E> {
    /**
     * Takes the next element, waiting for one as long as the channel is open.
     *
     * @return the element
     * @throws ChannelClosedException if the channel is closed and every element has been received
     * @throws InterruptedException if interrupted while waiting; no element is lost then
     */
    E receive() throws InterruptedException;

    /** {@return the next element if there is one now, else whether the channel is empty or closed} Never waits. */
    Received<E> tryReceive();

    /**
     * Takes the next element, waiting at most {@code timeout}.
     *
     * @param timeout the longest time to wait; zero or less does not wait
     * @return the element, or {@link Received.Empty} after the time-out, or {@link Received.Closed}
     * @throws InterruptedException if interrupted while waiting; no element is lost then
     */
    Received<E> receive(Duration timeout) throws InterruptedException;

    /**
     * An iterator that receives: {@code for (E e : source)} takes elements until the channel is closed and drained.
     * Several iterators share the elements among them. If the thread is interrupted while waiting, {@code hasNext}
     * throws {@link CancellationException} and leaves the interrupt flag set. A channel closed with a cause ends the
     * iteration with a {@link ChannelClosedException}.
     *
     * @return an iterator for one thread
     */
    @Override
    Iterator<E> iterator();
}
