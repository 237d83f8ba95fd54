package dev.heddle.lab;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What one run of a {@link Workload} has to show beside its time. Immutable: each method returns a new outcome with one
 * thing more.
 */
public final class Outcome {
    /** An outcome with nothing to show. */
    public static final Outcome NOTHING = new Outcome(List.of(), new long[0]);

    private final List<Fact> facts;
    private final long[] latencies;

    private Outcome(List<Fact> facts, long[] latencies) {
        this.facts = facts;
        this.latencies = latencies;
    }

    /**
     * Something found by a run.
     *
     * @param name what it is, in lower case
     * @param value a {@link Long}, a {@link Double} or a {@link String}
     * @param finding whether it is the point of the workload; see {@link Outcome#finding}
     */
    public record Fact(String name, Object value, boolean finding) implements Serializable {}

    /**
     * @param name what it is, in lower case
     * @param value a number; where it differs between repetitions, its range is shown
     * @return an outcome with this one fact
     */
    public static Outcome of(String name, long value) {
        return NOTHING.with(name, value);
    }

    /**
     * @param name what it is, in lower case
     * @param value a text, such as a digest
     * @return an outcome with this one fact
     */
    public static Outcome of(String name, String value) {
        return NOTHING.with(name, value);
    }

    /**
     * @param name what it is, in lower case
     * @param value a number; where it differs between repetitions, its range is shown
     * @return this outcome and one fact more
     */
    public Outcome with(String name, long value) {
        return with(new Fact(name, value, false));
    }

    /**
     * @param name what it is, in lower case
     * @param value a text, such as a digest
     * @return this outcome and one fact more
     */
    public Outcome with(String name, String value) {
        return with(new Fact(name, value, false));
    }

    /**
     * A fact that is the point of the workload: the verdict is then about what was found in each model, and no longer
     * about which was fastest.
     *
     * @param name what it is, in lower case
     * @param value a number
     * @return this outcome and one fact more
     */
    public Outcome finding(String name, long value) {
        return with(new Fact(name, value, true));
    }

    /**
     * @param nanos how long each of the many small things took that the run is made of, such as round trips; their
     *     median, 99th percentile and maximum over all repetitions are shown
     * @return this outcome with these latencies in place of its own
     */
    public Outcome withLatencies(long... nanos) {
        return new Outcome(facts, nanos.clone());
    }

    private Outcome with(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        more.add(fact);
        return new Outcome(List.copyOf(more), latencies);
    }

    /** {@return the facts, in the order in which they were added} */
    public List<Fact> facts() {
        return facts;
    }

    /** {@return the latencies in nanoseconds, none if the workload has none} */
    public long[] latencies() {
        return latencies.clone();
    }
}
