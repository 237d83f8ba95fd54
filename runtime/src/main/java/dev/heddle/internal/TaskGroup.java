package dev.heddle.internal;

import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import dev.heddle.trace.TraceEvent.Reason;
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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that one call starts and waits for together: {@code all}, {@code race}, {@code invokeAll} and {@code invokeAny}. Of the
 * calling thread; but the tasks tell of their ends from wherever they end.
 *
 * <p>Problem: the caller must go on at the first failure or success, whichever task it comes from, and must know when the code
 * of tasks has ended that count as cancelled already. Rejected: to join one after the other, which sees neither;
 * {@link java.util.concurrent.AbstractExecutorService}, whose {@code invokeAny} waits on a queue, where the owner of fibers would
 * not run them, and wraps jobs in what cannot cross to a worker. Approach: each task tells the group when its code can no longer
 * run and the heddle has done with it. The group notes how tasks have ended, and wakes the caller for the first success, the
 * first other end, and the last end, but not for each of the many between.
 *
 * <p>The race that matters is a task's end against the caller that begins to wait: the task notes its end, then wakes; the
 * caller looks, then parks.
 *
 * <p>Invariants: a task is counted in {@link #live} before it is started, so where that is 0, the code of all tasks that were
 * started has ended. Each task that was ever live tells the group once, however it ends.
 *
 * @param <T> the type of the results
 */
final class TaskGroup<T extends @Nullable Object> implements Blocker, TaskOwner<T> {
    private final HeddleCore heddle;
    private final Thread caller = Thread.currentThread();
    private final List<TaskCore<T>> tasks;

    /** Those that were started, or are about to be, and whose code can still run. */
    private final AtomicInteger live = new AtomicInteger();

    /** The first that has succeeded. */
    private final AtomicReference<@Nullable TaskCore<T>> winner = new AtomicReference<>();

    /** Those that have failed or were cancelled, in the order in which they ended. */
    private final Queue<TaskCore<T>> losers = new ConcurrentLinkedQueue<>();

    /**
     * Starts nothing yet.
     *
     * @param heddle who runs them
     * @param jobs what to run
     */
    TaskGroup(HeddleCore heddle, Collection<? extends Callable<? extends T>> jobs) {
        this.heddle = heddle;
        List<TaskCore<T>> all = new ArrayList<>(jobs.size());
        for (Callable<? extends T> job : jobs) {
            all.add(new TaskCore<>(heddle, Objects.requireNonNull(job, "job"), TaskOptions.DEFAULT, this));
        }
        tasks = all;
    }

    // ---- what it is for

    /** See {@link dev.heddle.Heddle#all}. */
    List<T> all() throws InterruptedException {
        try {
            run(() -> !losers.isEmpty(), Parker.FOREVER);
        } finally {
            end();
        }
        if (!losers.isEmpty()) {
            throw failure("");
        }
        return results();
    }

    /** See {@link dev.heddle.Heddle#race}. */
    T race() throws InterruptedException {
        requireSome("race");
        try {
            run(this::isWon, Parker.FOREVER);
        } finally {
            end();
        }
        return winnersResult();
    }

    /** See {@link java.util.concurrent.ExecutorService#invokeAll(Collection)}. */
    List<Future<T>> invokeAll(long nanos) throws InterruptedException {
        try {
            run(() -> false, nanos);
        } finally {
            cancel(); // does nothing to those that have ended
        }
        return new ArrayList<>(tasks);
    }

    /** See {@link java.util.concurrent.ExecutorService#invokeAny(Collection)}. */
    T invokeAny() throws InterruptedException, ExecutionException {
        try {
            return invokeAny(Parker.FOREVER);
        } catch (TimeoutException e) {
            throw new AssertionError("a wait without limit timed out", e);
        }
    }

    /** See {@link java.util.concurrent.ExecutorService#invokeAny(Collection, long, java.util.concurrent.TimeUnit)}. */
    T invokeAny(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        requireSome("invokeAny");
        try {
            if (!run(this::isWon, nanos)) {
                throw new TimeoutException("none of " + tasks.size() + " jobs succeeded in time");
            }
        } finally {
            cancel();
        }
        try {
            return winnersResult();
        } catch (TaskFailedException e) {
            throw new ExecutionException(e.getMessage(), e.getCause());
        } catch (CancellationException e) {
            throw new ExecutionException(e);
        }
    }

    // ---- the caller

    private void requireSome(String method) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException(method + " of no jobs has no result: pass at least one");
        }
    }

    /**
     * Starts the tasks and waits until it is decided or the code of all has ended.
     *
     * @param decided whether more ends change nothing; becomes true with the first success, or the first end that is none
     * @param nanos the longest time for all of it
     * @return whether that was within the time
     */
    private boolean run(BooleanSupplier decided, long nanos) throws InterruptedException {
        Parker parker = Parker.current();
        long start = parker.nanoTime();
        for (TaskCore<T> task : tasks) {
            if (decided.getAsBoolean()) {
                return true;
            }
            heddle.beginCounted(task, live);
        }
        long left = nanos == Parker.FOREVER ? nanos : nanos - (parker.nanoTime() - start);
        return Parker.await(this, () -> decided.getAsBoolean() || live.get() == 0, left);
    }

    /** Cancels what was started: the last first, lest one that is queued begins in the place of one that is interrupted. */
    private void cancel() {
        for (TaskCore<T> task : tasks.reversed()) {
            if (task.wasLive()) {
                task.cancel(true);
            }
        }
    }

    /** Cancels what was started and waits until its code has ended, whatever happens to the caller meanwhile. */
    private void end() {
        cancel();
        if (Parker.awaitInAnyCase(this, () -> live.get() == 0)) {
            caller.interrupt();
        }
    }

    private boolean isWon() {
        return winner.get() != null;
    }

    private T winnersResult() {
        TaskCore<T> first = winner.get();
        if (first == null) {
            throw failure("none of " + tasks.size() + " tasks succeeded; the first to fail: ");
        }
        return first.resultNow();
    }

    private List<T> results() {
        List<T> results = new ArrayList<>(tasks.size());
        for (TaskCore<T> task : tasks) {
            results.add(task.resultNow());
        }
        return results;
    }

    /** {@return what to throw, since tasks have ended without a result} */
    private RuntimeException failure(String introduction) {
        List<TaskCore<T>> failed = losers.stream()
                .filter(task -> task.state() == Future.State.FAILED)
                .toList();
        if (failed.isEmpty()) {
            return new CancellationException(
                    losers.peek() + " was cancelled, since the heddle was shut down at once: by"
                            + " shutdownNow(), or by an interrupt of the thread that closes it");
        }
        Throwable cause = failed.getFirst().exceptionNow();
        TaskFailedException failure =
                new TaskFailedException(introduction + failed.getFirst() + " failed: " + cause, cause);
        failed.stream().skip(1).map(TaskCore::exceptionNow).forEach(failure::addSuppressed);
        return failure;
    }

    // ---- from other threads

    @Override
    public void ended(TaskCore<T> task) {
        boolean first;
        if (task.state() == Future.State.SUCCESS) {
            first = winner.compareAndSet(null, task);
        } else {
            losers.add(task);
            first = losers.peek() == task;
        }
        if (live.decrementAndGet() == 0 || first) {
            Parker.wake(caller);
        }
    }

    @Override
    public Reason reason() {
        return Reason.JOIN;
    }

    @Override
    public String purpose() {
        List<Long> ids = tasks.stream()
                .filter(task -> task.wasLive() && task.isLive())
                .map(TaskCore::id)
                .toList();
        return "join " + (ids.size() == 1 ? "task " : "tasks ") + HeddleDump.list(ids) + " of heddle " + heddle.name();
    }
}
