package dev.heddle.simulation.channel;

import dev.heddle.simulation.channel.Event.Call;
import dev.heddle.simulation.channel.Event.End;
import dev.heddle.simulation.channel.Event.Rest;
import dev.heddle.simulation.channel.Event.Return;
import dev.heddle.simulation.channel.Event.Wait;
import dev.heddle.simulation.channel.Program.Clause;
import dev.heddle.simulation.channel.Program.Close;
import dev.heddle.simulation.channel.Program.Ending;
import dev.heddle.simulation.channel.Program.Form;
import dev.heddle.simulation.channel.Program.Interrupt;
import dev.heddle.simulation.channel.Program.Kind;
import dev.heddle.simulation.channel.Program.Operation;
import dev.heddle.simulation.channel.Program.Pass;
import dev.heddle.simulation.channel.Program.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What channels are to do, written such that it is plainly right: each step of an operation is one indivisible step here.
 *
 * <p>An operation first looks whether its thread was interrupted, unless it is a mere try; then it is done, together with one that waits on
 * the other side, or joins the queues; if it waits, another ends it, or its time is over, or it sees an interrupt. A history is
 * right if there is a time for each of these steps, between the call and the return of its operation, such that all the steps,
 * one after the other, have the same results. That is linearizability, with two or three points for an operation that waits.
 * What could not be so at a {@link Wait} or {@link Rest} is wrong, too: a thread that waits is in the queues or woken; and at rest
 * nobody waits who could go on.
 *
 * <p>Approach: all states in which the model may be are kept, and lose those that contradict the next event. That is an automaton
 * whose states are sets of states of the model, made as they are needed, for all histories of a program.
 */
final class ChannelModel {
    private final Program program;
    private final Map<Set<String>, Possible> known = new HashMap<>();
    private final Possible start;
    private Possible now;

    ChannelModel(Program program) {
        this.program = program;
        State state = new State(program);
        start = possible(List.of(state));
        now = start;
    }

    /** All states in which the model may be, and what comes after them. */
    private record Possible(Collection<State> states, Map<Event, Possible> next) {}

    /** A history begins. */
    void restart() {
        now = start;
    }

