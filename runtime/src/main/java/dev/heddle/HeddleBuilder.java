package dev.heddle;

import dev.heddle.internal.ChildCore;
import dev.heddle.internal.Failures;
import dev.heddle.internal.Options;
import dev.heddle.internal.Parker;
import dev.heddle.internal.ProcessorSetting;
import dev.heddle.internal.Seams;
import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.fiber.FiberHeddle;
import dev.heddle.internal.green.GreenHeddle;
import dev.heddle.internal.process.ProcessHeddle;
import dev.heddle.internal.thread.ThreadHeddle;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.JfrTrace;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The options of a heddle to be opened. Not thread-safe; may be used for several heddles one after the other. */
public final class HeddleBuilder {
    private static final long LEAST_HEAP = 8L << 20;

    private final Model model;
    private @Nullable String name;
    private int processors;
    private int spareCarriers = 256;
    private long schedTraceMillis = Long.getLong("heddle.schedtrace", 0);
    private boolean deadlockDetection = true;
    private boolean taskCpuTime;
    private FiberBacking fiberBacking = FiberBacking.CONTINUATION;
    private int maxTasks;
    private LimitPolicy limitPolicy = LimitPolicy.BLOCK;
    private long lockIntervalNanos;
    private boolean jmx;
    private @Nullable Recorder recorder;
    private boolean jfr;
    private BiConsumer<Task<?>, Throwable> uncaughtHandler = Failures::printUncaught;
    private final List<String> workerJvmFlags = new ArrayList<>();
    private final List<Path> workerClassPath = new ArrayList<>();
    private long workerHeap;
    private int workerCpus;
    private final Map<String, String> workerEnvironment = new HashMap<>();
    private @Nullable Path workerFolder;
    private @Nullable BiConsumer<String, String> workerOutput;
    private int workerTasks;
    private long workerIdleNanos = Parker.FOREVER;
    private int workersKept;

