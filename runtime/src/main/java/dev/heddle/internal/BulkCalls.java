package dev.heddle.internal;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code invokeAll} and {@code invokeAny}. {@link java.util.concurrent.AbstractExecutorService} has both, but its
 * {@code invokeAny} waits on a queue, where the owner of fibers would not run them, and wraps jobs in what cannot cross
 * to a worker.
 */
final class BulkCalls {
    private BulkCalls() {}

    static <T> List<Future<T>> all(Heddle heddle, Collection<? extends Callable<T>> jobs, long nanos)
            throws InterruptedException {
        List<Future<T>> futures = new ArrayList<>(jobs.size());
        Parker parker = Parker.current();
        long start = parker.nanoTime();
        try {
            for (Callable<T> job : jobs) {
                futures.add(heddle.submit(job));
            }
            for (Future<T> future : futures) {
                if (!endsWithin(future, left(nanos, start, parker))) {
                    break; // the finally block cancels the rest
                }
            }
            return futures;
        } finally {
            futures.forEach(future -> future.cancel(true)); // does nothing to those that have ended
        }
    }

    private static boolean endsWithin(Future<?> future, long nanos) throws InterruptedException {
        try {
            future.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | CancellationException e) {
            return true; // the future holds it for the caller
        } catch (TimeoutException e) {
            return false;
        }
    }

    static <T> T any(Heddle heddle, Collection<? extends Callable<T>> jobs, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (jobs.isEmpty()) {
            throw new IllegalArgumentException("invokeAny of no jobs has no result: pass at least one");
        }
        Parker parker = Parker.current();
        long start = parker.nanoTime();
        Thread me = Thread.currentThread();
        Queue<Task<T>> ended = new ConcurrentLinkedQueue<>();
        List<TaskCore<T>> all = new ArrayList<>(jobs.size());
        try {
            for (Callable<T> job : jobs) {
                TaskCore<T> task = (TaskCore<T>) heddle.submit(job);
                all.add(task);
                task.whenDone(() -> {
                    ended.add(task);
                    LockSupport.unpark(me);
                });
            }
            @Nullable ExecutionException failure = null;
            for (int unseen = all.size(); unseen > 0; unseen--) {
                if (!Parker.await(heddle, () -> !ended.isEmpty(), left(nanos, start, parker))) {
                    throw new TimeoutException("none of " + all.size() + " jobs succeeded in time");
                }
                try {
                    return ended.remove().get();
                } catch (ExecutionException e) {
                    failure = e;
                } catch (CancellationException e) {
                    failure = new ExecutionException(e);
                }
            }
            throw Objects.requireNonNull(failure);
        } finally {
            for (TaskCore<T> task : all) {
                task.cancel(true);
                task.observe(); // the caller cannot
            }
        }
    }

    private static long left(long nanos, long start, Parker parker) {
        return nanos == Parker.FOREVER ? nanos : nanos - (parker.nanoTime() - start);
    }
}
