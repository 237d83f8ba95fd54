package dev.heddle.internal.channel;

import dev.heddle.Select;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Selectable.Done;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Selectable.RemoteSelects;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Select} consists of.
 *
 * @param <R> the type of its result
 */
public final class SelectClauses<R extends @Nullable Object> {
    private final List<Clause<?, R>> clauses = new ArrayList<>();

    /** Of the channels of all clauses, but for those that are elsewhere; null if that has changed. */
    private @Nullable List<ChannelLock> locks;

    private long nanos = Parker.FOREVER;

    /** Null if there is no limit. */
    private Select.@Nullable Then<? extends R> whenLate;

    private SplittableRandom random =
            new SplittableRandom(ThreadLocalRandom.current().nextLong());

    /** A select without clauses. */
    public SelectClauses() {}

    /** One of {@code element} and {@code whenReceived} is null: it either sends or receives. */
    private static final class Clause<E, R extends @Nullable Object> {
        final Selectable<E> channel;

        @Nullable
        Supplier<? extends E> element;

        Select.@Nullable Then<? extends R> whenSent;
        Select.@Nullable OnElement<? super E, ? extends R> whenReceived;
        Select.@Nullable OnClosed<? extends R> whenClosed;
        BooleanSupplier condition = () -> true;

        @SuppressWarnings("unchecked") // whoever implements a channel implements it for its own elements
        Clause(Object channel) {
            this.channel = (Selectable<E>) channel;
        }

        Operation operation() {
            return new Operation(
                    channel,
                    element == null
                            ? null
                            : channel.encode(Objects.requireNonNull(
                                    element.get(), "a channel has no null elements: use when to leave a send out")));
        }

        R received(Object element) throws InterruptedException {
            return Objects.requireNonNull(whenReceived).received(channel.decode(element));
        }
    }

    // ---- as of Select

    public <E> void receive(
            Source<E> source,
            Select.OnElement<? super E, ? extends R> then,
            Select.@Nullable OnClosed<? extends R> closed) {
        Clause<E, R> clause = new Clause<>(Objects.requireNonNull(source));
        clause.whenReceived = Objects.requireNonNull(then);
        clause.whenClosed = closed;
        add(clause);
    }

    public <E> void send(Sink<E> sink, Supplier<? extends E> element, Select.Then<? extends R> then) {
        Clause<E, R> clause = new Clause<>(Objects.requireNonNull(sink));
        clause.element = Objects.requireNonNull(element);
        clause.whenSent = Objects.requireNonNull(then);
        add(clause);
    }

    private void add(Clause<?, R> clause) {
        clauses.add(clause);
        locks = null;
    }

    public void when(BooleanSupplier condition) {
        if (clauses.isEmpty()) {
            throw new IllegalStateException("when is about the clause that was added last, and there is none yet:"
                    + " add a receive or a send first");
        }
        clauses.getLast().condition = Objects.requireNonNull(condition);
    }

    /** @param limit 0 not to wait */
    public void timeout(long limit, Select.Then<? extends R> then) {
        nanos = limit;
        whenLate = Objects.requireNonNull(then);
    }

    public void seed(long seed) {
        random = new SplittableRandom(seed);
    }

    public boolean any() {
        return !clauses.isEmpty();
    }

    public R await() throws InterruptedException {
        AbstractSource.throwIfInterrupted();
        List<Clause<?, R>> wanted = new ArrayList<>(clauses.size());
        List<Operation> operations = new ArrayList<>(clauses.size());
        for (Clause<?, R> clause : clauses) {
            if (clause.condition.getAsBoolean()) {
                wanted.add(clause);
                operations.add(clause.operation());
            }
        }
        if (wanted.isEmpty() && whenLate == null) {
            throw new IllegalStateException("the select has no clause, or all are left out, so it would wait for ever:"
                    + " add a clause, a timeout or otherwise, or ask isOpen() before");
        }
        Done done = select(operations);
        return done == null ? Objects.requireNonNull(whenLate).run() : finish(wanted.get(done.index()), done);
    }

    private R finish(Clause<?, R> clause, Done done) throws InterruptedException {
        if (done.outcome() != Outcome.CLOSED) {
            return clause.whenSent != null
                    ? clause.whenSent.run()
                    : clause.received(Objects.requireNonNull(done.element()));
        }
        if (clause.whenClosed != null) {
            clauses.remove(clause);
            locks = null;
            return clause.whenClosed.closed(done.cause());
        }
        throw clause.whenSent != null ? AbstractChannel.notSent(done.cause()) : AbstractSource.drained(done.cause());
    }

    // ---- the operations

    /** {@return what was done, or null if nothing was in time} */
    private @Nullable Done select(List<Operation> operations) throws InterruptedException {
        RemoteSelects remote = elsewhere(operations);
        if (remote != null) {
            return remote.select(operations, nanos, random.nextLong());
        }
        ThreadSelection selection = new ThreadSelection(operations);
        Selection.Branch branch = selection.tryNow(random);
        if (branch == null && nanos > 0) {
            branch = selection.begin(locks());
            if (branch == null) {
                branch = selection.await(nanos);
            }
        }
        return branch == null ? null : branch.done();
    }

    private static @Nullable RemoteSelects elsewhere(List<Operation> operations) {
        RemoteSelects first =
                operations.isEmpty() ? null : operations.getFirst().channel().elsewhere();
        for (Operation operation : operations) {
            if (operation.channel().elsewhere() != first) {
                throw new IllegalArgumentException(
                        "a select in a worker is either among channels of the worker's heddle or"
                                + " among channels made in the worker, such as tickers, since nobody could decide between the"
                                + " two at one moment: use timeout instead of a ticker, or two tasks");
            }
        }
        return first;
    }

    private List<ChannelLock> locks() {
        List<ChannelLock> all = locks;
        if (all == null) {
            all = Selection.locks(clauses.stream()
                    .map(clause -> clause.channel)
                    .filter(channel -> channel.elsewhere() == null)
                    .map(Selectable::port)
                    .toList());
            locks = all;
        }
        return all;
    }
}
