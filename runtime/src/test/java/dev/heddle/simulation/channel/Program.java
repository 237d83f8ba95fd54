package dev.heddle.simulation.channel;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What some threads do to some channels.
 *
 * @param channels how they are made
 * @param threads what each thread does, one after the other
 */
public record Program(List<Kind> channels, List<List<Operation>> threads) {
    /** How a channel is made. */
    public record Kind(int capacity, Overflow overflow) {
        @Override
        public String toString() {
            return "capacity " + capacity + (overflow == Overflow.BLOCK ? "" : " " + overflow);
        }
    }

    /** As {@link dev.heddle.Overflow}, which is loaded twice. */
    public enum Overflow {
        BLOCK,
        DROP_OLDEST,
        DROP_NEWEST,
        FAIL
    }

    /** How long an operation waits. */
    public enum Form {
        NOT,
        FOR_SOME_TIME,
        FOR_EVER
    }

    /** Ends at once, or waits until another thread ends it. */
    public sealed interface Operation {}

    /**
     * Does one of several things, as a select; if there is one clause, it is a plain send or receive.
     *
     * @param nanos the limit of FOR_SOME_TIME
     */
    public record Pass(Form form, long nanos, List<Clause> clauses) implements Operation {
        public boolean selects() {
            return clauses.size() > 1;
        }

        @Override
        public String toString() {
            String what = clauses.stream().map(Clause::toString).collect(Collectors.joining(" or "));
            return switch (form) {
                case NOT -> "try to " + what;
                case FOR_SOME_TIME -> what + " within " + nanos + " ns";
                case FOR_EVER -> what;
            };
        }
    }

    /** @param cause not 0 */
    public record Close(int channel, int cause) implements Operation {
        @Override
        public String toString() {
            return "close " + channel + " for " + cause;
        }
    }

    public record Interrupt(int thread) implements Operation {
        @Override
        public String toString() {
            return "interrupt thread " + thread;
        }
    }

    /** @param element what to send; 0 to receive */
    public record Clause(int channel, int element) {
        public boolean sends() {
            return element != 0;
        }

        @Override
        public String toString() {
            return sends() ? "send " + element + " to " + channel : "receive from " + channel;
        }
    }

    public enum Ending {
        /** It did what one clause says, or closed, or interrupted. */
        DONE,
        /** The channel of a clause is closed. */
        CLOSED,
        /** The channel is full, and fails then. */
        FULL,
        /** It could not be done now, or in time. */
        NOTHING,
        INTERRUPTED
    }

    /**
     * How an operation ended.
     *
     * @param clause of DONE
     * @param value what was received, or what closed the channel; else 0
     */
    public record Result(Ending ending, int clause, int value) {
        public static final Result DONE = new Result(Ending.DONE, 0, 0);
        public static final Result NOTHING = new Result(Ending.NOTHING, 0, 0);
        public static final Result FULL = new Result(Ending.FULL, 0, 0);
        public static final Result INTERRUPTED = new Result(Ending.INTERRUPTED, 0, 0);

        @Override
        public String toString() {
            return ending + (clause == 0 ? "" : ", clause " + clause) + (value == 0 ? "" : ", " + value);
        }
    }

    /** {@return whether a thread is interrupted} */
    public boolean interrupts() {
        return threads.stream().flatMap(List::stream).anyMatch(Interrupt.class::isInstance);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("channels " + channels);
        for (int thread = 0; thread < threads.size(); thread++) {
            text.append("\n  thread ").append(thread).append(": ");
            text.append(threads.get(thread).stream().map(Operation::toString).collect(Collectors.joining("; ")));
        }
        return text.toString();
    }
}
