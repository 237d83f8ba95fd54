package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/**
 * Who is told of the ends of the tasks that it has started.
 *
 * @param <T> the type of their results
 */
interface TaskOwner<T extends @Nullable Object> {
    /**
     * The code of a task can no longer run, and the heddle has done with it. Called once for each task that was ever live, by
     * the thread that has ended it.
     *
     * @param task the task
     */
    void ended(TaskCore<T> task);
}
