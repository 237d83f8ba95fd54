package dev.heddle.internal;

import dev.heddle.GlobalLockStats;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.permit.Holdings;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A started job, in every model.
 *
 * <p>Problem: joiners, cancellers and the code itself meet here, from any thread, and there may be a million of these.
 * Rejected: {@link java.util.concurrent.FutureTask}, whose joiners can only park, where the owner of fibers must run
 * them; {@link java.util.concurrent.CompletableFuture}, which cannot interrupt its code. Approach: one state word that
 * moves once to an end state by compare-and-set, and a stack of those to wake then.
 *
 * <pre>{@code
 * QUEUED  -> RUNNING                       begin(): the model begins to execute the job
 * RUNNING -> QUEUED                        putBack(): it has not
 * QUEUED  -> CANCELLED                     cancel() before that: the job never runs
 * RUNNING -> SUCCEEDED | FAILED            settle(): the code has ended
 * RUNNING -> CANCELLED                     cancel(): the code may go on for a while
 * RUNNING -> TIMED_OUT                     timedOut(): it has failed, and the code may go on for a while
 * }</pre>
 *
 * <p>Under PROCESS the code of a running task may be begun {@linkplain #beginAgain again}, when the worker has died.
 *
 * <p>Invariants: {@code outcome} is written by the thread that settles, before its compare-and-set into an end state, and read
 * only after the state was read as succeeded or failed. The heddle is told {@link HeddleCore#ended}
 * exactly once, when the code can no longer run: after {@code settle}, or in {@code cancel} of a queued task. It then calls
 * {@link #over}.
 *
 * @param <T> the type of the result
 */
public final class TaskCore<T extends @Nullable Object> implements Task<T>, Runnable, Blocker {
    private static final int QUEUED = 0;
    private static final int RUNNING = 1;
    private static final int SUCCEEDED = 2;
    private static final int FAILED = 3;
    private static final int CANCELLED = 4;
    private static final int TIMED_OUT = 5;

    /** Instead of a result, where the job was not called. */
    private static final Object NEVER = new Object();

    private static final VarHandle STATE;
    private static final VarHandle WAITERS;
    private static final VarHandle RUNNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(TaskCore.class, "state", int.class);
            WAITERS = lookup.findVarHandle(TaskCore.class, "waiters", Waiter.class);
            RUNNER = lookup.findVarHandle(TaskCore.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HeddleCore heddle;
    private final Callable<? extends T> job;
    private final boolean detached;

    /** Null where the options ask for nothing. */
    private final @Nullable Attempts attempts;

    private volatile int state = QUEUED;
    private volatile @Nullable Waiter waiters;
    private volatile boolean observed;
    private volatile @Nullable Thread runner;
    private @Nullable Object outcome;

    /** Who is told by {@link #over}, until then. Written before the task is launched, and by whoever ends it. */
    private @Nullable TaskOwner<T> owner;

    /** Guarded by the lock of {@link Failures}. */
    boolean failureDropped;

    /** Whether it counts for the {@link TaskLimit}; written before it is launched. */
    boolean limited;

    /** How long a processor or carrier was its own, as far as that is measured; written by the thread that executes it. */
    public volatile long mountedNanos;

    /** What it did with the global lock of its heddle, once it has begun; null without one. */
    public volatile @Nullable LockCounts lockCounts;

    /** Where {@link TaskRegistry} has the task; set before anybody else can see the task. */
    TaskRegistry.@Nullable Chunk chunk;

    byte slot;

    /** What the model keeps with the task; written and read as the model says. {@link Unreachable} uses it of tasks that wait. */
    public volatile @Nullable Object attachment;

    /**
     * @param heddle who runs it
     * @param job what to run
     * @param detached whether nobody holds the task, so that its failure goes to the uncaught handler at once
     */
    TaskCore(HeddleCore heddle, Callable<T> job, boolean detached) {
        this.heddle = heddle;
        this.job = job;
        this.detached = detached;
        this.attempts = null;
    }

    /**
     * @param heddle who runs it
     * @param job what to run
     * @param options how to run it
     */
    TaskCore(HeddleCore heddle, Callable<? extends T> job, TaskOptions options) {
        this.heddle = heddle;
        this.job = job;
        this.detached = false;
        this.attempts = Attempts.of(this, options);
    }

    /**
     * A task of somebody who tells of its failure.
     *
     * @param heddle who runs it
     * @param job what to run
     * @param options how to run it
     * @param owner who is told once the code has ended
     */
    TaskCore(HeddleCore heddle, Callable<? extends T> job, TaskOptions options, TaskOwner<T> owner) {
        this.heddle = heddle;
        this.job = job;
        this.detached = false;
        this.attempts = Attempts.of(this, options);
        this.owner = owner;
        this.observed = true;
    }

    /** Someone to call when the task has ended. The list is immutable but for its head. */
    private record Waiter(Runnable wake, @Nullable Waiter next) {}

    /** {@return where the registry has the task, which must have been added} */
    TaskRegistry.Chunk chunk() {
        return Objects.requireNonNull(chunk);
    }

    // ---- for the models

    /** {@return the code to run} */
    public Callable<? extends T> job() {
        return job;
    }

    /** Executes the job on the calling thread, unless the task was cancelled before. */
    @Override
    public void run() {
        Thread me = Thread.currentThread();
        RUNNER.setRelease(this, me); // whoever sees that it has begun sees it
        heddle.runs(this, me);
        execute(true);
    }

    /** Executes the job in the thread of whoever starts it. */
    void runInCaller() {
        execute(false);
    }

    private void execute(boolean onItsOwn) {
        Object value = null;
        Throwable failure = null;
        try {
            value = heddle.call(this, onItsOwn);
        } catch (Throwable t) { // even an Error belongs to whoever joins the task
            failure = t;
        }
        if (value != NEVER) {
            settle(value, failure);
        }
    }

    /**
     * Begins the task, unless it was cancelled before, and calls its job.
     *
     * @param onItsOwn whether the calling thread is the task's own
     * @return what the heddle's {@code call} is to return
     * @throws Exception what the job throws
     */
    public @Nullable Object beginAndCall(boolean onItsOwn) throws Exception {
        if (!begin()) {
            return NEVER;
        }
        if (onItsOwn) {
            heddle.began(this);
        }
        return job.call();
    }

    /** {@return whether the job may be executed now} After true, {@link #settle} must follow once the code has ended. */
    public boolean begin() {
        boolean begun = STATE.compareAndSet(this, QUEUED, RUNNING);
        if (begun && attempts != null) {
            attempts.begin();
        }
        return begun;
    }

    /** The code is not being executed any more: it has ended, or its worker has died. */
    public void attemptEnded() {
        if (attempts != null) {
            attempts.end();
        }
    }

    /** {@return whether the job may be executed once more, after {@link #attemptEnded}} If so, {@link #settle} must follow. */
    public boolean beginAgain() {
        if (isDone()) {
            return false;
        }
        if (attempts != null) {
            attempts.begin();
        }
        return true;
    }

    /** {@return whether the job, which was begun and not executed, waits again as if it had not been} If not, settle it. */
    public boolean putBack() {
        return STATE.compareAndSet(this, RUNNING, QUEUED);
    }

    /** {@return whether there is a time limit, or may be several attempts} */
    public boolean hasOptions() {
        return attempts != null;
    }

    /** {@return how often the job may be executed once more} */
    public int retries() {
        return attempts == null ? 0 : attempts.retries();
    }

    /**
     * The code has taken too long: ends the task, and then the code as far as possible, unless it has just ended by itself. That
     * also goes for the code of a task that was cancelled, and does not listen.
     */
    void timedOut() {
        if (end(RUNNING, TIMED_OUT) || isCancelled()) {
            heddle.stop(this);
        }
    }

    /**
     * The code has ended. If the task was cancelled or timed out meanwhile, the result is dropped.
     *
     * @param value the result, if {@code failure} is null
     * @param failure what the job threw, or null
     */
    public void settle(@Nullable Object value, @Nullable Throwable failure) {
        attemptEnded();
        Thread thread = runner;
        if (thread != null) {
            Holdings.abandon(); // before a joiner can look for what the task held
            heddle.ending(this, waiters != null);
            RUNNER.setRelease(this, null);
        }
        outcome = failure == null ? value : failure;
        boolean ended = end(RUNNING, failure == null ? SUCCEEDED : FAILED);
        if (!ended) {
            outcome = null; // nobody reads this
        }
        heddle.ended(this, ended ? failure : exceeded(), thread == null ? 0 : thread.threadId());
    }

    /** Moves to an end state; pairs with the read in isDone, and publishes the outcome. */
    private boolean end(int from, int to) {
        if (!STATE.compareAndSet(this, from, to)) {
            return false;
        }
        // A waiter pushes itself, then reads the state; we have written the state, then look for waiters.
        if (waiters != null) {
            for (Waiter w = (Waiter) WAITERS.getAndSet(this, null); w != null; w = w.next) {
                w.wake.run();
            }
        }
        return true;
    }

    /** The heddle has done what there was to do when the code has ended. */
    void over() {
        TaskOwner<T> told = owner;
        if (told != null) {
            owner = null; // a future that somebody keeps must not keep what else its owner has
            told.ended(this);
        }
    }

    /** {@return whether it was ever live} If so, {@link #over} comes. */
    boolean wasLive() {
        return chunk != null;
    }

    /** {@return whether the code can still run, of a task that was ever live} */
    boolean isLive() {
        return chunk().has(slot);
    }

    /** {@return whether a failure must go to the uncaught handler at once} */
    boolean isDetached() {
        return detached;
    }

    /** {@return whether somebody has seen how the task ended} */
    boolean isObserved() {
        return observed;
    }

    /** {@return the thread that executes the job, if it runs in this JVM and has begun} */
    public @Nullable Thread runner() {
        return runner;
    }

    /**
     * Has {@code wake} called once when the task has ended: by the thread that ends it, or now if it has ended.
     *
     * @param wake must be quick and must not throw
     */
    void whenDone(Runnable wake) {
        push(wake);
        if (isDone() && remove(wake)) {
            wake.run();
        }
    }

    private void push(Runnable wake) {
        Waiter head;
        do {
            head = waiters;
        } while (!WAITERS.compareAndSet(this, head, new Waiter(wake, head)));
    }

    private boolean remove(Runnable wake) {
        while (true) {
            Waiter head = waiters;
            Waiter without = null;
            boolean found = false;
            for (Waiter w = head; w != null; w = w.next) {
                if (w.wake == wake) {
                    found = true;
                } else {
                    without = new Waiter(w.wake, without);
                }
            }
            if (!found) {
                return false;
            }
            if (WAITERS.compareAndSet(this, head, without)) {
                return true;
            }
        }
    }

    // ---- Task

    @Override
    public long id() {
        return chunk().id(slot);
    }

    @Override
    public HeddleCore heddle() {
        return heddle;
    }

    @Override
    public T join() throws InterruptedException {
        await(Parker.FOREVER);
        try {
            return result();
        } catch (ExecutionException e) {
            Throwable cause = failure();
            throw new TaskFailedException(this + " failed: " + cause, cause);
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        await(Parker.FOREVER);
        return result();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(Parker.nanos(timeout, unit))) {
            throw new TimeoutException(this + " has not ended within " + timeout + " " + unit);
        }
        return result();
    }

    private boolean await(long nanos) throws InterruptedException {
        if (isDone()) {
            return true;
        }
        if (runner == Thread.currentThread()) {
            throw new IllegalStateException(this + " joins itself and would wait for ever: let another task join it");
        }
        Thread me = Thread.currentThread();
        Runnable wake = () -> Parker.wake(me);
        push(wake);
        try {
            return Parker.await(this, this::isDone, nanos);
        } finally {
            if (!isDone()) {
                remove(wake);
            }
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the outcome of a task that succeeded is the job's T
    private T result() throws ExecutionException {
        return switch (state) {
            case SUCCEEDED -> (T) outcome;
            case FAILED, TIMED_OUT -> {
                observe();
                throw new ExecutionException(failure());
            }
            default -> throw new CancellationException(this + " was cancelled");
        };
    }

    /** Somebody has seen how the task ended, or will not ask: a failure of it need not be reported any more. */
    void observe() {
        if (!observed) {
            observed = true; // before failureObserved takes the lock under which add() reads it
            if (hasFailed()) {
                heddle.failureObserved(this);
            }
        }
    }

    private boolean hasFailed() {
        int now = state;
        return now == FAILED || now == TIMED_OUT;
    }

    /** {@return why the task, which has ended, has failed, or null if it has not} Nobody has seen it by this. */
    @Nullable
    Throwable failureOrNull() {
        return hasFailed() ? failure() : null;
    }

    private @Nullable Throwable exceeded() {
        return state == TIMED_OUT && attempts != null ? attempts.exceeded() : null;
    }

    private Throwable failure() {
        Throwable exceeded = exceeded();
        if (exceeded != null) {
            return exceeded;
        }
        return outcome instanceof Throwable t ? t : new AssertionError("not failed: " + this);
    }

    @Override
    public Optional<Duration> cpuTime() {
        return heddle.cpuTime(this);
    }

    @Override
    public GlobalLockStats lockStats() {
        LockCounts counts = lockCounts;
        return counts == null ? GlobalLockStats.NONE : counts.stats();
    }

    @Override
    public boolean cancel(boolean interrupt) {
        if (cancelQueued()) {
            return true;
        }
        if (end(RUNNING, CANCELLED)) {
            heddle.takeBack(this); // it may have been given to a worker meanwhile, which has not begun it
            if (interrupt) {
                heddle.interrupt(this);
            }
            return true;
        }
        return false;
    }

    /** {@return whether this call ended the task, which had not begun and never will} */
    boolean cancelQueued() {
        heddle.takeBack(this);
        if (!end(QUEUED, CANCELLED)) {
            return false;
        }
        heddle.ended(this, null, 0);
        return true;
    }

    @Override
    public Reason reason() {
        return Reason.JOIN;
    }

    @Override
    public String purpose() {
        return "join " + this;
    }

    @Override
    public TaskCore<?> joined() {
        return this;
    }

    @Override
    public boolean kill() {
        return heddle.kill(this);
    }

    @Override
    public boolean isCancelled() {
        return state == CANCELLED;
    }

    @Override
    public boolean isDone() {
        return state > RUNNING;
    }

    @Override
    public T resultNow() {
        if (state != SUCCEEDED) {
            throw new IllegalStateException(this + " has no result: its state is " + state());
        }
        try {
            return result();
        } catch (ExecutionException e) {
            throw new AssertionError(e); // excluded by the state
        }
    }

    @Override
    public Throwable exceptionNow() {
        if (!hasFailed()) {
            throw new IllegalStateException(this + " has not failed: its state is " + state());
        }
        observe();
        return failure();
    }

    @Override
    public State state() {
        return switch (state) {
            case SUCCEEDED -> State.SUCCESS;
            case FAILED, TIMED_OUT -> State.FAILED;
            case CANCELLED -> State.CANCELLED;
            default -> State.RUNNING;
        };
    }

    @Override
    public String toString() {
        return "task " + id() + " of heddle " + heddle.name();
    }
}
