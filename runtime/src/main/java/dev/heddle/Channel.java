package dev.heddle;

import dev.heddle.internal.channel.AbstractChannel;
import java.io.Serializable;

/**
 * How tasks share data: a queue with a {@code send} and a {@code receive} that wait, as Go's channels do. Made by
 * {@link Heddle#channel(int)}, used by any number of senders and receivers, which are served in the order of arrival.
 *
 * <p>Elements are never null. What a sender did before {@code send} is seen by the receiver of that element (a
 * happens-before edge); under {@link Model#PROCESS} the element is a copy.
 *
 * <p>A channel is {@link Serializable} so that a job can capture it: in a worker of the heddle that made it, it is the
 * same channel. Anywhere else reading it back fails with a sentence that says so.
 *
 * @param <E> the type of the elements
 */
public sealed interface Channel<E> extends Source<E>, Sink<E>, Serializable permits AbstractChannel {
    /** {@return how many elements can be sent and not yet received before a sender waits; 0 is a rendezvous} */
    int capacity();

    /** {@return whether the channel has been closed; elements may be left to receive} */
    boolean isClosed();
}
