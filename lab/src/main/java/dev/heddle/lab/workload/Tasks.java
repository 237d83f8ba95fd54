package dev.heddle.lab.workload;

import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for several tasks, and for the first failure among them.
 *
 * <p>Joining them one after the other would notice the death of the second one's worker only after the first task has
 * ended, which may be long. The public API has no wait for "any of these", so this one looks at all of them every
 * {@value #LOOK_MILLIS} ms; a success is noticed at once if it is the last.
 */
final class Tasks {
    private static final long LOOK_MILLIS = 50;

    private Tasks() {}

    /**
     * @param tasks of any one heddle
     * @return their results, in the same order
     * @param <T> the type of the results
     * @throws Exception the failure of the first task that was seen to fail, as {@link Task#join} throws it; the
     *     others have been ended as firmly as their model can
     */
    static <T> List<T> joinAll(List<Task<T>> tasks) throws Exception {
        return joinAll(tasks, () -> {});
    }

    /** Looks at something else as well. */
    @FunctionalInterface
    interface Check {
        /** @throws Exception if there is no point in waiting any longer */
        void check() throws Exception;
    }

    /** The same, and a failure of the check counts as that of a task. */
    static <T> List<T> joinAll(List<Task<T>> tasks, Check check) throws Exception {
        try {
            for (Task<T> task : tasks) {
                while (!ended(task)) {
                    check.check();
                    for (Task<T> other : tasks) {
                        if (other.state() == Future.State.FAILED) {
                            other.join();
                        }
                    }
                }
            }
            List<T> results = new ArrayList<>(tasks.size());
            for (Task<T> task : tasks) {
                results.add(task.join());
            }
            return results;
        } catch (Exception e) {
            tasks.forEach(Task::kill);
            throw e;
        }
    }

    /** Waits a while for the task. */
    private static boolean ended(Task<?> task) throws InterruptedException {
        try {
            task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            task.join(); // throws, with the message that names the task
            throw new AssertionError(e);
        }
    }
}
