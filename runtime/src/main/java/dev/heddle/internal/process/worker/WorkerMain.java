package dev.heddle.internal.process.worker;

import dev.heddle.Job;
import dev.heddle.internal.Parker;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.os.Futex;
import dev.heddle.internal.os.OwnProcess;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.permit.Holdings;
import dev.heddle.internal.process.channel.ChannelClient;
import dev.heddle.internal.process.form.Handle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.BegunCount;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Failure;
import dev.heddle.internal.process.link.Message.Interrupt;
import dev.heddle.internal.process.link.Message.LockUse;
import dev.heddle.internal.process.link.Message.Ready;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Result;
import dev.heddle.internal.process.link.Message.Run;
import dev.heddle.internal.process.link.Message.TraceWanted;
import dev.heddle.internal.trace.Trace;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The program that a worker runs: one task after the other, on the main thread, so that a job finds itself where a
 * program of its own would.
 *
 * <p>Two threads beside it: one serves the link to the parent, one waits at standard input. That is a pipe whose other
 * end only the parent has, so its end means that the parent is gone, however it went, and the worker halts at once,
 * whatever its task is doing. Rejected: to ask for a signal at the parent's death, which Linux sends when the thread
 * ends that started the worker; to look at the parent's process id from time to time.
 *
 * <p>To retire a worker the parent writes a byte there. The two threads then leave their native calls before the JVM
 * ends; it would wait 300 ms for them.
 *
 * <p>The race that matters is an interrupt for a task against the task's begin and end: all under {@link #lock}. The parent
 * sends none before it has seen in the {@link BegunCount} that the task was begun; at the end the thread's flag is cleared, so that
 * no interrupt reaches the next task.
 */
public final class WorkerMain {
    /** Exit codes; only seen where something is wrong. */
    private static final int PARENT_IS_GONE = 75;

    private static final int INTERNAL_ERROR = 70;

    private static final int EXIT_TOO_SLOW = 76;

    /** What the parent writes to standard input to have a worker without a task exit in order. */
    public static final int RETIRE = 'x';

    /** The id of {@link #firstTask}, whose result nobody waits for. */
    public static final long FIRST_TASK = 0;

    /** How much more patient a worker is with its own exit than the parent, which should be the one to end it. */
    private static final long PATIENCE_MILLIS = 500;

    private static final long BEHIND_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long AWAIT_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    private final Link link;
    private final Doorbell.Kind kind;
    private final long exitMillis;
    private final ChannelClient channels;
    private final WorkerThings things;

    /** Null if nothing is recorded. */
    private final @Nullable WorkerTrace trace;

    /** The global lock of this process, or null. */
    private final @Nullable TimeSlicedLock globalLock;

    private final Thread main = Thread.currentThread();
    private final BlockingQueue<Optional<Run>> next = new LinkedBlockingQueue<>();

    private volatile boolean retired;

    private final ReentrantLock lock = new ReentrantLock();

    /** The task whose code runs, or 0. Guarded by lock. */
    private long current;

    private WorkerMain(
            Link link, Doorbell.Kind kind, long exitMillis, long lockInterval, long traceBytes, boolean traceStacks) {
        this.trace = traceBytes == 0 ? null : new WorkerTrace(traceBytes, traceStacks);
        this.link = link;
        this.kind = kind;
        this.exitMillis = exitMillis;
        this.channels = trace == null ? new ChannelClient(link) : new ChannelClient(link, trace, trace::woken);
        this.things = new WorkerThings(channels, kind);
        this.globalLock = lockInterval == 0
                ? null
                : new TimeSlicedLock(
                        "the global lock of this worker",
                        id -> "thread #" + id,
                        false,
                        lockInterval,
                        Parker.THREAD,
                        trace == null ? Trace.OFF : trace);
    }

