package dev.heddle.internal.process;

import dev.heddle.NotTransferableException;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.os.SharedMemory;
import dev.heddle.internal.process.Message.Cancel;
import dev.heddle.internal.process.Message.Failure;
import dev.heddle.internal.process.Message.Interrupt;
import dev.heddle.internal.process.Message.Ready;
import dev.heddle.internal.process.Message.Request;
import dev.heddle.internal.process.Message.Result;
import dev.heddle.internal.process.Message.Run;
import dev.heddle.internal.process.Payload.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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

    /**
     * A task to be run.
     *
     * @param task the task
     * @param job its job as bytes
     * @param again whether it was given to a worker before, which died without having read it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Entry(TaskCore<?> task, byte[] job, boolean again) {
        /** {@return whether the task is now to be run, since nobody has cancelled it} */
        boolean begin() {
            return again ? !task.isCancelled() : task.begin();
        }
    }

    private final ProcessHeddle heddle;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Entry entry;

    /** Up to where the worker has read when it has read the entry, see {@link Link#isRead}. */
    private long entrySent;

    private boolean leaving;
    private @Nullable Process process;
    private @Nullable Link link;

    /** Whether the worker has said so. Of the serving thread; read by others to tell who is worth a grace. */
    private volatile boolean ready;

    /** What the heddle was told last by {@link #noteWait}. Of the serving thread. */
    private boolean waits;

    /** When to kill it, in {@link System#nanoTime}, if {@link #retiring}. */
    private volatile long killAt;

    private volatile boolean retiring;

    /**
     * @param heddle whose worker
     * @param name for messages
     */
    Worker(ProcessHeddle heddle, String name) {
        this.heddle = heddle;
        this.name = name;
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
            next.task.attachment = this; // before it can be cancelled while it runs
            if (!next.begin()) {
                return Offer.CANCELLED;
            }
            entry = next;
            entrySent = to.send(new Run(next.task.id(), next.job));
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
        return entry != null && entry.task == task;
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
                return; // born() sees that it is leaving
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
        DeathReport report;
        try (SharedMemory memory = SharedMemory.create(heddle.folder(), Link.bytes())) {
            report = live(memory);
        } catch (IOException | RuntimeException | Error e) { // there was no process, or live() has ended it
            report = new DeathReport(name, 0, -1, e, List.of());
        }
        bury(report);
    }

    private DeathReport live(SharedMemory memory) throws IOException {
        try (Link to = new Link(memory.segment(), true, heddle.kind());
                ChannelServer channels = new ChannelServer(to, heddle::shared, name);
                PermitServer permits = new PermitServer(to, heddle::permits, name)) {
            Process child = born(memory, to);
            ErrorOutput errors = new ErrorOutput(child);
            Thread reader = heddle.thread(name + "-stderr", errors);
            Throwable cause = null;
            try {
                reader.start();
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
            join(reader);
            Entry unread = cause == null ? takeUnread(to) : null;
            if (unread != null) {
                heddle.again(unread);
            }
            return new DeathReport(name, child.pid(), exitCode, cause, errors.lastLines());
        }
    }

    /** {@return the task that the worker was given, if it has not read it} */
    private @Nullable Entry takeUnread(Link to) {
        lock.lock();
        try {
            leaving = true;
            Entry unread = entry;
            if (unread == null || unread.again || to.isRead(entrySent)) {
                return null;
            }
            entry = null;
            return unread;
        } finally {
            lock.unlock();
        }
    }

    private Process born(SharedMemory memory, Link to) throws IOException {
        Process child = new ProcessBuilder(heddle.command(memory.file()))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
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
    private void serve(SharedMemory memory, Link to, ChannelServer channels, PermitServer permits, Process child) {
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
                    case Result result -> succeeded(take(result.task()).task, result.value());
                    case Failure failure -> failed(take(failure.task()).task, failure.failure(), child.pid());
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

    /** The worker is done with the task. */
    private Entry take(long task) {
        Entry ended;
        lock.lock();
        try {
            ended = entry;
            if (ended == null || ended.task.id() != task) {
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
        if (!task.isCancelled()) {
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
            heddle.gone(this, report, ready);
        } finally {
            if (lost != null) {
                ProcessHeddle.settle(lost.task, null, report.failure(lost.task));
            }
        }
    }
}
