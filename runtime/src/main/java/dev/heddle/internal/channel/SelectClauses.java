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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Select} consists of.
 *
 * @param <R> the type of its result
 */
public final class SelectClauses<R extends @Nullable Object> {
    private final List<Clause<?, R>> clauses = new ArrayList<>();

    /** The numbers of the clauses, as the last draw has left them. */
    private int[] order = {};

    /** Of the channels of all clauses, or null if not known yet. */
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

        @Nullable
        BooleanSupplier condition;

        @SuppressWarnings("unchecked") // whoever implements a channel implements it for its own elements
        Clause(Object channel) {
            if (!(channel instanceof Selectable<?> selectable)) {
                throw new IllegalArgumentException(
                        "a select waits at channels, broadcasts, subscriptions and tickers, of which "
                                + channel.getClass().getName()
                                + " is none: use a channel instead, or have a task pass its elements on to or from one");
            }
            this.channel = (Selectable<E>) selectable;
        }

        boolean isWanted() {
            return condition == null || condition.getAsBoolean();
        }

        Operation operation() {
            return new Operation(channel, element == null ? null : channel.encode(next(element)));
        }

        private static <E> E next(Supplier<? extends E> element) {
            return Objects.requireNonNull(
                    element.get(), "a channel has no null elements: use when to leave a send out");
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
        if (!clauses.isEmpty() && clauses.getFirst().channel.elsewhere() != clause.channel.elsewhere()) {
            throw new IllegalArgumentException("a select in a worker is either among channels of the worker's heddle or"
                    + " among channels made in the worker, such as tickers, since nobody could decide between the two at"
                    + " one moment: use timeout instead of a ticker, or two tasks");
        }
        clauses.add(clause);
        changed();
    }

    private void changed() {
        locks = null;
        order = IntStream.range(0, clauses.size()).toArray();
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
        RemoteSelects remote =
                clauses.isEmpty() ? null : clauses.getFirst().channel.elsewhere();
        Done done = remote == null ? awaitHere() : awaitThere(remote);
        return done == null ? Objects.requireNonNull(whenLate).run() : finish(clauses.get(done.index()), done);
    }

    /** {@return what was done, or null if nothing was in time} */
    private @Nullable Done awaitHere() throws InterruptedException {
        Run run = new Run();
        Selection.Branch branch = run.tryNow(random, order);
        if (branch == null) {
            requireSomething(run.wanted);
            boolean mayWait = nanos > 0;
            branch = run.atOneMoment(locks(), order, mayWait);
            if (branch == null && mayWait) {
                branch = run.await(nanos);
            }
        }
        return branch == null ? null : branch.done();
    }

    private final class Run extends ThreadSelection {
        /** How many clauses were not left out, of those asked. */
        int wanted;

        Run() {
            super(clauses.size());
        }

        @Override
        protected @Nullable Operation operation(int i) {
            Clause<?, R> clause = clauses.get(i);
            if (!clause.isWanted()) {
                return null;
            }
            wanted++;
            return clause.operation();
        }
    }

    private @Nullable Done awaitThere(RemoteSelects remote) throws InterruptedException {
        List<Integer> indices = new ArrayList<>();
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < clauses.size(); i++) {
            if (clauses.get(i).isWanted()) {
                indices.add(i);
                operations.add(clauses.get(i).operation());
            }
        }
        requireSomething(operations.size());
        if (operations.isEmpty()) {
            Parker.await(this, () -> false, nanos);
            return null;
        }
        Done done = remote.select(operations, nanos, random.nextLong());
        return done == null ? null : new Done(indices.get(done.index()), done.outcome(), done.element(), done.cause());
    }

    private void requireSomething(int wanted) {
        if (wanted == 0 && whenLate == null) {
            throw new IllegalStateException("the select has no clause, or all are left out, so it would wait for ever:"
                    + " add a clause, a timeout or otherwise, or ask isOpen() before");
        }
    }

    private R finish(Clause<?, R> clause, Done done) throws InterruptedException {
        if (done.outcome() == Outcome.DONE) {
            clause.channel.wasDone(clause.whenSent != null);
        }
        if (done.outcome() != Outcome.CLOSED) {
            return clause.whenSent != null
                    ? clause.whenSent.run()
                    : clause.received(Objects.requireNonNull(done.element()));
        }
        if (clause.whenClosed != null) {
            clauses.remove(clause);
            changed();
            return clause.whenClosed.closed(done.cause());
        }
        throw clause.whenSent != null ? AbstractSink.notSent(done.cause()) : AbstractSource.drained(done.cause());
    }

    private List<ChannelLock> locks() {
        List<ChannelLock> all = locks;
        if (all == null) {
            all = Selection.locks(
                    clauses.stream().map(clause -> clause.channel.port()).toList());
            locks = all;
        }
        return all;
    }
}
