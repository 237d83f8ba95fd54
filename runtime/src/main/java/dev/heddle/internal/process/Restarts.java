package dev.heddle.internal.process;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When workers may be started after some that were of no use, having ended unasked before they were given a task.
 *
 * <p>Problem: what keeps a worker from starting (a wrong flag, a full disk, memory) may last for ever or pass, and replacing the
 * dead at once is a storm of processes. Rejected: to give up for good, as a heddle may live for months. Approach: after one
 * that was useless the next is started only after a pause, which doubles from 100 ms to 10 s, and only one at a time until
 * one is given a task. When {@link #FAILURES_MAX} in a row have not even become ready, tasks that nobody can take fail with what
 * the last of them said; from then on a worker is started only for a task that comes after the pause, which waits for it. So
 * no task waits for more than three starts and two pauses, and a machine that has recovered is noticed by the next task.
 *
 * <p>Guarded by the lock of the {@link WorkerPool}.
 */
final class Restarts {
    private static final int FAILURES_MAX = 3;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String heddle;
    private final LongSupplier clock;

    /** How many workers in a row have ended before they were given a task. */
    private int useless;

    /** How many in a row have ended before they were ready. */
    private int failed;

    private long notBefore;

    private @Nullable String failure;

    /**
     * @param heddle the name of the heddle
     * @param clock as {@link System#nanoTime}
     */
    Restarts(String heddle, LongSupplier clock) {
        this.heddle = heddle;
        this.clock = clock;
    }

    /** A worker has ended, unasked, before it was given a task. */
    void wasUseless(boolean wasReady, DeathReport report) {
        notBefore = clock.getAsLong() + Math.min(PAUSE_NANOS << Math.min(useless, 10), PAUSE_MAX_NANOS);
        useless++;
        if (!wasReady && ++failed >= FAILURES_MAX) {
            failure = "heddle " + heddle + " can start no workers, since " + failed
                    + " in a row ended before they were ready; it tries again for tasks that come later; the last: "
                    + report.sentence("at its start", "");
        }
    }

    /** A worker is ready. */
    void ready() {
        failed = 0;
        failure = null;
    }

    /** A worker was given a task. */
    void used() {
        useless = 0;
    }

    /** {@return why tasks that nobody can take fail, or null if they are to wait} */
    @Nullable
    String failure() {
        return failure;
    }

    /**
     * {@return whether a worker may be started now, or at {@link #next}}
     *
     * @param forTask whether there is a task for it
     */
    boolean allow(boolean forTask) {
        return failure == null || (forTask && clock.getAsLong() - notBefore >= 0);
    }

    /** {@return whether no worker may be started while another starts} */
    boolean oneAtATime() {
        return useless > 0;
    }

    /** {@return when to start the next worker, by the clock} */
    long next() {
        long now = clock.getAsLong();
        return useless > 0 && notBefore - now > 0 ? notBefore : now;
    }
}
