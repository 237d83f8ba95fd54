package dev.heddle.lab.measure;

import dev.heddle.Model;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.measure.Result.Context;
import dev.heddle.lab.measure.Result.Ending;
import dev.heddle.lab.measure.Result.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes rows and results as if they had been measured. */
public final class Rows {
    public static final long SEED = 42;
    public static final int CPUS = 2;
    private static final long MILLI = 1_000_000;

    private Rows() {}

    public static Sample sample(double millis, double foreignShare, Outcome outcome) {
        return sample(millis, 1, foreignShare, outcome, Scheduling.UNKNOWN);
    }

    /** @param busyCpus how many CPUs it kept busy */
    public static Sample sample(
            double millis, double busyCpus, double foreignShare, Outcome outcome, Scheduling scheduling) {
        long nanos = Math.round(millis * MILLI);
        return new Sample(
                nanos,
                Math.round(nanos * busyCpus),
                100,
                64 << 20,
                20,
                Math.round(2 * nanos * foreignShare),
                2 * nanos,
                outcome.facts(),
                new Latencies(outcome.latencies()),
                scheduling);
    }

    public static Row row(Model model, double... millis) {
        return row(model, 0, Outcome.NOTHING, millis);
    }

    public static Row row(Model model, double foreignShare, Outcome outcome, double... millis) {
        List<Sample> samples = new ArrayList<>();
        for (double time : millis) {
            samples.add(sample(time, foreignShare, outcome));
        }
        return row(model, samples);
    }

    public static Row row(Model model, List<Sample> samples) {
        Summary summary = Summary.of(samples, SEED);
        int processors = model == Model.FIBER ? 1 : 2;
        return new Row(
                model,
                processors,
                new Jvm("Serial", List.of("-Xmx1g")),
                3,
                samples,
                Optional.empty(),
                Optional.of(summary),
                Optional.of(Quality.of(samples, summary, true, processors, CPUS)),
                Lint.all(samples, processors, CPUS));
    }

    public static Row finding(Model model, long... values) {
        List<Sample> samples = new ArrayList<>();
        for (long value : values) {
            samples.add(sample(5, 0, Outcome.NOTHING.finding("final value", value)));
        }
        return row(model, samples);
    }

    public static Table table(String workload, Row... rows) {
        return new Table(
                workload, List.of("some", "<args>"), "does \"it\"", List.of(rows), Verdict.of(List.of(rows), SEED));
    }

    public static Result result(Table... tables) {
        return new Result(
                new Context(
                        "2026-01-01T00:00:00Z",
                        "./heddle compare '</script>' --seed 42",
                        "heddle 1",
                        CPUS,
                        "Linux",
                        "25",
                        List.of(),
                        SEED,
                        10,
                        List.of(Model.values())),
                List.of(tables),
                Ending.COMPLETE,
                Optional.empty());
    }

    public static Fact fact(String name, Object value) {
        return new Fact(name, value, false);
    }
}
