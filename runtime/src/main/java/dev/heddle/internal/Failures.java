package dev.heddle.internal;

import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * What becomes of failures. Those of tasks that nobody holds go to the uncaught handler at once, without a lock; others are kept as
 * long as nobody has joined the task, so that {@code close()} can report what nobody ever does.
 *
 * <p>A heddle may live for months, so only {@link #KEPT} are kept; what comes on top is counted. That is under one lock. A task
 * that is observed while it is being added is left out by whichever of the two comes second.
 */
public final class Failures {
    private static final int KEPT = 64;

    private final BiConsumer<Task<?>, Throwable> uncaughtHandler;
    private final LongAdder count = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    private final List<TaskCore<?>> kept = new ArrayList<>();
    private int dropped;

    /** @param uncaughtHandler the user's, who is told of failures that nobody joins */
    Failures(BiConsumer<Task<?>, Throwable> uncaughtHandler) {
        this.uncaughtHandler = uncaughtHandler;
    }

    /**
     * What an uncaught failure does where no handler was set: it is printed to standard error.
     *
     * @param task the task
     * @param failure what its job threw
     */
    @SuppressWarnings("CatchAndPrintStackTrace")
    public static void printUncaught(Task<?> task, Throwable failure) {
        System.err.println(task + " failed and nobody joined it:");
        failure.printStackTrace();
    }

    /** A task has failed. */
    void add(TaskCore<?> failed, Throwable why) {
        count.increment();
        if (failed.isDetached()) {
            uncaughtHandler.accept(failed, why);
        } else {
            keep(failed);
        }
    }

    /** {@return how many tasks have failed} */
    long count() {
        return count.sum();
    }

    private void keep(TaskCore<?> failed) {
        lock.lock();
        try {
            if (failed.isObserved()) {
                return; // else whoever observes it comes to remove() after us
            }
            if (kept.size() < KEPT) {
                kept.add(failed);
            } else {
                failed.failureDropped = true;
                dropped++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A failed task has been observed. */
    void remove(TaskCore<?> failed) {
        lock.lock();
        try {
            if (failed.failureDropped) {
                failed.failureDropped = false;
                dropped = Math.max(0, dropped - 1); // 0 if it has been reported already
            } else {
                kept.remove(failed);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands each failure that is still unseen to the handler, then throws if there was one, and forgets them.
     *
     * @param heddle the name of the heddle
     * @throws TaskFailedException if there was one
     */
    void report(String heddle) {
        List<TaskCore<?>> unseen;
        int all;
        lock.lock();
        try {
            unseen = List.copyOf(kept);
            all = unseen.size() + dropped;
            kept.clear();
            dropped = 0;
        } finally {
            lock.unlock();
        }
        if (all == 0) {
            return;
        }
        unseen.forEach(task -> uncaughtHandler.accept(task, task.exceptionNow()));
        Throwable first = unseen.isEmpty() ? null : unseen.getFirst().exceptionNow();
        TaskFailedException report = new TaskFailedException(
                (all == 1 ? "a task" : all + " tasks") + " of heddle " + heddle + " failed and nobody joined "
                        + (all == 1 ? "it" : "them")
                        + (first == null
                                ? "; what they threw was not kept, since " + KEPT + " others had failed before"
                                : (all == 1 ? ": " : "; the first: ") + first),
                first);
        unseen.stream().skip(1).map(TaskCore::exceptionNow).forEach(report::addSuppressed);
        throw report;
    }
}
