package dev.heddle;

import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.SelectClauses;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until one of several channel operations is possible, and does that one: Go's {@code select}.
 *
 * <pre>{@code
 * Select<Boolean> next = new Select<Boolean>()
 *         .receive(orders, order -> serve(order))
 *         .send(reports, () -> report(), () -> true)
 *         .timeout(Duration.ofSeconds(1), () -> false);
 * while (next.await()) {}
 * }</pre>
 *
 * <p>If several operations are possible, each has the same chance, so that none starves; Go has the same rule. There is no order
 * of clauses, and no task or thread is started. It is made once and may be awaited any number of times; one that is awaited by
 * two threads at once is an error that is not noticed. The code of a clause runs in {@link #await}, on the caller's thread,
 * after the operation is done, so it may take long and may itself use channels.
 *
 * <p>Channels, broadcasts, subscriptions and tickers of any heddles of this JVM can be mixed, whatever their model. Inside of a
 * worker of {@link Model#PROCESS}, those of its heddle can, and those that were made in the worker, but not both in one select.
 *
 * @param <R> what {@link #await} returns
 */
public final class Select<R extends @Nullable Object> {
    private final SelectClauses<R> clauses = new SelectClauses<>();

    /** A select without clauses. */
    public Select() {}

    /**
     * What to do with an element that was received.
     *
     * @param <E> the type of the element
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface OnElement<E, R extends @Nullable Object> {
        /**
         * @param element what was received
         * @return the result of {@link Select#await}
         * @throws InterruptedException if interrupted while waiting for something else
         */
        R received(E element) throws InterruptedException;
    }

    /**
     * What to do once a channel is closed and drained.
     *
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface OnClosed<R extends @Nullable Object> {
        /**
         * @param cause the failure that closed the channel, or null after an ordinary close
         * @return the result of {@link Select#await}
         * @throws InterruptedException if interrupted while waiting for something else
         */
        R closed(@Nullable Throwable cause) throws InterruptedException;
    }

    /**
     * What to do after an element was sent, or instead of it.
     *
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface Then<R extends @Nullable Object> {
        /**
         * @return the result of {@link Select#await}
         * @throws InterruptedException if interrupted while waiting for something else
         */
        R run() throws InterruptedException;
    }

    /**
     * Adds a receive. If the source is closed and drained, {@link #await} may choose this clause, and throws then.
     *
     * @param source from where
     * @param then what to do with the element
     * @return this
     * @param <E> the type of its elements
     * @throws IllegalArgumentException if it was not made by a heddle, or in a worker, where the channels cannot be mixed
     */
    public <E> Select<R> receive(Source<E> source, OnElement<? super E, ? extends R> then) {
        clauses.receive(source, then, null);
        return this;
    }

    /**
     * Adds a receive that copes with a source that has been closed and drained. That is told once, as far as this select goes;
     * then the clause is left out, so that the others get their turn.
     *
     * @param source from where
     * @param then what to do with the element
     * @param closed what to do at the end
     * @return this
     * @param <E> the type of its elements
     */
    public <E> Select<R> receive(
            Source<E> source, OnElement<? super E, ? extends R> then, OnClosed<? extends R> closed) {
        clauses.receive(source, then, closed);
        return this;
    }

    /**
     * Adds a send. If the sink is closed, {@link #await} may choose this clause, and throws then.
     *
     * @param sink where to
     * @param element asked for the element in each {@link #await}, once at most, whether or not that will send it
     * @param then what to do when it has been sent, or dropped by an {@link Overflow} policy; a channel that is full and fails
     *     then is waited for
     * @return this
     * @param <E> the type of its elements
     */
    public <E> Select<R> send(Sink<E> sink, Supplier<? extends E> element, Then<? extends R> then) {
        clauses.send(sink, element, then);
        return this;
    }

    /**
     * Leaves out the clause that was added last in each {@link #await} at whose beginning the condition does not hold; what Go
     * programs do by a channel that is nil.
     *
     * @param condition asked by each await, once at most
     * @return this
     * @throws IllegalStateException if there is no receive or send yet
     */
    public Select<R> when(BooleanSupplier condition) {
        clauses.when(condition);
        return this;
    }

    /**
     * What {@link #await} does if no operation is possible at once: Go's {@code default}. It then never waits. Replaces an earlier
     * one and a {@link #timeout}.
     *
     * @param then what to do
     * @return this
     */
    public Select<R> otherwise(Then<? extends R> then) {
        clauses.timeout(0, then);
        return this;
    }

    /**
     * What {@link #await} does if no operation has become possible in a time. Replaces an earlier one and {@link #otherwise}.
     *
     * @param timeout the longest time to wait; zero or less does not wait
     * @param then what to do
     * @return this
     */
    public Select<R> timeout(Duration timeout, Then<? extends R> then) {
        clauses.timeout(Parker.nanos(timeout), then);
        return this;
    }

    /**
     * Makes the choices among operations that are possible repeatable, for tests.
     *
     * @param seed decides them
     * @return this
     */
    public Select<R> seed(long seed) {
        clauses.seed(seed);
        return this;
    }

    /**
     * {@return whether there is a clause left} Not, if every receive has come to its end; see
     * {@link #receive(Source, OnElement, OnClosed)}.
     */
    public boolean isOpen() {
        return clauses.any();
    }

    /**
     * Does one of the operations, waiting until one is possible, and then what its clause says.
     *
     * @return what the clause returned
     * @throws ChannelClosedException if the operation's channel is closed and the clause does not say what to do then
     * @throws DeadlockException as other waits
     * @throws IllegalStateException if all clauses are left out, and there is neither {@link #otherwise} nor {@link #timeout}: it
     *     would wait for ever
     * @throws NotTransferableException under {@link Model#PROCESS}, if an element to send cannot cross to another process
     * @throws IllegalArgumentException in a worker, if there are more than 65,536 clauses on channels of its heddle
     * @throws InterruptedException if interrupted while waiting; no operation was done then. Or by the clause's code
     */
    public R await() throws InterruptedException {
        return clauses.await();
    }
}
