package dev.heddle.internal;

import dev.heddle.TaskOptions;
import dev.heddle.internal.vthread.Timers;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How long each attempt to execute a task may take, and how many there may be, of a task that was given options. Whoever
 * begins an attempt ends it, or knows that it has ended; a timer in between may {@linkplain TaskCore#timedOut time the task
 * out}. A timer that fires at the very end of an attempt may do so while the next one runs: its time was over all the same.
 */
final class Attempts implements Runnable {
    private final TaskCore<?> task;
    private final int retries;
    private final @Nullable Duration limit;
    private volatile @Nullable Future<?> timer;

    /** Written before the task is timed out, read only afterwards. */
    private volatile @Nullable TimeoutException exceeded;

    private Attempts(TaskCore<?> task, TaskOptions options) {
        this.task = task;
        this.retries = options.retries();
        this.limit = options.timeLimit().orElse(null);
    }

    /** {@return null if the options ask for nothing} */
    static @Nullable Attempts of(TaskCore<?> task, TaskOptions options) {
        return options.timeLimit().isEmpty() && options.retries() == 0 ? null : new Attempts(task, options);
    }

    int retries() {
        return retries;
    }

    /** The code is about to run. */
    void begin() {
        if (limit != null) {
            timer = Timers.OF_JVM.schedule(this, Parker.nanos(limit), TimeUnit.NANOSECONDS);
        }
    }

    /** The code has ended. */
    void end() {
        Future<?> set = timer;
        if (set != null) {
            timer = null;
            set.cancel(false);
        }
    }

    /** The time is over. */
    @Override
    public void run() {
        exceeded = new TimeoutException(task + " has executed for longer than its time limit of " + text()
                + ": raise TaskOptions.timeLimit, or give it less to do");
        task.timedOut();
    }

    private String text() {
        return limit == null ? "none" : limit.toMillis() > 0 ? limit.toMillis() + " ms" : limit.toNanos() + " ns";
    }

    /** {@return the failure of a task that was timed out} */
    @Nullable
    TimeoutException exceeded() {
        return exceeded;
    }
}
