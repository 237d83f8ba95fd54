package dev.heddle.lab.measure;

import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import dev.heddle.lab.measure.MeasureException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A JVM that measures one row, one repetition at a time, so that memory, processor time, context switches and threads
 * are that row's alone. It is the only worker of a heddle of the PROCESS model, and measuring is a job like any other:
 * a runner that dies is noticed as any worker's death is.
 *
 * <p>For one thread at a time.
 */
public final class Runner implements Measurer, AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** How long a runner that still works may take to close what it has opened before it is killed. */
    private static final long CLOSE_SECONDS = 2;

    private final long number = NUMBERS.incrementAndGet();
    private final Spec spec;
    private final Heddle outer;
    private final Task<Reply> opening;
    private boolean failed;
    private long pid;

    /**
     * Starts a runner; {@link #awaitOpen} waits for it, so that several can start at the same time.
     *
     * @param spec what it measures
     * @param classPath what its JVM has on its class path beside this one's
     * @param outer PROCESS, or for a test any model: then the runner is in this JVM
     */
    public Runner(Spec spec, List<Path> classPath, Model outer) {
        this.spec = spec;
        this.outer = Heddle.builder(outer)
                .name("runner-" + spec.model().name().toLowerCase(Locale.ROOT))
                .processors(1)
                .workerClassPath(classPath)
                .workerJvmFlags(spec.jvmFlags().toArray(String[]::new))
                .uncaughtHandler((task, failure) -> {}) // every failure reaches the caller of measure()
                .open();
        long mine = number;
        opening = this.outer.start(() -> Bench.open(mine, spec));
    }

    /**
     * Waits until it can measure.
     *
     * @return what the runner says of itself
     * @throws MeasureException if it cannot; the message says why
     * @throws InterruptedException if the calling thread was interrupted
     */
    public Reply.Opened awaitOpen() throws MeasureException, InterruptedException {
        Reply.Opened opened = expect(Reply.Opened.class, opening);
        pid = opened.pid();
        return opened;
    }

    @Override
    public Sample measure() throws MeasureException, InterruptedException {
        long mine = number;
        return expect(Reply.Measured.class, start(() -> Bench.measure(mine))).sample();
    }

    private Task<Reply> start(Job<Reply> job) {
        return outer.start(job);
    }

    private <R extends Reply> R expect(Class<R> type, Task<Reply> task) throws MeasureException, InterruptedException {
        Reply reply;
        try {
            reply = task.get();
        } catch (ExecutionException e) {
            failed = true;
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof WorkerDiedException
                    ? new MeasureException(Kind.WORKER_DIED, "the runner died: " + cause.getMessage(), "")
                    : new MeasureException(Kind.FAILED, "the runner failed: " + cause, "");
        }
        if (reply instanceof Reply.Failed f) {
            failed = true;
            throw new MeasureException(f.kind(), f.message(), f.stack());
        }
        if (reply instanceof Reply.Replaced) {
            failed = true;
            throw new MeasureException(
                    Kind.WORKER_DIED, "the runner, process " + pid + ", died between two repetitions", "");
        }
        return type.cast(reply);
    }

    /** Ends the runner; after a failure at once, else it first closes what it has opened. */
    @Override
    public void close() {
        if (!failed) {
            long mine = number;
            Task<Reply> closing = start(() -> Bench.close(mine));
            try {
                closing.get(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                closing.kill(); // what was measured is measured; the runner need only end
            } catch (InterruptedException e) {
                closing.kill();
                Thread.currentThread().interrupt();
            }
        }
        outer.close();
    }

    Spec spec() {
        return spec;
    }
}