    /**
     * {@return the arguments for {@link #main}}
     *
     * @param memory the shared memory
     * @param heddle the random number of the heddle
     * @param kind how both sides park
     * @param exitMillis how long an exit in order may take
     * @param lockInterval the interval of the global lock, in nanoseconds, or 0 for none
     * @param traceBytes how much memory to use for what is recorded, or 0 to record nothing
     * @param traceStacks whether to note where tasks wait
     */
    public static List<String> arguments(
            Path memory,
            long heddle,
            Doorbell.Kind kind,
            long exitMillis,
            long lockInterval,
            long traceBytes,
            boolean traceStacks) {
        return List.of(
                memory.toString(),
                Long.toHexString(heddle),
                kind.name(),
                Long.toString(exitMillis),
                Long.toString(lockInterval),
                Long.toString(traceBytes),
                Boolean.toString(traceStacks));
    }

    /** {@return a task that does nothing, which the parent sends ahead: for what it takes the next one need not wait} */
    public static Run firstTask() {
        Job<Integer> nothing = () -> 0;
        return new Run(FIRST_TASK, 0, Payload.write(nothing, Role.JOB));
    }

    /**
     * Runs the worker until the parent ends it.
     *
     * @param args from {@link #arguments}; with none it returns, for whoever wants to know whether the JVM starts
     * @throws IOException if the shared memory cannot be opened
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            return;
        }
        InputStream parent = new FileInputStream(FileDescriptor.in);
        System.setIn(InputStream.nullInputStream()); // a job that reads it must not take the parent's sign of life
        MemorySegment memory = SharedFile.open(Path.of(args[0]));
        SharedFile.unlinkAll(); // it is for this process only; the parent does so too, unless it has died meanwhile
        long heddle = Long.parseUnsignedLong(args[1], 16);
        Doorbell.Kind kind = Doorbell.Kind.valueOf(args[2]);
        Link link = new Link(memory, false, Doorbell.Kind.POLLING);
        WorkerMain worker = new WorkerMain(
                link,
                kind,
                Long.parseLong(args[3]),
                Long.parseLong(args[4]),
                Long.parseLong(args[5]),
                Boolean.parseBoolean(args[6]));
        Handle.register(heddle, worker.things::resolve);
        startDaemon("heddle-parent-watch", () -> worker.watchParent(parent));
        startDaemon("heddle-link", worker::serve);
        worker.work();
    }

    private void watchParent(InputStream parent) throws IOException {
        if (parent.read() != RETIRE) {
            SharedFile.unlinkAll();
            OwnProcess.end(PARENT_IS_GONE);
        }
        // From here on this thread cannot see the parent die, so the time for the exit is limited.
        startDaemon("heddle-exit", () -> {
            Thread.sleep(exitMillis + PATIENCE_MILLIS);
            Runtime.getRuntime().halt(EXIT_TOO_SLOW);
        });
        if (trace != null) {
            link.send(trace.kept()); // while there is a thread that serves the link
            awaitSent();
        }
        retired = true;
        link.peerGone();
        next.add(Optional.empty());
    }

    /** Something that runs as long as the worker. */
    @FunctionalInterface
    private interface Duty {
        void run() throws IOException, InterruptedException;
    }

    private static void startDaemon(String name, Duty duty) {
        Thread.ofPlatform().daemon().name(name).start(() -> perform(duty));
    }

    /** A worker without one of its threads would hang: it rather dies, and the parent says so. */
    private static void perform(Duty duty) {
        try {
            duty.run();
        } catch (Throwable t) {
            System.err.println("heddle: a worker cannot go on: " + t);
            Runtime.getRuntime().halt(INTERNAL_ERROR);
        }
    }

    @SuppressWarnings(
            "IfChainToSwitch") // a switch over types is set up when it is first come to, for which a task would wait
    private void serve() {
        link.begin(this::take);
        while (!retired) {
            link.serve();
            link.await(AWAIT_MAX);
        }
    }

