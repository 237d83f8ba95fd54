package dev.heddle.internal.channel;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every short run of selects at two channels goes by the words of {@code Select}, written down anew. */
class SelectionRunsTest {
    private static final int STEPS = 5;
    private static final int A = 0;
    private static final int B = 1;

    /** What happens in a run. */
    private enum Step {
        SELECT_FROM_A_OR_B,
        SELECT_TO_B_OR_FROM_A,
        SELECT_FROM_B_OR_TO_A,
        SELECT_TO_OR_FROM_A,
        TRY_SEND_TO_A,
        TRY_SEND_TO_B,
        TRY_RECEIVE_FROM_A,
        TRY_RECEIVE_FROM_B,
        OLDEST_WITHDRAWS,
        NEWEST_WITHDRAWS,
        CLOSE_A
    }

    /** An operation of a select of the model. */
    private record Clause(Run select, int index, int channel, Integer element) {}

    /** A select, and what must have become of it. */
    private static final class Run extends InOrder {
        final List<Clause> clauses = new ArrayList<>();

        /** The only operation that is done, by its place; -1 if none is yet, or none ever will be. */
        int expected = -1;

        Outcome expectedOutcome;
        Integer expectedElement;
        int expectedWoken;
        Branch done;
        int woken;

        Run(List<Operation> operations) {
            super(operations);
        }

        void end(Clause clause, Outcome outcome, Integer element) {
            check(expected == -1);
            expected = clause.index;
            expectedOutcome = outcome;
            expectedElement = element;
        }

        @Override
        protected void wake() {
            check(isDecided());
            woken++;
        }
    }

    /** A channel, in the simplest way there is: whoever has been served is nowhere in it any more. */
    private static final class Model {
        final int capacity;
        final Deque<Integer> buffer = new ArrayDeque<>();
        final List<Clause> waiting = new ArrayList<>();
        boolean closed;

        Model(int capacity) {
            this.capacity = capacity;
        }

        Clause firstWaiting(boolean sends) {
            for (Clause clause : waiting) {
                if ((clause.element != null) == sends) {
                    return clause;
                }
            }
            return null;
        }
    }

    /** Two channels, and their models. */
    private static final class World {
        final List<QueueChannel<Integer>> channels = new ArrayList<>();
        final List<Model> models = new ArrayList<>();
        final List<Run> runs = new ArrayList<>();
        final List<ChannelLock> locks;

        World(int capacity) {
            for (int i = 0; i < 2; i++) {
                channels.add(new QueueChannel<>(capacity));
                models.add(new Model(capacity));
            }
            locks = Selection.locks(channels);
        }

        // ---- the model

        void endWait(Clause clause, Outcome outcome, Integer element) {
            clause.select.end(clause, outcome, element);
            clause.select.expectedWoken = 1;
            leave(clause.select);
        }

        void leave(Run run) {
            models.forEach(model -> model.waiting.removeIf(clause -> clause.select == run));
        }

        Outcome offer(int channel, int element) {
            Model model = models.get(channel);
            if (model.closed) {
                return Outcome.CLOSED;
            }
            Clause receiver = model.firstWaiting(false);
            if (receiver != null) {
                endWait(receiver, Outcome.DONE, element);
                return Outcome.DONE;
            }
            return model.buffer.size() < model.capacity && model.buffer.add(element) ? Outcome.DONE : Outcome.WAITING;
        }

        Integer poll(int channel) {
            Model model = models.get(channel);
            Clause sender = model.firstWaiting(true);
            if (sender != null) {
                model.buffer.add(sender.element);
                endWait(sender, Outcome.DONE, sender.element);
            }
            return model.buffer.poll();
        }

        /** Does the first clause that is possible, in the order of {@code Selection.begin}, or has all wait. */
        void begin(Run run) {
            for (Clause clause : run.clauses) {
                if (clause.element != null) {
                    Outcome outcome = offer(clause.channel, clause.element);
                    if (outcome != Outcome.WAITING) {
                        run.end(clause, outcome, clause.element);
                        return;
                    }
                } else {
                    Integer element = poll(clause.channel);
                    if (element != null || models.get(clause.channel).closed) {
                        run.end(clause, element != null ? Outcome.DONE : Outcome.CLOSED, element);
                        return;
                    }
                }
            }
            run.clauses.forEach(clause -> models.get(clause.channel).waiting.add(clause));
        }

