package dev.heddle.lab.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row while it is being measured. One thread measures; any thread may take a {@link #snapshot}, as the one that
 * writes the partial result after Ctrl-C does. Invariant: fields that a snapshot reads are written and read under the
 * monitor.
 */
final class RowRun {
    private final Spec spec;
    private final Runner runner;
    private final List<Sample> samples = new ArrayList<>();
    private Jvm jvm = Jvm.NONE;
    private int warmUps;
    private boolean settled;
    private Optional<String> unavailable = Optional.empty();

    RowRun(Spec spec, Runner runner) {
        this.spec = spec;
        this.runner = runner;
    }

    Spec spec() {
        return spec;
    }

    Runner runner() {
        return runner;
    }

    synchronized void opened(Jvm jvm) {
        this.jvm = jvm;
    }

    synchronized void unavailable(String why) {
        unavailable = Optional.of(why);
    }

    synchronized boolean isAvailable() {
        return unavailable.isEmpty();
    }

    /** As {@link WarmUp} says. */
    void warmUp() throws MeasureException, InterruptedException {
        WarmUp done = WarmUp.of(runner);
        synchronized (this) {
            warmUps = done.count();
            settled = done.settled();
        }
    }

    void measure() throws MeasureException, InterruptedException {
        Sample sample = runner.measure();
        synchronized (this) {
            samples.add(sample);
        }
    }

    synchronized Row snapshot(long seed, int cpus) {
        List<Sample> taken = List.copyOf(samples);
        Optional<Summary> summary = taken.isEmpty() ? Optional.empty() : Optional.of(Summary.of(taken, seed));
        return new Row(
                spec.model(),
                spec.processors(),
                jvm,
                warmUps,
                taken,
                unavailable,
                summary,
                summary.map(s -> Quality.of(taken, s, settled, spec.processors(), cpus)),
                Lint.all(taken, spec.confinedTo(cpus), cpus));
    }
}