    HeddleBuilder(Model model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * @param name a name for threads, dumps and errors; by default the model and a number
     * @return this builder
     */
    public HeddleBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * @param n how many tasks may execute at the same instant, see {@link Heddle#processors()}, from 1 to 1,024; by default
     *     the CPUs that this JVM may use, also when that changes, see {@link Heddle#processorsAuto}. {@link Model#FIBER}
     *     always has 1.
     * @return this builder
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    public HeddleBuilder processors(int n) {
        this.processors = ProcessorSetting.require(n);
        return this;
    }

    /**
     * @param n how many carriers, OS threads, {@link Model#GREEN} may have beyond its processors, for tasks that block or
     *     compute without a switch and have lost their processor for that; 256 by default. With fewer there is a moment
     *     when other tasks wait for such tasks, which is logged; the other models ignore this
     * @return this builder
     * @throws IllegalArgumentException if {@code n} is negative
     */
    public HeddleBuilder spareCarriers(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("spareCarriers(" + n + "): a number of threads is 0 or more");
        }
        this.spareCarriers = n;
        return this;
    }

    /**
     * Prints a line about the scheduler of {@link Model#GREEN} to standard error again and again, as Go does with
     * {@code GODEBUG=schedtrace}. By default the system property {@code heddle.schedtrace} says how often, in milliseconds;
     * the other models ignore this.
     *
     * <pre>{@code
     * SCHED 2004ms: heddle=green-1 processors=2 idleprocs=0 threads=3 spinningthreads=0 idlethreads=1 runqueue=7 [2 0]
     * }</pre>
     *
     * <p>Of the threads, which are carriers, some search for work and some are idle; {@code runqueue} is the length of the
     * global queue, in brackets are those of the processors.
     *
     * @param every how often, or zero for never
     * @return this builder
     */
    public HeddleBuilder schedTrace(Duration every) {
        this.schedTraceMillis = Math.max(0, every.toMillis());
        return this;
    }

    /**
     * @param on whether tasks of {@link Model#GREEN} get a {@link DeadlockException} when nothing in this JVM can go on; they do
     *     by default. Not while anything else goes on, be it a timer or a thread that waits for a connection; then only
     *     {@link Heddle#dump} tells who waits for whom. The other models ignore this
     * @return this builder
     */
    public HeddleBuilder deadlockDetection(boolean on) {
        this.deadlockDetection = on;
        return this;
    }

    /**
     * @param n how many tasks may be live, that is started and not ended; by default any number
     * @param policy what the start of one more does
     * @return this builder
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public HeddleBuilder maxTasks(int n, LimitPolicy policy) {
        if (n < 1) {
            throw new IllegalArgumentException(
                    "maxTasks(" + n + "): a heddle that may have no task is of no use; leave it out for no limit");
        }
        this.maxTasks = n;
        this.limitPolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * @param on whether {@link Model#GREEN} measures how long each task executes, for {@link Task#cpuTime}; by default not,
     *     since it reads the clock twice a switch. The other models ignore this
     * @return this builder
     */
    public HeddleBuilder taskCpuTime(boolean on) {
        this.taskCpuTime = on;
        return this;
    }

    /**
     * @param backing what the tasks of {@link Model#FIBER} are made of, by default {@link FiberBacking#CONTINUATION}; the other
     *     models ignore this
     * @return this builder
     */
    public HeddleBuilder fiberBacking(FiberBacking backing) {
        this.fiberBacking = Objects.requireNonNull(backing, "backing");
        return this;
    }

    /**
     * Has the tasks share a global lock, with the interval of {@link GlobalLock#DEFAULT_INTERVAL}; see {@link
     * #globalLock(Duration)}.
     *
     * @return this builder
     */
    public HeddleBuilder globalLock() {
        return globalLock(GlobalLock.DEFAULT_INTERVAL);
    }

    /**
     * Has the tasks share a global lock, as the threads of CPython have one: at most one of them executes its code at any time,
     * however many processors there are. By default there is none.
     *
     * <p>A task has the lock while it executes, and leaves it wherever it waits in Heddle (a join, a channel or pipe, a select, a
     * mutex, {@link Heddle#sleep}, results of a map, {@link Heddle#yield}) and in {@link Heddle#blocking}. Beside one that
     * computes, another gets it after the interval, when the first comes to a {@link Heddle#checkpoint}; without checkpoints it
     * keeps the lock until it waits or ends. {@link Heddle#stats} counts.
     *
     * <ul>
     *   <li>Under {@link Model#THREAD} a wait of the JDK's (a socket, {@link Thread#sleep}, a lock) keeps the lock, as C code does in
     *       CPython that does not release it: make it in {@link Heddle#blocking}.
     *   <li>Under {@link Model#GREEN} all waits leave the lock that let another task run, those of the JDK's as well. Virtual threads
     *       that a task starts are under the lock like tasks.
     *   <li>Under {@link Model#PROCESS} each worker has its own, so several tasks execute at once: the way round the lock.
     *   <li>{@link Model#FIBER} ignores this. Its tasks never execute at once, and go on until they yield or wait.
     * </ul>
     *
     * <p>Only tasks are under the lock, not the platform threads that their code starts, nor handlers of failures.
     *
     * @param interval how long a task that waits for the lock lets another execute before it requests the lock; more than 0
     * @return this builder
     * @throws IllegalArgumentException if the interval is zero or negative
     */
    public HeddleBuilder globalLock(Duration interval) {
        this.lockIntervalNanos = GlobalLock.requireInterval(interval);
        return this;
    }

    /**
     * @param on whether JMX shows the heddle as a {@link HeddleMXBean}; by default not
     * @return this builder
     */
    public HeddleBuilder jmx(boolean on) {
        this.jmx = on;
        return this;
    }

    /**
     * @param on whether the JDK's Flight Recorder gets the scheduler's events while a recording runs, in the category
     *     {@code Heddle}; by default not. {@code dev.heddle.Mount}, {@code Unmount} and {@code Wake} come with every switch, and
     *     are recorded only where the recording's settings enable them
     * @return this builder
     */
    public HeddleBuilder jfr(boolean on) {
        this.jfr = on;
        return this;
    }

    /**
     * @param recorder keeps the scheduler's events of the heddle, and belongs to it from when it is {@linkplain #open opened}; by
     *     default nothing is recorded, which then costs nothing. Under {@link Model#PROCESS} each worker uses as much memory
     *     as the recorder may
     * @return this builder
     */
    public HeddleBuilder trace(Recorder recorder) {
        this.recorder = Objects.requireNonNull(recorder, "recorder");
        return this;
    }

    /**
     * @param handler told of the failure of a task handed to {@code execute}, which nobody can join, and at close of
     *     each failure that nobody looked at; by default it prints the stack trace to standard error. Called on the
     *     thread where the failure came to light.
     * @return this builder
     */
    public HeddleBuilder uncaughtHandler(BiConsumer<Task<?>, Throwable> handler) {
        this.uncaughtHandler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /**
     * @param flags flags for the JVMs of the workers of {@link Model#PROCESS}, such as {@code -Xmx256m}, after those
     *     that Heddle itself passes; the other models ignore them
     * @return this builder
     */
    public HeddleBuilder workerJvmFlags(String... flags) {
        workerJvmFlags.addAll(List.of(flags));
        return this;
    }

    /**
     * @param entries jars and folders that the workers of {@link Model#PROCESS} have on their class path, after this
     *     JVM's own; the other models ignore them
     * @return this builder
     */
    public HeddleBuilder workerClassPath(List<Path> entries) {
        workerClassPath.addAll(entries);
        return this;
    }

    /**
     * @param bytes how large the Java heap of each worker of {@link Model#PROCESS} may become, as {@code -Xmx}; by default the JVM
     *     chooses, usually a quarter of the machine's memory for each. A task that needs more fails with an {@link
     *     OutOfMemoryError}; the other models ignore this
     * @return this builder
     * @throws IllegalArgumentException if that is less than 8 MiB, with which no worker gets to run a task
     */
    public HeddleBuilder workerHeap(long bytes) {
        if (bytes < LEAST_HEAP) {
            throw new IllegalArgumentException("workerHeap(" + bytes + "): a worker needs " + LEAST_HEAP
                    + " bytes or more to run tasks; the number is in bytes, so 256 MiB are 256L << 20");
        }
        this.workerHeap = bytes;
        return this;
    }

    /**
     * @param n how many CPUs each worker of {@link Model#PROCESS} may use, with all its threads and the processes that it starts;
     *     by default all that this process may. Its JVM sees that many, and chooses the number of its own threads by it; on Linux
     *     the worker is confined to them, so threads that compute share them. They are CPUs that as few other workers as
     *     possible are confined to. Elsewhere, and without {@code --enable-native-access}, the worker only sees that many. The
     *     other models ignore this
     * @return this builder
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public HeddleBuilder workerCpus(int n) {
        if (n < 1) {
            throw new IllegalArgumentException(
                    "workerCpus(" + n + "): a worker needs 1 CPU or more; leave it out for no limit");
        }
        this.workerCpus = n;
        return this;
    }

    /**
     * @param variables environment variables that the workers of {@link Model#PROCESS} have beside those of this process, or
     *     with another value; the other models ignore them
     * @return this builder
     */
    public HeddleBuilder workerEnvironment(Map<String, String> variables) {
        workerEnvironment.putAll(variables);
        return this;
    }

    /**
     * @param folder the working directory of the workers of {@link Model#PROCESS}, by default that of this process; the other
     *     models ignore it
     * @return this builder
     */
    public HeddleBuilder workerFolder(Path folder) {
        this.workerFolder = folder.toAbsolutePath();
        return this;
    }

    /**
     * @param consumer told of each line that the workers of {@link Model#PROCESS} write to standard output and standard error:
     *     first the name of the worker, then the line; by default both go to those of this process. Called by several threads
     *     at once, two for each worker; a worker that writes waits while it is slow. The other models ignore it
     * @return this builder
     */
    public HeddleBuilder workerOutput(BiConsumer<String, String> consumer) {
        this.workerOutput = Objects.requireNonNull(consumer, "consumer");
        return this;
    }

    /**
     * @param n how many tasks a worker of {@link Model#PROCESS} runs before a new one takes its place, for jobs that leak or
     *     leave traces; by default any number. With 1 each task has a process of its own. The successor is started when the last
     *     task begins, so for a while there is one process more. The other models ignore this
     * @return this builder
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public HeddleBuilder workerTasks(int n) {
        if (n < 1) {
            throw new IllegalArgumentException(
                    "workerTasks(" + n + "): a worker that may run no task is of no use; leave it out for no limit");
        }
        this.workerTasks = n;
        return this;
    }

    /**
     * @param longest how long a worker of {@link Model#PROCESS} may be idle before it leaves, and its memory with it; by default
     *     for ever. When tasks come that find no worker, others are started, which takes some tenths of a second. It is looked at
     *     five times a second. The other models ignore this
     * @param kept how many workers stay even so
     * @return this builder
     * @throws IllegalArgumentException if the time is zero or less, or the number is negative
     */
    public HeddleBuilder workerIdle(Duration longest, int kept) {
        if (!longest.isPositive() || kept < 0) {
            throw new IllegalArgumentException("workerIdle(" + longest + ", " + kept
                    + "): a worker is idle for a time of more than zero, and 0 or more are kept");
        }
        this.workerIdleNanos = Parker.nanos(longest);
        this.workersKept = kept;
        return this;
    }

    /**
     * Opens the heddle.
     *
     * @return the open heddle
     * @throws IllegalStateException if the model cannot work here; the message says what is missing
     */
    public Heddle open() {
        Options options = options(processors, workerIdleNanos, workersKept);
        return switch (model) {
            case PROCESS -> new ProcessHeddle(options);
            case THREAD -> new ThreadHeddle(options);
            case GREEN -> new GreenHeddle(options);
            case FIBER -> FiberHeddle.open(options);
        };
    }

    /**
     * Starts one helper process with these options, of which those about workers and the name apply.
     *
     * @param main what it runs; it is copied now
     * @return the process, which is being started
     * @param <I> the type of what is sent to it
     * @param <O> the type of what it sends
     * @throws IllegalStateException if the model is not {@link Model#PROCESS}, or there is no memory for the pipes
     * @throws NotTransferableException if the main captures something that is not serializable
     */
    public <I, O> ChildProcess<I, O> process(ProcessMain<I, O> main) {
        Objects.requireNonNull(main, "main");
        if (model != Model.PROCESS) {
            throw new IllegalStateException("a builder for " + model
                    + " starts no process: take Heddle.builder(Model.PROCESS), or start the code as a task");
        }
        // That no idle worker is kept means that there is none before there is a task, and none after it.
        return new ChildCore<>(new ProcessHeddle(options(1, Parker.FOREVER - 1, 0)), main);
    }

    private Options options(int processors, long idleNanos, int kept) {
        return new Options(
                model,
                name,
                processors,
                spareCarriers,
                schedTraceMillis,
                deadlockDetection,
                taskCpuTime,
                fiberBacking,
                maxTasks,
                limitPolicy,
                lockIntervalNanos,
                jmx,
                uncaughtHandler,
                new WorkerOptions(
                        List.copyOf(workerJvmFlags),
                        List.copyOf(workerClassPath),
                        workerHeap,
                        workerCpus,
                        Map.copyOf(workerEnvironment),
                        workerFolder,
                        workerOutput,
                        workerTasks,
                        idleNanos,
                        kept,
                        WorkerOptions.EXIT_MILLIS),
                Seams.SYSTEM.with(trace()));
    }

    private Trace trace() {
        Trace trace = jfr ? JfrTrace.create() : Trace.OFF;
        return recorder == null ? trace : Trace.both(trace, FlightTrace.claim(recorder));
    }
}
