package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.Lint;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Quality;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Summary;
import dev.heddle.lab.measure.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cell while it is measured. Whatever goes wrong ends this cell, which then says what, and no other. For one thread at a time.
 */
final class CellRun implements AutoCloseable {
    private final Cell cell;
    private final List<Sample> samples = new ArrayList<>();
    private Subject.@Nullable Running running;
    private Jvm jvm = Jvm.NONE;
    private WarmUp warmUp = WarmUp.NONE;
    private Optional<String> missing = Optional.empty();
    private boolean failed;

    CellRun(Cell cell) {
        this.cell = cell;
    }

    private interface Step {
        void on(Subject.Running running) throws MeasureException, InterruptedException;
    }

    void start() {
        try {
            running = cell.subject().start();
        } catch (MeasureException e) {
            end(e);
        }
    }

    void await() throws InterruptedException {
        attempt(started -> jvm = started.await());
    }

    void warmUp(boolean once) throws InterruptedException {
        if (cell.subject().warmsUp()) {
            attempt(started -> warmUp = once ? WarmUp.once(started) : WarmUp.of(started));
        }
    }

    void measure() throws InterruptedException {
        attempt(started -> samples.add(started.measure()));
    }

    private void attempt(Step step) throws InterruptedException {
        Subject.Running started = running;
        if (started != null && missing.isEmpty()) {
            try {
                step.on(started);
            } catch (MeasureException e) {
                end(e);
            }
        }
    }

    private void end(MeasureException e) {
        missing = Optional.of(String.valueOf(e.getMessage()));
        failed = e.kind() != Kind.UNAVAILABLE;
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }

    String label() {
        return cell.label();
    }

    Measured measured(long seed, int cpus) {
        List<Sample> valid = failed ? List.of() : List.copyOf(samples); // what came before a failure is not believed
        Optional<Quality> quality = valid.isEmpty()
                ? Optional.empty()
                : Optional.of(Quality.of(valid, Summary.of(valid, seed), warmUp.settled(), 1, cpus));
        int processors = cell.subject() instanceof HeddleWork work ? work.spec().confinedTo(cpus) : cpus;
        return new Measured(cell, jvm, warmUp, valid, quality, Lint.all(valid, processors, cpus), missing, failed);
    }
}