        void close(int channel) {
            Model model = models.get(channel);
            model.closed = true;
            // The words do not say which is told of two clauses of one select.
            for (boolean sends : new boolean[] {false, true}) {
                for (Clause clause = model.firstWaiting(sends); clause != null; clause = model.firstWaiting(sends)) {
                    endWait(clause, Outcome.CLOSED, clause.element);
                }
            }
        }

        // ---- both

        /** Two operations: to send an element there, or, if that is null, to receive. */
        void select(int channel, Integer element, int otherChannel, Integer otherElement) {
            Run run = new Run(List.of(
                    new Operation(channels.get(channel), element),
                    new Operation(channels.get(otherChannel), otherElement)));
            run.clauses.add(new Clause(run, 0, channel, element));
            run.clauses.add(new Clause(run, 1, otherChannel, otherElement));
            runs.add(run);
            begin(run);
            run.done = run.begin(locks);
            checkDone(run);
        }

        void trySend(int channel, int element) {
            Outcome expected = offer(channel, element);
            try {
                check(channels.get(channel).trySend(element) == (expected == Outcome.DONE));
            } catch (ChannelClosedException e) {
                check(expected == Outcome.CLOSED);
            }
        }

        void tryReceive(int channel) {
            Integer expected = poll(channel);
            check(channels.get(channel)
                    .tryReceive()
                    .equals(
                            expected != null
                                    ? new Received.Element<>(expected)
                                    : models.get(channel).closed
                                            ? new Received.Closed<>(null)
                                            : new Received.Empty<>()));
        }

        /** As a thread does that was woken, or has waited for long enough. */
        void withdraw(Run run) {
            leave(run);
            if (run.done == null) {
                run.done = run.withdraw();
            }
            checkDone(run);
        }

        private void checkDone(Run run) {
            if (run.done == null) {
                check(run.expected == -1 || run.expectedWoken == 1);
                return;
            }
            Selectable.Done done = run.done.done();
            check(done.index() == run.expected);
            check(done.outcome() == run.expectedOutcome);
            check(Objects.equals(done.element(), run.expectedElement));
        }

        void checkAll() {
            for (Run run : runs) {
                check(run.woken == run.expectedWoken);
            }
            for (int i = 0; i < 2; i++) {
                check(channels.get(i).size() == models.get(i).buffer.size());
            }
        }
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void everyShortRunGoesByTheWords(int capacity) {
        Step[] steps = new Step[STEPS];
        int kinds = Step.values().length;
        for (int number = 0; number < Math.pow(kinds, STEPS); number++) {
            int rest = number;
            for (int i = 0; i < STEPS; i++) {
                steps[i] = Step.values()[rest % kinds];
                rest /= kinds;
            }
            try {
                replay(new World(capacity), steps);
            } catch (AssertionError e) {
                throw new AssertionError("in the run " + Arrays.toString(steps), e);
            }
        }
    }

    private static void replay(World world, Step[] steps) {
        int element = 0;
        for (Step step : steps) {
            element++;
            switch (step) {
                case SELECT_FROM_A_OR_B -> world.select(A, null, B, null);
                case SELECT_TO_B_OR_FROM_A -> world.select(B, element, A, null);
                case SELECT_FROM_B_OR_TO_A -> world.select(B, null, A, element);
                case SELECT_TO_OR_FROM_A -> world.select(A, element, A, null);
                case TRY_SEND_TO_A -> world.trySend(A, element);
                case TRY_SEND_TO_B -> world.trySend(B, element);
                case TRY_RECEIVE_FROM_A -> world.tryReceive(A);
                case TRY_RECEIVE_FROM_B -> world.tryReceive(B);
                case OLDEST_WITHDRAWS -> withdrawFirst(world, world.runs.iterator());
                case NEWEST_WITHDRAWS ->
                    withdrawFirst(world, world.runs.reversed().iterator());
                case CLOSE_A -> {
                    world.close(A);
                    world.channels.get(A).close();
                }
            }
            world.checkAll();
        }
        world.runs.forEach(world::withdraw);
        world.checkAll();
    }

    private static void withdrawFirst(World world, Iterator<Run> runs) {
        if (runs.hasNext()) {
            world.withdraw(runs.next());
        }
    }

    /** Quicker than AssertJ, for millions of checks. */
    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("not by the words");
        }
    }
}
