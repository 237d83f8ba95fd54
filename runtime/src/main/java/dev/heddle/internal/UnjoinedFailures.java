package dev.heddle.internal;

import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The failures of tasks that nobody has joined so far, so that {@code close()} can report those that nobody ever does.
 * A heddle may live for months, so only {@link #KEPT} are kept; what comes on top is counted. All under one lock.
 */
final class UnjoinedFailures {
    private static final int KEPT = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<TaskCore<?>> kept = new ArrayList<>();
    private int dropped;

    void add(TaskCore<?> failed) {
        lock.lock();
        try {
            if (kept.size() == KEPT) {
                kept.removeIf(TaskCore::isObserved);
            }
            if (kept.size() < KEPT) {
                kept.add(failed);
            } else {
                dropped++;
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
            kept.removeIf(TaskCore::isObserved);
            unseen = List.copyOf(kept);
            count = unseen.size() + dropped;
            kept.clear();
            dropped = 0;
        } finally {
            lock.unlock();
        }
        if (unseen.isEmpty()) {
            return;
        }
        unseen.forEach(task -> handler.accept(task, task.exceptionNow()));
        Throwable first = unseen.getFirst().exceptionNow();
        TaskFailedException report = new TaskFailedException(
                (count == 1 ? "a task" : count + " tasks") + " of heddle " + heddle + " failed and nobody joined "
                        + (count == 1 ? "it: " : "them; the first: ") + first,
                first);
        unseen.stream().skip(1).map(TaskCore::exceptionNow).forEach(report::addSuppressed);
        throw report;
    }
}
