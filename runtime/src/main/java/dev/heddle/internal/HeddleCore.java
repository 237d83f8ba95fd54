package dev.heddle.internal;

import dev.heddle.Action;
import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Mapper;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.Overflow;
import dev.heddle.Pipe;
import dev.heddle.Results;
import dev.heddle.Semaphore;
import dev.heddle.SharedDoubles;
import dev.heddle.SharedInts;
import dev.heddle.SharedLongs;
import dev.heddle.SharedMemory;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.memory.DoubleArray;
import dev.heddle.internal.memory.IntArray;
import dev.heddle.internal.memory.LongArray;
import dev.heddle.internal.os.Machine;
import dev.heddle.internal.trace.NotingParker;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.WorkerEvents;
import dev.heddle.trace.TraceEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the heddles of all models share: starting, counting, failing, shutting down, closing. A model adds how a task is
 * launched, and what its processors are. Whether it is open and when it has ended is up to its {@link LiveTasks}, what becomes of
 * failures to its {@link Failures}, and its {@link Sharing} makes what tasks share.
 */
public abstract non-sealed class HeddleCore implements Heddle {
    private final Model model;
    private final String name;
    private final Trace trace;
    private final Machine machine;
    private final Parker parkerOfTasks;
    private final LiveTasks tasks;
    private final Failures failures;
    private final ProcessorSetting setting;
    private final Sharing sharing;
    private final boolean jmx;

    /** Written once, before anybody else has the heddle. */
    private @Nullable JmxBean bean;

    /** @param options what the builder collected */
    protected HeddleCore(Options options) {
        this.model = options.model();
        this.name = options.nameOrDefault();
        this.trace = options.seams().trace();
        this.parkerOfTasks = NotingParker.of(Parker.THREAD, trace);
        this.machine = options.seams().machine();
        this.setting = new ProcessorSetting(machine, options.processors() == 0, this::processors, this::resize);
        this.tasks = new LiveTasks(this, options.limit(), this::free);
        this.failures = new Failures(options.uncaughtHandler());
        this.jmx = options.jmx();
        this.sharing = newSharing(trace);
    }

    /** The constructor of a model has done its work. */
    protected final void opened() {
        Deadlocks.watch(this);
        trace.opened(new TracedHeddle(this));
        if (jmx) {
            bean = JmxBean.register(this);
        }
    }

    // ---- what a model adds

    /**
     * Makes the task run: {@link TaskCore#run} on a thread of the model, or {@code begin} and {@code settle}.
     *
     * @param task queued
     */
    protected abstract void launch(TaskCore<?> task);

    /**
     * Sets the number of processors. Calls do not overlap.
     *
     * @param n in range
     * @return the previous number
     */
    protected abstract int resize(int n);

    /** Frees carriers, workers and the like. Called once, when no task is left and none can come. */
    protected abstract void release();

    /**
     * {@return what makes the things that tasks share} Called by the constructor: nothing of the model is there yet.
     *
     * @param of the heddle's trace
     */
    protected Sharing newSharing(Trace of) {
        return new Sharing(name, of, this::describeThread);
    }

    /**
     * Calls blocking code in a task of this heddle.
     *
     * @param work the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    protected <T extends @Nullable Object> T blockingTask(Callable<T> work) throws Exception {
        return work.call();
    }

    /**
     * Calls {@link TaskCore#beginAndCall}, on the thread that executes the task.
     *
     * @param task is about to begin
     * @param onItsOwn whether that is the task's own thread
     * @return what that returns
     * @throws Exception what that throws
     */
    protected @Nullable Object call(TaskCore<?> task, boolean onItsOwn) throws Exception {
        return task.beginAndCall(onItsOwn);
    }

    /** {@return how virtual threads of this heddle wait} */
    protected Parker parkerOfTasks() {
        return parkerOfTasks;
    }

    /**
     * Interrupts the code of a task that was cancelled while it ran.
     *
     * @param task the task
     */
    protected void interrupt(TaskCore<?> task) {
        Thread runner = task.runner();
        if (runner != null) {
            runner.interrupt();
        }
    }

    /**
     * Puts a task back that counts as begun and is not executed yet. Called when it is to be cancelled.
     *
     * @param task the task
     */
    protected void takeBack(TaskCore<?> task) {}

    /**
     * See {@link Task#kill}.
     *
     * @param task the task
     * @return whether this call ended it
     */
    protected boolean kill(TaskCore<?> task) {
        return task.cancel(true);
    }

    /**
     * Ends the code of a task as firmly as the model can, of a task that counts as ended already. Called by the timers' thread,
     * which must not wait.
     *
     * @param task was running
     */
    protected void stop(TaskCore<?> task) {
        interrupt(task);
    }

    /**
     * The calling thread begins to execute a task.
     *
     * @param task the task
     */
    protected void began(TaskCore<?> task) {}

    /**
     * The calling thread has executed a task, and is about to wake those who join it.
     *
     * @param task the task
     * @param joined whether there are any
     */
    protected void ending(TaskCore<?> task, boolean joined) {}

    /**
     * See {@link Task#cpuTime}.
     *
     * @param task the task
     * @return empty if that is not measured
     */
    protected Optional<Duration> cpuTime(TaskCore<?> task) {
        return Optional.empty();
    }

    /** {@return what the lane of that number is called, see {@link Trace.Event#MOUNT}} For traces. */
    protected abstract String laneName(int lane);

    /** {@return what the workers have recorded, if there are any} */
    protected List<WorkerEvents> eventsOfWorkers() {
        return List.of();
    }

    /** {@return what a task does whose code does not run on a thread of this JVM, in words} For dumps. */
    protected String whereabouts(TaskCore<?> task) {
        return "has not begun";
    }

    /** {@return a line about each thread that executes tasks of this heddle, if those are none of the tasks' own} */
    protected List<String> describeThreads() {
        return List.of();
    }

    /** {@return whether the thread does nothing but execute tasks of this heddle, which therefore wait if it does not} */
    protected boolean isExecutedBy(Thread thread) {
        return false;
    }

    /** {@return whether every live task waits without a limit in a join or a channel} */
    protected boolean isAsleep() {
        return liveTasks().stream().allMatch(Sighting::isAsleep);
    }

    /**
     * Ends the waits of all tasks if nothing in this JVM can go on.
     *
     * @return whether it was so
     */
    protected final boolean endDeadlock() {
        return Deadlocks.end(this, machine);
    }

    /** Throws a sentence if the calling thread may not close this heddle. */
    protected void checkMayClose() {
        if (CurrentTask.heddle() == this) {
            throw new IllegalStateException("close() of heddle " + name
                    + " was called from inside one of its own tasks and would wait for itself: let the code that opened"
                    + " the heddle close it");
        }
    }

    // ---- starting

    @Override
    public <T extends @Nullable Object> Task<T> start(Job<T> job) {
        return begin(new TaskCore<>(this, Objects.requireNonNull(job, "job"), false));
    }

    @Override
    public Task<@Nullable Void> start(Action action) {
        return begin(new TaskCore<>(this, new WrappedJob.OfAction(action), false));
    }

    @Override
    public <T extends @Nullable Object> Task<T> start(Job<T> job, TaskOptions options) {
        return begin(
                new TaskCore<>(this, Objects.requireNonNull(job, "job"), Objects.requireNonNull(options, "options")));
    }

    @Override
    public Task<@Nullable Void> start(Action action, TaskOptions options) {
        return start(new WrappedJob.OfAction(action), options);
    }

    @Override
    public <T> Task<T> submit(Callable<T> job) {
        return begin(new TaskCore<>(this, Objects.requireNonNull(job, "job"), false));
    }

    @Override
    public Task<?> submit(Runnable job) {
        return begin(new TaskCore<>(this, new WrappedJob.OfRunnable<>(job, null), false));
    }

    @Override
    public <T> Task<T> submit(Runnable job, T result) {
        return begin(new TaskCore<>(this, new WrappedJob.OfRunnable<T>(job, result), false));
    }

    @Override
    public void execute(Runnable job) {
        begin(new TaskCore<>(this, new WrappedJob.OfRunnable<>(job, null), true));
    }

    private <T extends @Nullable Object> TaskCore<T> begin(TaskCore<T> task) {
        try {
            beginOrBeInterrupted(task);
            return task;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(
                    "interrupted while heddle " + name
                            + " had as many live tasks as HeddleBuilder.maxTasks allows, so the task was not started",
                    e);
        }
    }

    /**
     * Starts a task.
     *
     * @param task new
     * @throws InterruptedException if the calling thread is interrupted while there is no room for the task, which then will
     *     not run
     */
    void beginOrBeInterrupted(TaskCore<?> task) throws InterruptedException {
        boolean room = tasks.enter(task);
        if (trace != Trace.OFF) {
            trace.started(task.id(), Thread.currentThread().threadId(), WrappedJob.codeOf(task.job()));
        }
        try {
            tasks.requireOpen();
            if (room) {
                launch(task);
            } else {
                task.runInCaller();
            }
        } catch (Throwable t) { // whatever was thrown, the task will not run, and the caller is told
            tasks.refuse();
            task.cancelQueued(); // false if a shutdownNow() came first, which then has ended it
            throw t;
        }
    }

    /**
     * Starts a task that its owner counts from before it is live until {@link TaskOwner#ended}.
     *
     * @param task new, with an owner
     * @param live the owner's count, which that takes back
     * @throws InterruptedException see {@link #beginOrBeInterrupted}
     */
    void beginCounted(TaskCore<?> task, AtomicInteger live) throws InterruptedException {
        live.incrementAndGet();
        try {
            beginOrBeInterrupted(task);
        } finally {
            if (!task.wasLive()) {
                live.decrementAndGet(); // it was refused before it could tell of an end
            }
        }
    }

    /** A task begins on its own thread, which is the calling one. */
    final void runs(TaskCore<?> task, Thread thread) {
        if (trace != Trace.OFF) {
            trace.record(Trace.Event.BEGAN, task.id(), thread.threadId());
        }
    }

    /**
     * The code of a task can no longer run.
     *
     * @param task the task
     * @param failure why it has failed, or null
     * @param thread the id of the thread that it ran on, or 0
     */
    void ended(TaskCore<?> task, @Nullable Throwable failure, long thread) {
        if (trace != Trace.OFF) {
            trace.ended(
                    task.id(),
                    task.isCancelled() ? TraceEvent.CANCELLED : failure != null ? TraceEvent.FAILED : TraceEvent.OK,
                    thread);
        }
        try {
            if (failure != null) {
                failures.add(task, failure);
            }
        } finally {
            tasks.leave(task);
        }
    }

    /** Somebody has seen how a failed task ended, for the first time. */
    void failureObserved(TaskCore<?> task) {
        failures.remove(task);
    }

    // ---- ending

    @Override
    public void close() {
        checkMayClose();
        tasks.close();
        boolean interrupted = false;
        while (true) {
            try {
                tasks.awaitEnd(Parker.FOREVER);
                break;
            } catch (InterruptedException e) {
                shutdownNow();
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        failures.report(name);
    }

    @Override
    public void shutdown() {
        tasks.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        tasks.shutdown();
        List<Runnable> neverBegan = new ArrayList<>();
        for (TaskCore<?> task : tasks.snapshot()) {
            if (task.cancelQueued()) {
                neverBegan.add(task);
            } else if (!task.cancel(true)) {
                interrupt(task); // cancelled before, perhaps without an interrupt, and its code still runs
            }
        }
        return neverBegan;
    }

    @Override
    public boolean isShutdown() {
        return tasks.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return tasks.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return tasks.awaitEnd(Parker.nanos(timeout, unit));
    }

    /** No task is left and none can come: frees everything. Called once. */
    private void free() {
        if (bean != null) {
            bean.unregister();
        }
        try {
            release();
        } finally {
            sharing.free();
        }
    }

    // ---- tasks that belong together

    @Override
    public <T extends @Nullable Object> List<T> all(Collection<? extends Job<? extends T>> jobs)
            throws InterruptedException {
        return new TaskGroup<T>(this, jobs).all();
    }

    @Override
    public <T extends @Nullable Object> T race(Collection<? extends Job<? extends T>> jobs)
            throws InterruptedException {
        return new TaskGroup<T>(this, jobs).race();
    }

    @Override
    public <I extends @Nullable Object, R extends @Nullable Object> Results<R> map(
            Iterable<? extends I> inputs, Mapper<? super I, ? extends R> mapper, int chunkSize, TaskOptions options) {
        return new MapResults<I, R>(this, inputs, mapper, chunkSize, options);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> jobs) throws InterruptedException {
        return new TaskGroup<T>(this, jobs).invokeAll(Parker.FOREVER);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> jobs, long timeout, TimeUnit unit)
            throws InterruptedException {
        return new TaskGroup<T>(this, jobs).invokeAll(Parker.nanos(timeout, unit));
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> jobs) throws InterruptedException, ExecutionException {
        return new TaskGroup<T>(this, jobs).invokeAny();
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> jobs, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return new TaskGroup<T>(this, jobs).invokeAny(Parker.nanos(timeout, unit));
    }

    // ---- how tasks share data

    @Override
    public final <E> Channel<E> channel(int capacity, Overflow overflow) {
        return sharing.channel(capacity, overflow);
    }

    @Override
    public final <E> Broadcast<E> broadcast(int capacity, Overflow overflow) {
        return sharing.broadcast(capacity, overflow);
    }

    @Override
    public final <E> Pipe<E> pipe() {
        return sharing.newPipe();
    }

    @Override
    public final SharedMemory sharedMemory(long bytes) {
        return sharing.memory("sharedMemory", bytes, 1);
    }

    @Override
    public final SharedInts sharedInts(long length) {
        return new IntArray(sharing.memory("sharedInts", length, Integer.BYTES));
    }

    @Override
    public final SharedLongs sharedLongs(long length) {
        return new LongArray(sharing.memory("sharedLongs", length, Long.BYTES));
    }

    @Override
    public final SharedDoubles sharedDoubles(long length) {
        return new DoubleArray(sharing.memory("sharedDoubles", length, Double.BYTES));
    }

    @Override
    public final Mutex mutex() {
        return sharing.mutex();
    }

    @Override
    public final Semaphore semaphore(int permits) {
        return sharing.semaphore(permits);
    }

    /**
     * {@return the task that the thread executes, or the thread, in words} For dumps.
     *
     * @param id of a thread of this JVM
     */
    protected final String describeThread(long id) {
        for (TaskCore<?> task : liveTasks()) {
            Thread runner = task.runner();
            if (runner != null && runner.threadId() == id) {
                return "task " + task.id();
            }
        }
        return "thread #" + id;
    }

    // ---- the rest

    @Override
    public Model model() {
        return model;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int processors(int n) {
        return setting.set(ProcessorSetting.require(n));
    }

    @Override
    public int processorsAuto() {
        return setting.setAuto();
    }

    /** Looks for a change of the number of CPUs, if that is due. For the models to call now and then while they have work. */
    protected final void followCpus() {
        setting.follow();
    }

    @Override
    public String dump() {
        return HeddleDump.of(this);
    }

    TaskRegistry registry() {
        return tasks;
    }

    /** {@return the tasks whose code can still run, at some moment during the call} */
    protected List<TaskCore<?>> liveTasks() {
        return tasks.snapshot();
    }

    /** {@return the threads of tasks that have begun, at some moment during the call} */
    protected Stream<Thread> liveThreads() {
        return liveTasks().stream().map(TaskCore::runner).filter(Objects::nonNull);
    }

    /** {@return tasks that have been started and whose code can still run} */
    protected long liveCount() {
        return tasks.live();
    }

    /** {@return a picture, with the counts that all models have in common; see {@link Stats} for the parameters} */
    protected Stats stats(
            long running,
            long runnable,
            long parked,
            long switches,
            long steals,
            long handoffs,
            int osThreads,
            WaitHistogram waits) {
        long all = tasks.added();
        return new Stats(
                processors(),
                all,
                Math.max(0, all - tasks.live()),
                failures.count(),
                running,
                runnable,
                Math.max(0, parked),
                switches,
                steals,
                handoffs,
                osThreads,
                waits,
                lockStats());
    }

    /**
     * {@return the global lock, or null if there is none}
     *
     * @param options what the builder collected
     */
    protected final @Nullable TimeSlicedLock newLock(Options options) {
        long interval = options.lockIntervalNanos();
        return interval == 0
                ? null
                : new TimeSlicedLock(
                        "the global lock of heddle " + name,
                        id -> id > 0 ? describeThread(id) : "what " + name + "-carrier-" + -id + " executes",
                        model == Model.GREEN,
                        interval,
                        options.seams().parker(),
                        trace);
    }

    /** {@return what was counted of the global lock} */
    protected GlobalLockStats lockStats() {
        return GlobalLockStats.NONE;
    }

    @Override
    public String toString() {
        return model + " heddle " + name;
    }
}