    @SuppressWarnings(
            "IfChainToSwitch") // a switch over types is set up when it is first come to, for which a task would wait
    private void take(Message message) {
        if (message instanceof Run run) {
            next.add(Optional.of(run));
        } else if (message instanceof Interrupt interrupt) {
            interrupt(interrupt.task());
        } else if (message instanceof Reply reply) {
            channels.answered(reply);
        } else if (message instanceof TraceWanted) {
            if (trace != null) {
                link.send(trace.kept());
            }
        } else {
            throw new CorruptFrameException("a worker was sent " + message);
        }
    }

    private void work() {
        if (trace != null) {
            Parker.OF_PLATFORM_THREAD.set(trace.parker());
        }
        perform(() -> {
            link.send(new Ready());
            boolean more = runNext(); // mostly the one of firstTask()
            if (kind == Doorbell.Kind.FUTEX) {
                startDaemon("heddle-futexes", this::prepareFutexes);
            }
            while (more) {
                more = runNext();
            }
            exit();
        });
    }

    /** {@return whether there may be more tasks} */
    private boolean runNext() {
        Optional<Run> run = take();
        if (run.isPresent() && begin(run.get())) {
            link.send(execute(run.get()));
            awaitSent();
        }
        return run.isPresent();
    }

    private void prepareFutexes() {
        if (Futex.isSupported()) { // takes its time when it is asked first
            link.useFutexes();
        }
    }

    /** Waits until a result that is larger than a ring is in the ring to its end: a task is begun when those before it are done. */
    private void awaitSent() {
        while (link.isBehind()) {
            LockSupport.parkNanos(link, BEHIND_NANOS);
        }
    }

    /** {@return the next task, or nothing if there will be none} */
    private Optional<Run> take() {
        while (true) {
            try {
                Optional<Run> run = next.poll();
                if (run == null) {
                    link.help(() -> !next.isEmpty());
                    run = next.take();
                }
                return run;
            } catch (InterruptedException e) {
                // A thread that an earlier task has left behind did that; there is no task to be told.
            }
        }
    }

    /**
     * Lets the JVM end when the main thread returns, or ends it if threads that tasks have left behind would keep it.
     */
    private void exit() {
        boolean alone =
                Thread.getAllStackTraces().keySet().stream().allMatch(thread -> thread.isDaemon() || thread == main);
        if (!alone) {
            System.exit(0);
        }
    }

    private Message execute(Run run) {
        main.setName("task " + run.task());
        if (trace != null && run.task() != FIRST_TASK) {
            trace.begin(run.task());
        }
        try {
            @Nullable Object value = call(run);
            return new Result(run.task(), Payload.write(value, Role.RESULT));
        } catch (Throwable t) { // even an Error belongs to whoever joins the task
            return new Failure(run.task(), RemoteFailure.write(t));
        } finally {
            if (trace != null) {
                trace.end();
            }
            end();
            Holdings.abandon(); // after the interrupt was cleared
            things.taskEnded();
        }
    }

    private @Nullable Object call(Run run) throws Exception {
        TimeSlicedLock mine = globalLock;
        if (mine == null || run.task() == FIRST_TASK) {
            return callJob(run);
        }
        LockCounts counts = new LockCounts();
        try {
            return HeldLocks.<@Nullable Object>hold(mine, counts, () -> callJob(run));
        } finally {
            link.send(new LockUse(run.task(), counts.toArray()));
        }
    }

    private static @Nullable Object callJob(Run run) throws Exception {
        return ((Callable<?>) Objects.requireNonNull(Payload.read(run.job(), Role.JOB, true))).call();
    }

    private void interrupt(long task) {
        lock.lock();
        try {
            if (current == task) {
                main.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether the task is to be executed, since it has not been taken back} */
    private boolean begin(Run run) {
        lock.lock();
        try {
            boolean begun = link.begun().begin(run.number());
            if (begun) {
                current = run.task();
            }
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            current = 0;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }
}
