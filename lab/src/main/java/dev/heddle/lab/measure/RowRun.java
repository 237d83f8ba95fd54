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
    /** Warm-up ends when this many repetitions in succession were no faster than the best so far... */
    private static final int SETTLED_AFTER = 2;

    /** ...by more than this share. */
    private static final double FASTER = 0.95;

    private static final int MOST_WARM_UPS = 10;
    private static final long LONGEST_WARM_UP_NANOS = 3_000_000_000L;

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

    /** Repeats until it no longer gets faster, or 3 s are over, or it was done {@value #MOST_WARM_UPS} times. */
    void warmUp() throws MeasureException, InterruptedException {
        long best = Long.MAX_VALUE;
        long spent = 0;
        int noFaster = 0;
        int count = 0;
        while (noFaster < SETTLED_AFTER && count < MOST_WARM_UPS && (count == 0 || spent < LONGEST_WARM_UP_NANOS)) {
            long nanos = runner.measure().nanos();
            count++;
            noFaster = nanos < FASTER * best ? 0 : noFaster + 1;
            best = Math.min(best, nanos);
            spent += nanos;
        }
        synchronized (this) {
            warmUps = count;
            settled = noFaster >= SETTLED_AFTER || spent >= LONGEST_WARM_UP_NANOS;
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
                summary.map(s -> Quality.of(taken, s, settled, spec.processors(), cpus)));
    }
}
