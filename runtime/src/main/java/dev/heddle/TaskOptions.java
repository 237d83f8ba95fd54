package dev.heddle;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to be run, see {@link Heddle#start(Job, TaskOptions)}. Immutable: what sets an option returns a copy.
 *
 * <pre>{@code
 * Task<Image> task = h.start(() -> decode(file), TaskOptions.DEFAULT.timeLimit(Duration.ofSeconds(5)).retries(2));
 * }</pre>
 */
public final class TaskOptions {
    /** No time limit, no retries. */
    public static final TaskOptions DEFAULT = new TaskOptions(null, 0);

    private final @Nullable Duration timeLimit;
    private final int retries;

    private TaskOptions(@Nullable Duration timeLimit, int retries) {
        this.timeLimit = timeLimit;
        this.retries = retries;
    }

    /**
     * Limits how long the code of the task may take, from where it begins; the time in a queue does not count, and a retry
     * has all of it again. When it is over, the task fails with a {@link java.util.concurrent.TimeoutException}, and its code
     * is ended as firmly as the model can: under {@link Model#PROCESS} the worker's process is killed, in the other models
     * the code is interrupted, and {@link Heddle#close} waits for it as after {@link Task#cancel}. The code of a task that was
     * cancelled, and goes on, is ended in the same way. A task that is run by its starter, see {@link
     * LimitPolicy#CALLER_RUNS}, is not interrupted.
     *
     * @param limit the longest time, more than zero
     * @return these options with the limit
     * @throws IllegalArgumentException if {@code limit} is zero or less
     */
    public TaskOptions timeLimit(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("timeLimit(" + limit
                    + "): a task needs some time to run; give it more than zero, or leave the limit out");
        }
        return new TaskOptions(limit, retries);
    }

    /**
     * Declares that it does no harm to run the job several times, even if it was all but done before, and says how often it
     * may be tried again when the worker dies that runs it. What the job throws and a time limit that is exceeded are
     * final. A job that has killed two workers is not tried again, whatever {@code n} says: two of them exited, crashed, or
     * wrote what cannot be. One that was ended from outside, as by {@code kill -9} or where the system has no memory left, was
     * not killed by the job.
     *
     * <p>Only workers of {@link Model#PROCESS} die; the other models ignore this.
     *
     * @param n how often, 0 or more
     * @return these options with the number
     * @throws IllegalArgumentException if {@code n} is negative
     */
    public TaskOptions retries(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("retries(" + n + "): a task is tried again 0 times or more");
        }
        return new TaskOptions(timeLimit, n);
    }

    /** {@return the longest time that the code may take, if there is one} */
    public Optional<Duration> timeLimit() {
        return Optional.ofNullable(timeLimit);
    }

    /** {@return how often it may be tried again} */
    public int retries() {
        return retries;
    }

    @Override
    public String toString() {
        return "time limit " + (timeLimit == null ? "none" : timeLimit) + ", retries " + retries;
    }
}
