package dev.heddle.internal;

import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The failures of tasks that nobody has joined so far, so that {@code close()} can report those that nobody ever does.
 * A heddle may live for months, so only {@link #KEPT} are kept; what comes on top is counted. All under one
 * lock. A task that is observed while it is being added is left out by whichever of the two comes second.
 */
final class UnjoinedFailures {
    private static final int KEPT = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<TaskCore<?>> kept = new ArrayList<>();
    private int dropped;

    /** A task has failed. */
    void add(TaskCore<?> failed) {
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
     * @param handler the user's
     * @throws TaskFailedException if there was one
     */
    void report(String heddle, BiConsumer<Task<?>, Throwable> handler) {
        List<TaskCore<?>> unseen;
        int count;
        lock.lock();
        try {
            unseen = List.copyOf(kept);
            count = unseen.size() + dropped;
            kept.clear();
            dropped = 0;
        } finally {
            lock.unlock();
        }
        if (count == 0) {
            return;
        }
        unseen.forEach(task -> handler.accept(task, task.exceptionNow()));
        Throwable first = unseen.isEmpty() ? null : unseen.getFirst().exceptionNow();
        TaskFailedException report = new TaskFailedException(
                (count == 1 ? "a task" : count + " tasks") + " of heddle " + heddle + " failed and nobody joined "
                        + (count == 1 ? "it" : "them")
                        + (first == null
                                ? "; what they threw was not kept, since " + KEPT + " others had failed before"
                                : (count == 1 ? ": " : "; the first: ") + first),
                first);
        unseen.stream().skip(1).map(TaskCore::exceptionNow).forEach(report::addSuppressed);
        throw report;
    }
}
