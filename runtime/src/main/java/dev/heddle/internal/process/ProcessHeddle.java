package dev.heddle.internal.process;

import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.GlobalLockStats;
import dev.heddle.Overflow;
import dev.heddle.Pipe;
import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.Sharing;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.WorkerOptions;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.memory.MemoryCore;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.permit.PermitQueue;
import dev.heddle.internal.permit.Permits;
import dev.heddle.internal.process.channel.SharedEnds;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Handle;
import dev.heddle.internal.process.form.MemoryHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.PermitsHandle;
import dev.heddle.internal.process.form.PipeHandle;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.pipe.Pipes;
import dev.heddle.internal.process.start.WorkerCache;
import dev.heddle.internal.process.start.WorkerCommand;
import dev.heddle.internal.process.worker.WorkerMain;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.WorkerEvents;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in OS processes, each with its own address space: what is lost at most are the tasks that were running in workers
 * that die.
 *
 * <p>Problem: processes die at any moment, and every pool that shares something with them (a queue, its lock) dies or
 * hangs with them. Rejected: one queue for all workers in shared memory; a pool that is broken after a death; the
 * worker's standard output as the way back. Approach: what is shared is one {@link Link} for each worker. Tasks queue
 * in the {@link WorkerPool}, one at a time goes to a worker, and a worker that has died is replaced. A {@link Worker} has a thread
 * here that serves it.
 *
 * <p>Channels live here as ordinary channels, which workers find among the {@link SharedEnds}.
 */
public final class ProcessHeddle extends HeddleCore {
    private static final SecureRandom IDS = new SecureRandom();

    private final Options options;
    private final Trace trace;
    private final Doorbell.Kind kind;
    private final SharedFile.Kind files;
    private final long id = IDS.nextLong();

    private final SharedEnds ends;
    private final SharedThings things;
    private final Pipes pipes;
    private final WorkerCache cache;
    private final WorkerTraces traces;
    private final WorkerPool pool;

    /** What tasks that have ended did with the global locks of their workers. */
    private final LockCounts lockCounts = new LockCounts();

    /** @param options what the builder collected */
    public ProcessHeddle(Options options) {
        this(options, Doorbell.Kind.best());
    }

    ProcessHeddle(Options options, Doorbell.Kind kind) {
        this(options, kind, SharedFile.Kind.best());
    }

    ProcessHeddle(Options options, Doorbell.Kind kind, SharedFile.Kind files) {
        super(options);
        this.options = options;
        this.trace = options.seams().trace();
        this.traces = new WorkerTraces(trace.base(), trace.bytes());
        this.kind = kind;
        this.files = files;
        this.cache = WorkerCache.of(options.workers(), WorkerCacheMaker.class);
        this.ends = new SharedEnds(id, trace);
        this.things = new SharedThings(id, name(), files);
        this.pipes = new Pipes(name(), kind, files, ends);
        this.pool = new WorkerPool(this, options.workers());
        int target = options.processorsOrDefault();
        checkRoom(target * Link.bytes());
        Handle.register(id, this::resolve);
        pool.resize(target);
        opened();
    }

    private void checkRoom(long bytes) {
        String shortage = SharedFile.shortage(files, bytes);
        if (shortage != null) {
            throw new IllegalStateException("the workers need " + bytes + " bytes of shared memory, and " + shortage
                    + ": make room, or ask for fewer processors");
        }
    }

    // ---- tasks

    @Override
    protected void launch(TaskCore<?> task) {
        followCpus();
        pool.add(new Entry(task, Payload.write(task.job(), Role.JOB)));
    }

    @Override
    protected void interrupt(TaskCore<?> task) {
        if (task.attachment instanceof Worker worker) {
            worker.interrupt(task);
        }
    }

    @Override
    protected void takeBack(TaskCore<?> task) {
        if (task.attachment instanceof Worker worker) {
            worker.takeBack(task);
        }
    }

    @Override
    protected boolean kill(TaskCore<?> task) {
        boolean ended = task.cancel(false);
        stop(task); // also if it was cancelled before, and its code does not listen
        return ended;
    }

    @Override
    protected void stop(TaskCore<?> task) {
        if (task.attachment instanceof Worker worker) {
            worker.kill(task);
        }
    }

    @Override
    protected String whereabouts(TaskCore<?> task) {
        return task.attachment instanceof Worker worker ? worker.whereabouts(task) : super.whereabouts(task);
    }

    // ---- workers