    /**
     * The history goes on.
     *
     * @return what is wrong, if anything is
     */
    Optional<String> see(Event event) {
        Possible before = now;
        now = before.next.computeIfAbsent(event, this::after);
        if (!now.states.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(before.states.stream()
                .map(State::toString)
                .collect(Collectors.joining(
                        "\n  ", "cannot be: " + event + "; before it, the model is one of\n  ", "")));
    }

    private Possible after(Event event) {
        return possible(
                switch (event) {
                    case Call call -> change(now.states, state -> state.call(call.thread(), call.index()));
                    case Wait wait -> keep(state -> state.of(wait.thread()).hasBegun());
                    case Return end ->
                        change(
                                keep(state -> end.result().equals(state.of(end.thread()).result)),
                                state -> state.of(end.thread()).result = null);
                    case End end -> keep(state -> state.of(end.thread()).interrupted == end.interrupted());
                    case Rest rest -> keep(State::mayRest);
                });
    }

    private List<State> keep(Predicate<State> right) {
        return now.states.stream().filter(right).toList();
    }

    private static List<State> change(Collection<State> states, Consumer<State> change) {
        return states.stream()
                .map(state -> {
                    State copy = state.copy();
                    change.accept(copy);
                    return copy;
                })
                .toList();
    }

    /** {@return the states, and all that steps lead to} */
    private Possible possible(Collection<State> from) {
        Map<String, State> found = new HashMap<>();
        ArrayDeque<State> queue = new ArrayDeque<>(from);
        while (!queue.isEmpty()) {
            State state = queue.poll();
            if (found.putIfAbsent(state.key(), state) == null) {
                for (int thread = 0; thread < program.threads().size(); thread++) {
                    state.step(thread, queue);
                }
            }
        }
        return known.computeIfAbsent(
                Set.copyOf(found.keySet()), keys -> new Possible(List.copyOf(found.values()), new HashMap<>()));
    }

    private enum Phase {
        /** It looks whether its thread was interrupted. */
        CALLED,
        BEGINS,
        WAITS,
        /** Its time is over, or it has seen an interrupt. */
        LEAVES,
        ENDED
    }

    /** A thread, and its operation. */
    private static final class Caller {
        int index;
        Operation operation;
        Phase phase = Phase.ENDED;
        Result result;
        boolean interrupted;

        /** How it ends, if it leaves and nobody else ends it first. */
        Result leaves;

        Caller copy() {
            Caller copy = new Caller();
            copy.index = index;
            copy.operation = operation;
            copy.phase = phase;
            copy.result = result;
            copy.interrupted = interrupted;
            copy.leaves = leaves;
            return copy;
        }

        /** Whether others can end it, or have done so. */
        boolean hasBegun() {
            return phase.compareTo(Phase.WAITS) >= 0;
        }

        boolean isIdle() {
            return phase == Phase.ENDED && result == null;
        }

        void leave(Result how) {
            phase = Phase.LEAVES;
            leaves = how;
        }

        void end(Result how) {
            interrupted |= Result.INTERRUPTED.equals(leaves) && !Result.INTERRUPTED.equals(how);
            phase = Phase.ENDED;
            result = how;
            leaves = null;
        }

        void addTo(StringBuilder key) {
            if (phase != Phase.ENDED) {
                key.append(index);
            }
            key.append(phase.name().charAt(0)).append(interrupted);
            for (Result some : Arrays.asList(result, leaves)) {
                if (some != null) {
                    key.append(some.ending().name().charAt(0))
                            .append(some.clause())
                            .append(',')
                            .append(some.value());
                }
                key.append(';');
            }
        }

        @Override
        public String toString() {
            return (phase == Phase.ENDED ? result == null ? "idle" : result.toString() : operation + " " + phase)
                    + (leaves == null ? "" : ", leaves " + leaves)
                    + (interrupted ? ", interrupted" : "");
        }
    }

    /** A clause of a thread's operation that waits at a channel. */
    private record Waiter(int thread, int clause) {
        @Override
        public String toString() {
            return "thread " + thread + (clause == 0 ? "" : ", clause " + clause);
        }
    }

    private static final class Chan {
        final Kind kind;
        final List<Integer> buffer = new ArrayList<>();
        final List<Waiter> senders = new ArrayList<>();
        final List<Waiter> receivers = new ArrayList<>();
        boolean closed;
        int cause;

        Chan(Kind kind) {
            this.kind = kind;
        }

        Chan copy() {
            Chan copy = new Chan(kind);
            copy.buffer.addAll(buffer);
            copy.senders.addAll(senders);
            copy.receivers.addAll(receivers);
            copy.closed = closed;
            copy.cause = cause;
            return copy;
        }

        List<Waiter> waiters() {
            List<Waiter> all = new ArrayList<>(receivers);
            all.addAll(senders);
            return all;
        }

        void addTo(StringBuilder key) {
            key.append(cause);
            buffer.forEach(element -> key.append(',').append(element.intValue()));
            for (List<Waiter> queue : List.of(senders, receivers)) {
                key.append(';');
                queue.forEach(waiter -> key.append(waiter.thread)
                        .append('.')
                        .append(waiter.clause)
                        .append(','));
            }
            key.append(';');
        }

        @Override
        public String toString() {
            return (closed ? "closed for " + cause + ", " : "") + "has " + buffer + ", senders " + senders
                    + ", receivers " + receivers;
        }
    }

    private static final class State {
        private final Program program;
        private final Chan[] channels;
        private final Caller[] callers;

        State(Program program) {
            this.program = program;
            channels = program.channels().stream().map(Chan::new).toArray(Chan[]::new);
            callers = program.threads().stream().map(list -> new Caller()).toArray(Caller[]::new);
        }

        private State(State other) {
            program = other.program;
            channels = other.channels.clone();
            Arrays.setAll(channels, i -> channels[i].copy());
            callers = other.callers.clone();
            Arrays.setAll(callers, i -> callers[i].copy());
        }

        State copy() {
            return new State(this);
        }

        Caller of(int thread) {
            return callers[thread];
        }

        void call(int thread, int index) {
            Caller me = callers[thread];
            me.index = index;
            me.operation = program.threads().get(thread).get(index);
            boolean looks = me.operation instanceof Pass pass && (pass.form() != Form.NOT || pass.selects());
            me.phase = looks && program.interrupts() ? Phase.CALLED : Phase.BEGINS;
        }

        boolean mayRest() {
            return Arrays.stream(callers)
                    .allMatch(caller -> caller.phase == Phase.WAITS ? !caller.interrupted : caller.isIdle());
        }

        /** Adds the states to which a step of the thread leads. */
        void step(int thread, Collection<State> next) {
            switch (callers[thread].phase) {
                case CALLED -> {
                    State changed = copy();
                    if (callers[thread].interrupted) {
                        changed.callers[thread].interrupted = false;
                        changed.end(thread, Result.INTERRUPTED);
                    } else {
                        changed.callers[thread].phase = Phase.BEGINS;
                    }
                    next.add(changed);
                }
                case BEGINS -> begin(thread, next);
                case WAITS -> {
                    if (callers[thread].interrupted) {
                        State changed = copy();
                        changed.callers[thread].interrupted = false;
                        changed.callers[thread].leave(Result.INTERRUPTED);
                        next.add(changed);
                    }
                    if (((Pass) callers[thread].operation).form() == Form.FOR_SOME_TIME) {
                        State changed = copy();
                        changed.callers[thread].leave(Result.NOTHING);
                        next.add(changed);
                    }
                }
                case LEAVES -> leave(thread, next);
                case ENDED -> {}
            }
        }

        /** A select leaves one channel after the other, and one that it has not left may still end it. */
        private void leave(int thread, Collection<State> next) {
            boolean any = false;
            for (int i = 0; i < channels.length; i++) {
                for (Waiter waiter : channels[i].waiters()) {
                    if (waiter.thread == thread) {
                        State changed = copy();
                        changed.channels[i].senders.remove(waiter);
                        changed.channels[i].receivers.remove(waiter);
                        next.add(changed);
                        any = true;
                    }
                }
            }
            if (!any) {
                State changed = copy();
                changed.end(thread, howItLeaves(thread));
                next.add(changed);
            }
        }

        /** {@return the result} A receive that is late looks once more whether the channel is closed. */
        private Result howItLeaves(int thread) {
            Pass pass = (Pass) callers[thread].operation;
            Clause clause = pass.clauses().getFirst();
            Chan channel = channels[clause.channel()];
            boolean isLate = callers[thread].leaves.equals(Result.NOTHING);
            return isLate && !pass.selects() && !clause.sends() && channel.closed && channel.buffer.isEmpty()
                    ? closed(channel)
                    : callers[thread].leaves;
        }

        private void begin(int thread, Collection<State> next) {
            switch (callers[thread].operation) {
                case Pass pass -> pass(thread, pass, next);
                case Close(int channel, int cause) -> {
                    State changed = copy();
                    changed.close(changed.channels[channel], cause);
                    changed.end(thread, Result.DONE);
                    next.add(changed);
                }
                case Interrupt(int other) -> {
                    State changed = copy();
                    changed.callers[other].interrupted = true;
                    changed.end(thread, Result.DONE);
                    next.add(changed);
                }
            }
        }

        private void pass(int thread, Pass pass, Collection<State> next) {
            boolean any = false;
            for (int i = 0; i < pass.clauses().size(); i++) {
                State changed = copy();
                Result result = changed.tryClause(pass, i);
                if (result != null) {
                    changed.end(thread, result);
                    next.add(changed);
                    any = true;
                }
            }
            if (!any) {
                State changed = copy();
                if (pass.form() == Form.NOT) {
                    changed.end(thread, Result.NOTHING);
                } else {
                    changed.wait(thread, pass);
                }
                next.add(changed);
            }
        }

        /** {@return how it went, or null if it would wait} */
        private Result tryClause(Pass pass, int number) {
            Clause clause = pass.clauses().get(number);
            Chan channel = channels[clause.channel()];
            return clause.sends() ? trySend(channel, clause.element(), number, pass) : tryReceive(channel, number);
        }

        private Result trySend(Chan channel, int element, int number, Pass pass) {
            if (channel.closed) {
                return closed(channel);
            }
            Result done = new Result(Ending.DONE, number, 0);
            if (!channel.receivers.isEmpty()) {
                Waiter receiver = channel.receivers.getFirst();
                end(receiver.thread, new Result(Ending.DONE, receiver.clause, element));
                return done;
            }
            if (channel.buffer.size() < channel.kind.capacity()) {
                channel.buffer.add(element);
                return done;
            }
            return switch (channel.kind.overflow()) {
                case BLOCK -> null;
                case DROP_OLDEST -> {
                    channel.buffer.removeFirst();
                    channel.buffer.add(element);
                    yield done;
                }
                case DROP_NEWEST -> pass.form() == Form.FOR_EVER || pass.selects() ? done : Result.NOTHING;
                case FAIL -> pass.form() == Form.NOT || pass.selects() ? null : Result.FULL;
            };
        }

        private Result tryReceive(Chan channel, int number) {
            if (!channel.senders.isEmpty()) {
                Waiter sender = channel.senders.getFirst();
                Pass pass = (Pass) callers[sender.thread].operation;
                channel.buffer.add(pass.clauses().get(sender.clause).element());
                end(sender.thread, new Result(Ending.DONE, sender.clause, 0));
            }
            if (!channel.buffer.isEmpty()) {
                return new Result(Ending.DONE, number, channel.buffer.removeFirst());
            }
            return channel.closed ? closed(channel) : null;
        }

        private static Result closed(Chan channel) {
            return new Result(Ending.CLOSED, 0, channel.cause);
        }

        private void wait(int thread, Pass pass) {
            callers[thread].phase = Phase.WAITS;
            for (int i = 0; i < pass.clauses().size(); i++) {
                Clause clause = pass.clauses().get(i);
                Chan channel = channels[clause.channel()];
                (clause.sends() ? channel.senders : channel.receivers).add(new Waiter(thread, i));
            }
        }

        private void close(Chan channel, int cause) {
            if (channel.closed) {
                return;
            }
            channel.closed = true;
            channel.cause = cause;
            channel.waiters().forEach(waiter -> end(waiter.thread, closed(channel)));
        }

        private void end(int thread, Result result) {
            leaveQueues(thread);
            callers[thread].end(result);
        }

        private void leaveQueues(int thread) {
            for (Chan channel : channels) {
                channel.senders.removeIf(waiter -> waiter.thread == thread);
                channel.receivers.removeIf(waiter -> waiter.thread == thread);
            }
        }

        /** {@return a text that only equal states of the program have} */
        String key() {
            StringBuilder key = new StringBuilder();
            for (Chan channel : channels) {
                channel.addTo(key);
            }
            for (Caller caller : callers) {
                caller.addTo(key);
            }
            return key.toString();
        }

        @Override
        public String toString() {
            return "channels " + Arrays.toString(channels) + ", threads " + Arrays.toString(callers);
        }
    }
}
