package dev.heddle;

import dev.heddle.internal.channel.AbstractChannel;
import dev.heddle.internal.channel.Ticks;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

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
    /** The capacity of a channel that has room for all elements, as far as there is memory. */
    int UNLIMITED = Integer.MAX_VALUE;

    /** {@return how many elements can be sent and not yet received before a sender waits; 0 is a rendezvous} */
    int capacity();

    /** {@return what a send does that finds no room} */
    Overflow overflow();

    /**
     * {@return how many elements have been sent and not yet received} An estimate, out of date at once where others use the
     * channel: to decide by it whether to send or receive is a race, for which {@link #trySend} and {@link #tryReceive} exist.
     */
    int size();

    /** {@return whether the channel has been closed; elements may be left to receive} */
    boolean isClosed();

    /**
     * Makes a channel that gets one element, the time of then, after a delay, and is closed after it; Go's {@code time.After}.
     * For a limit on a {@link Select}, {@link Select#timeout} costs less.
     *
     * @param delay how long to wait; zero or less does not wait
     * @return the channel, of this JVM only; to close it earlier cancels the timer
     */
    static Channel<Instant> after(Duration delay) {
        return Ticks.after(delay);
    }

    /**
     * Makes a channel that gets the time again and again; Go's {@code time.Tick}. Ticks do not add up: it holds at most one that
     * nobody has received, and those that come meanwhile are dropped. Nor do they drift: the n-th is due at n periods from now.
     *
     * @param period the time between two ticks, and before the first
     * @return the channel, of this JVM only; it ticks until it is closed, or nobody has it any more
     * @throws IllegalArgumentException if the period is not positive
     */
    static Channel<Instant> every(Duration period) {
        return Ticks.every(period);
    }
}