    Thread thread(String name, Runnable work) {
        Thread thread = options.seams().threads().newThread(work);
        thread.setName(name);
        return thread;
    }

    SharedFile.Kind files() {
        return files;
    }

    Doorbell.Kind kind() {
        return kind;
    }

    WorkerOptions workerOptions() {
        return options.workers();
    }

    WorkerCache cache() {
        return cache;
    }

    /** {@return how to start a worker with this memory} */
    List<String> command(Path memory, boolean cached) {
        return WorkerCommand.of(
                options.workers(),
                cache,
                cached,
                WorkerMain.arguments(
                        memory,
                        id,
                        kind,
                        options.workers().exitMillis(),
                        options.lockIntervalNanos(),
                        trace.bytes(),
                        trace.notesStacks()));
    }

    /** A worker has started. */
    void ready(Worker worker, long pid) {
        trace.record(Trace.Event.WORKER_START, pid, worker.number);
        pool.ready(worker);
    }

    /**
     * A worker's process has ended and its memory is freed.
     *
     * @param useless whether it was given no task, and the next may fare no better
     */
    void gone(Worker worker, DeathReport report, boolean wasReady, boolean useless) {
        trace.record(Trace.Event.WORKER_EXIT, report.pid(), report.exitCode());
        traces.gone(worker.number);
        pool.gone(worker, report, wasReady, useless);
    }

    @Override
    public int processors() {
        return pool.target();
    }

    @Override
    protected int resize(int n) {
        return pool.resize(n);
    }

    @Override
    protected void release() {
        pool.close();
        Handle.unregister(id);
        ends.clear();
        things.clear();
        pipes.close();
    }

    /** A worker has sent what it has recorded. */
    void traceCame(Worker worker, Message.TraceKept kept) {
        if (trace.bytes() == 0) {
            throw new CorruptFrameException("events, which nobody wants");
        }
        traces.came(worker.number, kept);
    }

    @Override
    protected List<WorkerEvents> eventsOfWorkers() {
        return traces.ask(pool.workers());
    }

    @Override
    protected String laneName(int lane) {
        return name() + "-worker-" + lane;
    }

    // ---- what tasks share

    @Override
    protected Sharing newSharing(Trace of) {
        return new Crossing(of);
    }

    /** What crosses to workers. */
    private final class Crossing extends Sharing {
        Crossing(Trace of) {
            super(name(), of, ProcessHeddle.this::describeThread);
        }

        @Override
        protected <E> Channel<E> newChannel(int capacity, Overflow overflow) {
            return ends.channel(capacity, overflow);
        }

        @Override
        protected <E> Broadcast<E> newBroadcast(int capacity, Overflow overflow) {
            return ends.broadcast(capacity, overflow);
        }

        @Override
        protected <E> Pipe<E> newPipe() {
            return pipes.make();
        }

        @Override
        protected MemoryCore newMemory(long bytes) {
            return things.memory(bytes);
        }

        @Override
        protected Permits newPermits(String name, int total) {
            return things.permits(name, total, ProcessHeddle.this::describeThread);
        }
    }

    Pipes pipes() {
        return pipes;
    }

    SharedEnds ends() {
        return ends;
    }

    private @Nullable Object resolve(Handle handle) {
        return switch (handle) {
            case ChannelHandle channel -> ends.find(channel.channel());
            case MemoryHandle memory -> things.resolve(memory);
            case PermitsHandle permits -> things.resolve(permits);
            case PipeHandle pipe -> pipes.resolve(pipe);
        };
    }

    @Nullable
    PermitQueue permits(long number) {
        return things.queue(number);
    }

    // ---- the rest

    /** A task has ended that did this with the global lock of its worker. */
    void lockUsed(TaskCore<?> task, long[] counts) {
        LockCounts mine = new LockCounts();
        mine.addAll(counts);
        task.lockCounts = mine;
        lockCounts.addAll(counts);
    }

    @Override
    protected GlobalLockStats lockStats() {
        return lockCounts.stats();
    }

    @Override
    public Stats stats() {
        WorkerPool.Standing standing = pool.standing();
        List<Worker> now = standing.workers();
        long busy = now.stream().filter(Worker::isBusy).count();
        long ahead =
                now.stream().mapToInt(worker -> Math.max(0, worker.size() - 1)).sum();
        return stats(
                Math.max(0, busy - standing.waiting()),
                standing.queued() + ahead,
                standing.waiting(),
                0,
                0,
                0,
                now.size(),
                WaitHistogram.NONE);
    }
}
