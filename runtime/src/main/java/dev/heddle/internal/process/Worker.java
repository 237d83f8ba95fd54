package dev.heddle.internal.process;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.channel.ChannelServer;
import dev.heddle.internal.process.channel.PermitServer;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Cancel;
import dev.heddle.internal.process.link.Message.Failure;
import dev.heddle.internal.process.link.Message.Interrupt;
import dev.heddle.internal.process.link.Message.LockUse;
import dev.heddle.internal.process.link.Message.OnCredit;
import dev.heddle.internal.process.link.Message.Ready;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.process.link.Message.Result;
import dev.heddle.internal.process.link.Message.Took;
import dev.heddle.internal.process.link.Message.TraceKept;
import dev.heddle.internal.process.link.Message.TraceWanted;
import dev.heddle.internal.process.start.WorkerCommand;
import dev.heddle.internal.process.start.WorkerCpus;
import dev.heddle.internal.process.worker.WorkerMain;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parent's picture of one worker, and the thread that serves it from its birth to its burial.
 *
 * <pre>{@code
 * STARTING -> IDLE                 the worker says that it is ready
 * IDLE -> BUSY -> IDLE             offer(); the results of all have come, or takeBack()
 * any -> LEAVING                   retire(), kill(), or death: it is given no more tasks
 * LEAVING -> gone                  the process has ended; its ring was read to the end, its memory is freed
 * }</pre>
 *
 * <p>The race that matters is a task's end against the worker's end. The process is first seen dead, then its ring is
 * read once more: a result that was written completely counts. Only then a task that was begun fails; another worker gets those that
 * were not, but if none was begun, the first of them only once. A task is taken out under {@link #lock}, by its result, by
 * {@link #takeBack} or by the burial.
 *
 * <p>A worker whose tasks are short is given some {@linkplain GivenTasks ahead}, as long as others are queued and no worker is idle.
 * They are taken back when it has not ended a task for as long as all of them should take, so none of them waits for much longer
 * behind one that turns out to be long.
 *
 * <p>Invariants: {@code tasks}, {@code leaving}, {@code process} and {@code link} are guarded by {@link #lock}. Whoever makes
 * {@code tasks} empty tells the pool that the worker is idle. A process is killed for a task only if it has begun that one and no
 * other since, and cannot.
 */
final class Worker implements Runnable {
    /** How long to wait for the rest of a dead worker's standard error, which its child processes may hold open. */
    private static final long LAST_LINES_MILLIS = 300;

    /** How long a task must have waited in a channel to make room for another: a worker is dear, most waits are short. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long a process may take to be ready. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How often to look at the process itself, in case that nobody rings. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** What came of an offer. */
    enum Offer {
        /** The worker runs them, but for those that have been cancelled. */
        TAKEN,
        /** All have been cancelled. */
        CANCELLED,
        /** The worker takes no more tasks. */
        LEAVING
    }

    private final ProcessHeddle heddle;
    private final WorkerPool pool;

    /** Among those of the heddle, from 1. */
    final int number;

    private final String name;

    /** When to start the process, in {@link System#nanoTime}. */
    private final long startAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition retired = lock.newCondition();

    private final GivenTasks tasks = new GivenTasks();

    private boolean leaving;

    /** How many tasks it was given, also if they were taken back. */
    private int given;

    private @Nullable Process process;
    private @Nullable Link link;

    /** Whether it was given the start-up cache. Of the serving thread. */
    private boolean cached;

    /** Whether the worker has said so. Of whoever serves the link; read by others to tell who is worth a grace. */
    private volatile boolean ready;

    /** What the pool was told last by {@link #noteWait}. Of the serving thread. */
    private boolean waits;

    /** When to kill it, in {@link System#nanoTime}, if {@link #retiring}. */
    private volatile long killAt;

    private volatile boolean retiring;

    /** Since when it has been idle, in {@link System#nanoTime}. Guarded by the lock of the pool. */
    long idleSince;

    /**
     * @param heddle whose worker, for what it needs
     * @param pool who gives it tasks
     * @param number among its workers, from 1
     * @param startAt when to start the process, in {@link System#nanoTime}
     */
    Worker(ProcessHeddle heddle, WorkerPool pool, int number, long startAt) {
        this.heddle = heddle;
        this.pool = pool;
        this.number = number;
        this.name = heddle.laneName(number);
        this.startAt = startAt;
    }

    @Override
    public String toString() {
        return name;
    }

    /** {@return what the worker does with a task that it was given, in words} For dumps. */
    String whereabouts(TaskCore<?> task) {
        lock.lock();
        try {
            return (tasks.isAhead(task) ? "is ahead in worker " : "executes in worker ")
                    + name
                    + (process == null ? "" : ", process " + process.pid());
        } finally {
            lock.unlock();
        }
    }

    // ---- from other threads

    /**
     * Has the worker run tasks, one after the other.
     *
     * @param next the tasks
     * @param idle whether it has none, or else has some and is to go on with these
     * @return whether it does
     */
    Offer offer(List<Entry> next, boolean idle) {
        List<Entry> cancelled = new ArrayList<>();
        lock.lock();
        try {
            Link to = link;
            if (leaving || to == null || tasks.isEmpty() != idle) {
                return Offer.LEAVING;
            }
            for (Entry entry : next) {
                entry.task().attachment = this; // before it can be cancelled while it runs
                if (entry.begin()) {
                    given++;
                    tasks.give(entry, to);
                } else {
                    cancelled.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        cancelled.forEach(WorkerPool::cancelled);
        return cancelled.size() == next.size() ? Offer.CANCELLED : Offer.TAKEN;
    }

    /** {@return how many tasks more than one it may be given} */
    int mostAhead() {
        lock.lock();
        try {
            return tasks.mostAhead();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes back the tasks that the worker has not begun, and queues them again. If one of them is to be cancelled, it is left to
     * the caller; if the worker does not have that one, nothing is done.
     *
     * @param cancelled the one to be cancelled, or null for none
     */
    void takeBack(@Nullable TaskCore<?> cancelled) {
        takeBack(cancelled, false);
    }

    private void takeBack(@Nullable TaskCore<?> cancelled, boolean kill) {
        Deque<Entry> back;
        boolean idle;
        lock.lock();
        try {
            Link to = link;
            if (to == null || (cancelled != null && !tasks.has(cancelled))) {
                return;
            }
            back = tasks.takeBack(to.begun());
            idle = !back.isEmpty() && tasks.isEmpty();
            if (kill && cancelled != null && tasks.isLast(cancelled) && process != null) {
                leaving = true; // its result may be here already: the next task must not go to a dying worker
                kill(process);
            } // else it has not begun it, or has gone on to another
        } finally {
            lock.unlock();
        }
        pool.putBack(back, cancelled);
        if (idle) {
            pool.idle(this);
        }
    }

    /**
     * Interrupts the code of a task, if it still runs.
     *
     * @param task the task
     */
    void interrupt(TaskCore<?> task) {
        lock.lock();
        try {
            if (link != null && tasks.has(task)) {
                link.send(new Interrupt(task.id()));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Kills the process if it still runs the task.
     *
     * @param task the task
     */
    void kill(TaskCore<?> task) {
        takeBack(task, true);
    }

    /** Not {@link Process#destroyForcibly}, which also closes its standard error: the last lines are still wanted. */
    private static void kill(Process process) {
        process.toHandle().destroyForcibly();
    }

    /** Ends the worker, which has no task: it may exit in order, unless it has only just been started. */
    void retire() {
        lock.lock();
        try {
            leaving = true;
            killAt = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(heddle.workerOptions().exitMillis());
            retiring = true;
            Process child = process;
            if (child == null) {
                retired.signal(); // born() sees that it is leaving
                return;
            }
            if (ready) {
                writeRetire(child);
            } else {
                kill(child);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void writeRetire(Process child) {
        try (OutputStream in = child.getOutputStream()) {
            in.write(WorkerMain.RETIRE);
        } catch (IOException e) {
            kill(child); // it has died already, or cannot be asked
        }
    }

    /** Asks it for what it has recorded. {@return whether it will answer, unless it dies} */
    boolean askForTrace() {
        lock.lock();
        try {
            Link to = link;
            boolean able = ready && to != null && !retiring;
            if (able && to != null) {
                to.send(new TraceWanted());
            }
            return able;
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many tasks it was given} */
    int given() {
        lock.lock();
        try {
            return given;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether it runs a task} */
    boolean isBusy() {
        return size() > 0;
    }

    /** {@return how many tasks it was given and has not ended} */
    int size() {
        lock.lock();
        try {
            return tasks.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- the serving thread

    @Override
    public void run() {
        awaitStart();
        DeathReport report;
        try (SharedFile memory = SharedFile.create(heddle.files(), Link.bytes())) {
            report = live(memory);
        } catch (IOException | RuntimeException | Error e) { // there was no process, or live() has ended it
            report = new DeathReport(name, 0, -1, e, List.of(), null);
        }
        bury(report);
    }

    private void awaitStart() {
        lock.lock();
        try {
            long left = startAt - System.nanoTime();
            while (left > 0 && !leaving) {
                left = retired.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that to it; then it starts at once
        } finally {
            lock.unlock();
        }
    }

    private Consumer<String> sink(@Nullable BiConsumer<String, String> output) {
        if (output == null) {
            return line -> System.err.println(line);
        }
        BiConsumer<String, String> told = output;
        return line -> told.accept(name, line);
    }

    private DeathReport live(SharedFile memory) throws IOException {
        try (WorkerCpus cpus = WorkerCpus.choose(heddle.workerOptions().cpus());
                Link to = new Link(memory.segment(), true, heddle.kind());
                ChannelServer channels = new ChannelServer(to, heddle.ends()::find, name);
                PermitServer permits = new PermitServer(to, heddle::permits, name)) {
            long born = System.currentTimeMillis();
            Process child = born(memory, to);
            cpus.confine(child.pid());
            to.send(WorkerMain.firstTask()); // while the process starts
            @Nullable BiConsumer<String, String> output = heddle.workerOptions().output();
            WorkerOutput errors = new WorkerOutput(child.errorReader(), sink(output));
            List<Thread> readers = new ArrayList<>();
            readers.add(heddle.thread(name + "-stderr", errors));
            if (output != null) {
                readers.add(heddle.thread(name + "-stdout", new WorkerOutput(child.inputReader(), sink(output))));
            }
            Throwable cause = null;
            try {
                readers.forEach(Thread::start);
                serve(memory, to, channels, permits, child);
            } catch (RuntimeException | Error e) { // CorruptFrameException, or no memory for what came
                cause = e;
            } finally {
                kill(child);
                channels.cancelAll(); // at once: what others send from now on is for those who live
            }
            int exitCode = exitCode(child);
            permits.buried(); // not before it can no longer touch what they guard
            takeBackFromDead(to, cause == null);
            child.getOutputStream().close();
            readers.forEach(Worker::join);
            return new DeathReport(
                    name,
                    child.pid(),
                    exitCode,
                    cause,
                    errors.lastLines(),
                    WorkerCommand.errorFileOf(child.pid(), born));
        }
    }

    /**
     * Queues the tasks again that the dead worker had not begun.
     *
     * @param innocent whether none of them can be why it died
     */
    private void takeBackFromDead(Link to, boolean innocent) {
        Deque<Entry> back;
        lock.lock();
        try {
            leaving = true;
            link = null; // its memory will be freed before bury()
            back = tasks.takeBackFromDead(to.begun(), innocent);
        } finally {
            lock.unlock();
        }
        pool.putBack(back, null);
    }

    private Process born(SharedFile memory, Link to) throws IOException {
        WorkerOptions options = heddle.workerOptions();
        cached = heddle.cache().isThere();
        ProcessBuilder builder = new ProcessBuilder(heddle.command(memory.path(), cached));
        builder.environment().putAll(options.environment());
        if (options.folder() != null) {
            builder.directory(options.folder().toFile());
        }
        if (options.output() == null) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        Process child = builder.start();
        child.onExit().thenRun(to::peerGone);
        lock.lock();
        try {
            process = child;
            link = to;
            if (leaving) {
                kill(child);
            }
        } finally {
            lock.unlock();
        }
        return child;
    }

    /** Serves the worker until its process has ended and its ring has been read to the end. */
    private void serve(SharedFile memory, Link to, ChannelServer channels, PermitServer permits, Process child) {
        long born = System.nanoTime();
        to.begin(message -> take(message, memory, channels, permits, child.pid()));
        try {
            boolean exited;
            do {
                exited = !child.isAlive(); // before the last look at the ring
                to.serve();
                if (!exited) {
                    to.await(look(to, channels, permits, child, born));
                    takeBackIfLate();
                }
            } while (!exited);
        } finally {
            to.end();
        }
    }

    /** Does what a message of the worker is about. Called by whoever serves the link: the serving thread, or one that helps it. */
    private void take(Message message, SharedFile memory, ChannelServer channels, PermitServer permits, long pid) {
        switch (message) {
            case Ready r -> {
                if (ready) {
                    throw new CorruptFrameException("it said twice that it is ready");
                }
                memory.unlink();
                ready = true;
                heddle.ready(this, pid);
                if (heddle.cache().isOfInterest(cached)) {
                    heddle.thread(name + "-cache", () -> heddle.cache().started(pid, cached))
                            .start();
                }
            }
            case Result result when result.task() == WorkerMain.FIRST_TASK -> {}
            case Failure failure when failure.task() == WorkerMain.FIRST_TASK -> {} // and so will others fail
            case LockUse use -> heddle.lockUsed(running(use.task()), use.counts());
            case Result result -> {
                channels.taskEnded();
                succeeded(take(result.task()).task(), result.value());
            }
            case Failure failure -> {
                channels.taskEnded();
                failed(take(failure.task()).task(), failure.failure(), pid);
            }
            case TraceKept kept -> heddle.traceCame(this, kept);
            case OnCredit sent -> channels.serve(sent);
            case Took took -> channels.serve(took);
            case Request request -> {
                if (request.op().isOfPermits()) {
                    permits.serve(request);
                } else {
                    channels.serve(request);
                }
            }
            case Cancel cancel -> {
                channels.cancel(cancel.request());
                permits.cancel(cancel.request());
            }
            default -> throw new CorruptFrameException("a parent was sent " + message);
        }
    }

    /** Looks at what nobody rings for: {@return how long to sleep at most} */
    private long look(Link to, ChannelServer channels, PermitServer permits, Process child, long born) {
        to.serving().lock();
        try {
            if (retiring && System.nanoTime() - killAt >= 0) {
                kill(child);
            }
            if (!ready && System.nanoTime() - born > START_NANOS) {
                throw new IllegalStateException(
                        "it was not ready " + TimeUnit.NANOSECONDS.toSeconds(START_NANOS) + " seconds after its start");
            }
            int size = size();
            if (size == 0) {
                pool.looksIdle(this);
            }
            long longest = noteWait(Math.max(channels.waitingNanos(), permits.waitingNanos()));
            if (to.takeHelped()) {
                longest = Math.min(longest, WAIT_NANOS); // who helps does not look whether the task waits
            }
            return size > 1 ? Math.min(longest, GivenTasks.AHEAD_NANOS) : longest;
        } finally {
            to.serving().unlock();
        }
    }

    /**
     * Tells the pool when the worker's task begins to wait for long, and when it goes on.
     *
     * @return how long to sleep at most
     */
    private long noteWait(long nanos) {
        boolean waitsNow = nanos > 0 && isBusy();
        boolean forLong = waitsNow && nanos >= WAIT_NANOS;
        if (forLong != waits) {
            waits = forLong;
            pool.waits(this, forLong);
        }
        return waitsNow && !forLong ? WAIT_NANOS : LOOK_NANOS;
    }

    /** {@return the task, which the worker says it has run} */
    private TaskCore<?> running(long task) {
        lock.lock();
        try {
            return tasks.running(task).task();
        } finally {
            lock.unlock();
        }
    }

    /** The worker is done with the task. */
    private Entry take(long task) {
        Entry ended;
        int left;
        int most;
        lock.lock();
        try {
            ended = tasks.ended(task);
            left = tasks.size();
            most = tasks.mostAhead();
        } finally {
            lock.unlock();
        }
        if (left == 0) { // first the next task, then what this one has to say
            pool.idle(this);
        } else if (left <= most / 2) {
            pool.giveAhead(this, 1 + most - left);
        }
        return ended;
    }

    private void takeBackIfLate() {
        boolean late;
        lock.lock();
        try {
            late = tasks.size() > 1 && tasks.isLate();
        } finally {
            lock.unlock();
        }
        if (late) {
            takeBack(null);
        }
    }

    private void succeeded(TaskCore<?> task, byte[] bytes) {
        Object value = null;
        NotTransferableException failure = null;
        if (!task.isDone()) {
            try {
                value = Payload.read(bytes, Role.RESULT, false);
            } catch (NotTransferableException e) {
                failure = e;
            }
        }
        WorkerPool.settle(task, value, failure);
    }

    private void failed(TaskCore<?> task, byte[] bytes, long pid) {
        Throwable failure =
                RemoteFailure.read(bytes, false, "thrown by " + task + " in " + name + " (process " + pid + ")");
        WorkerPool.settle(task, null, failure);
    }

    private static int exitCode(Process child) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return child.waitFor();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void join(Thread reader) {
        try {
            reader.join(LAST_LINES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // some lines may be missing
        }
    }

    private void bury(DeathReport report) {
        Deque<Entry> lost;
        lock.lock();
        try {
            leaving = true;
            lost = tasks.lost();
            link = null;
        } finally {
            lock.unlock();
        }
        boolean refused = cached && !ready && report.isOwnDoing();
        if (refused) {
            heddle.cache().refused(report.sentence("at its start", "")); // first: the next one starts without
        }
        Entry running = lost.peekLast();
        // Whatever one of these throws, be it for lack of memory: without the others somebody would wait for ever.
        // Pipes first,
        // since the heddle may end and forget them as soon as its last worker is gone.
        try {
            heddle.pipes().died(report.pid(), () -> report.failureOfPipe(running == null ? null : running.task()));
        } finally {
            try {
                heddle.gone(this, report, ready, given() == 0 && !refused);
            } finally {
                lost.forEach(entry -> pool.died(entry, report));
            }
        }
    }
}
