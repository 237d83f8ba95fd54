package dev.heddle.internal.process;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.Message.Cancel;
import dev.heddle.internal.process.Message.Failure;
import dev.heddle.internal.process.Message.Interrupt;
import dev.heddle.internal.process.Message.LockUse;
import dev.heddle.internal.process.Message.OnCredit;
import dev.heddle.internal.process.Message.Ready;
import dev.heddle.internal.process.Message.Request;
import dev.heddle.internal.process.Message.Result;
import dev.heddle.internal.process.Message.Run;
import dev.heddle.internal.process.Message.Took;
import dev.heddle.internal.process.Payload.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
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
 * IDLE -> BUSY -> IDLE             offer(); the result has come
 * any -> LEAVING                   retire(), kill(), or death: it is given no more tasks
 * LEAVING -> gone                  the process has ended; its ring was read to the end, its memory is freed
 * }</pre>
 *
 * <p>The race that matters is a task's end against the worker's end. The process is first seen dead, then its ring is
 * read once more: a result that was written completely counts. Only then a task that is still here fails, unless the
 * worker has not even read it: then another worker gets it, once. The task is taken out under {@link #lock}, by its
 * result or by the burial, and by nobody else.
 *
 * <p>Invariants: {@code entry}, {@code leaving}, {@code process} and {@code link} are guarded by {@link #lock}. An
 * interrupt or kill for a task is only done while that task is the entry, so that it cannot meet another.
 */
final class Worker implements Runnable {
    /** How long a worker that was asked to exit may take, for its shutdown hooks, before it is killed. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

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
        /** The worker runs the task. */
        TAKEN,
        /** The task has been cancelled. */
        CANCELLED,
        /** The worker takes no more tasks. */
        LEAVING
    }

    private final ProcessHeddle heddle;
    private final String name;

    /** When to start the process, in {@link System#nanoTime}. */
    private final long startAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition retired = lock.newCondition();

    private @Nullable Entry entry;

    /** Up to where the worker has read when it has read the entry, see {@link Link#isRead}. */
    private long entrySent;

    private boolean leaving;

    /** How many tasks it was given. */
    private int given;

    private @Nullable Process process;
    private @Nullable Link link;

    /** Whether the worker has said so. Of the serving thread; read by others to tell who is worth a grace. */
    private volatile boolean ready;

    /** What the heddle was told last by {@link #noteWait}. Of the serving thread. */
    private boolean waits;

    /** When to kill it, in {@link System#nanoTime}, if {@link #retiring}. */
    private volatile long killAt;

    private volatile boolean retiring;

    /** Since when it has been idle, in {@link System#nanoTime}. Guarded by the lock of the heddle. */
    long idleSince;

    /**
     * @param heddle whose worker
     * @param name for messages
     * @param startAt when to start the process, in {@link System#nanoTime}
     */
    Worker(ProcessHeddle heddle, String name, long startAt) {
        this.heddle = heddle;
        this.name = name;
        this.startAt = startAt;
    }

    @Override
    public String toString() {
        return name;
    }

    /** {@return which worker it is, and its process if it has one} For dumps. */
    String description() {
        lock.lock();
        try {
            return "worker " + name + (process == null ? "" : ", process " + process.pid());
        } finally {
            lock.unlock();
        }
    }

    // ---- from other threads

    /**
     * Has the worker run a task. Only called while it is idle.
     *
     * @param next the task
     * @return whether it does
     */
    Offer offer(Entry next) {
        lock.lock();
        try {
            Link to = link;
            if (leaving || to == null) {
                return Offer.LEAVING;
            }
            next.task().attachment = this; // before it can be cancelled while it runs
            if (!next.begin()) {
                return Offer.CANCELLED;
            }
            entry = next;
            given++;
            entrySent = to.send(new Run(next.task().id(), next.job()));
            return Offer.TAKEN;
        } finally {
            lock.unlock();
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
            if (runs(task) && link != null) {
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
        lock.lock();
        try {
            if (runs(task) && process != null) {
                leaving = true; // its result may be here already: the next task must not go to a dying worker
                kill(process);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Not {@link Process#destroyForcibly}, which also closes its standard error: the last lines are still wanted. */
    private static void kill(Process process) {
        process.toHandle().destroyForcibly();
    }

    private boolean runs(TaskCore<?> task) {
        return entry != null && entry.task() == task;
    }

    /** Ends the worker, which has no task: it may exit in order, unless it has only just been started. */
    void retire() {
        lock.lock();
        try {
            leaving = true;
            killAt = System.nanoTime() + GRACE_NANOS;
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
        lock.lock();
        try {
            return entry != null;
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
        try (Link to = new Link(memory.segment(), true, heddle.kind());
                ChannelServer channels = new ChannelServer(to, heddle::shared, name);
                PermitServer permits = new PermitServer(to, heddle::permits, name)) {
            long born = System.currentTimeMillis();
            Process child = born(memory, to);
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
            child.getOutputStream().close();
            readers.forEach(Worker::join);
            Entry unread = cause == null ? takeUnread(to) : null;
            if (unread != null) {
                heddle.again(unread.unread());
            }
            return new DeathReport(
                    name,
                    child.pid(),
                    exitCode,
                    cause,
                    errors.lastLines(),
                    WorkerCommand.errorFileOf(child.pid(), born));
        }
    }

    /** {@return the task that the worker was given, if it has not read it} */
    private @Nullable Entry takeUnread(Link to) {
        lock.lock();
        try {
            leaving = true;
            Entry unread = entry;
            if (unread == null || unread.wasUnread() || to.isRead(entrySent)) {
                return null;
            }
            entry = null;
            return unread;
        } finally {
            lock.unlock();
        }
    }

    private Process born(SharedFile memory, Link to) throws IOException {
        WorkerOptions options = heddle.workerOptions();
        ProcessBuilder builder = new ProcessBuilder(heddle.command(memory.path()));
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
        boolean exited;
        do {
            exited = !child.isAlive(); // before the last look at the ring
            to.serve(message -> {
                switch (message) {
                    case Ready r -> {
                        if (ready) {
                            throw new CorruptFrameException("it said twice that it is ready");
                        }
                        memory.unlink();
                        ready = true;
                        heddle.ready(this, child.pid());
                    }
                    case LockUse use -> heddle.lockUsed(running(use.task()), use.counts());
                    case Result result -> {
                        channels.taskEnded();
                        succeeded(take(result.task()).task(), result.value());
                    }
                    case Failure failure -> {
                        channels.taskEnded();
                        failed(take(failure.task()).task(), failure.failure(), child.pid());
                    }
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
            });
            if (!exited) {
                if (retiring && System.nanoTime() - killAt >= 0) {
                    kill(child);
                }
                if (!ready && System.nanoTime() - born > START_NANOS) {
                    throw new IllegalStateException("it was not ready " + TimeUnit.NANOSECONDS.toSeconds(START_NANOS)
                            + " seconds after its start");
                }
                if (!isBusy()) {
                    heddle.looksIdle(this);
                }
                to.await(noteWait(Math.max(channels.waitingNanos(), permits.waitingNanos())));
            }
        } while (!exited);
    }

    /**
     * Tells the heddle when the worker's task begins to wait for long, and when it goes on.
     *
     * @return how long to sleep at most
     */
    private long noteWait(long nanos) {
        boolean waitsNow = nanos > 0 && isBusy();
        boolean forLong = waitsNow && nanos >= WAIT_NANOS;
        if (forLong != waits) {
            waits = forLong;
            heddle.waits(this, forLong);
        }
        return waitsNow && !forLong ? WAIT_NANOS : LOOK_NANOS;
    }

    /** {@return the task, which the worker says it has run} */
    private TaskCore<?> running(long task) {
        lock.lock();
        try {
            Entry now = entry;
            if (now == null || now.task().id() != task) {
                throw new CorruptFrameException("the lock of task " + task + ", which it was not running");
            }
            return now.task();
        } finally {
            lock.unlock();
        }
    }

    /** The worker is done with the task. */
    private Entry take(long task) {
        Entry ended;
        lock.lock();
        try {
            ended = entry;
            if (ended == null || ended.task().id() != task) {
                throw new CorruptFrameException("a result of task " + task + ", which it was not running");
            }
            entry = null;
        } finally {
            lock.unlock();
        }
        heddle.idle(this); // first the next task, then what this one has to say
        return ended;
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
        ProcessHeddle.settle(task, value, failure);
    }

    private void failed(TaskCore<?> task, byte[] bytes, long pid) {
        Throwable failure =
                RemoteFailure.read(bytes, false, "thrown by " + task + " in " + name + " (process " + pid + ")");
        ProcessHeddle.settle(task, null, failure);
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
        Entry lost;
        lock.lock();
        try {
            leaving = true;
            lost = entry;
            entry = null;
            link = null;
        } finally {
            lock.unlock();
        }
        try {
            heddle.pipes().died(report, lost == null ? null : lost.task());
            heddle.gone(this, report, ready, given());
        } finally {
            if (lost != null) {
                heddle.died(lost, report);
            }
        }
    }
}
