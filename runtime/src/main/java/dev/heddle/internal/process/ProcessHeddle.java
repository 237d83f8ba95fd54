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
import dev.heddle.internal.Parker;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A pool of workers, each an OS process with its own address space, that loses at most the tasks that were running in
 * workers that die.
 *
 * <p>Problem: processes die at any moment, and every pool that shares something with them (a queue, its lock) dies or
 * hangs with them. Rejected: one queue for all workers in shared memory; a pool that is broken after a death; the
 * worker's standard output as the way back. Approach: what is shared is one {@link Link} for each worker. Tasks queue
 * here, one at a time goes to a worker, and a worker that has died is replaced. A {@link Worker} has a thread here that
 * serves it.
 *
 * <p>Workers are started ahead, at open, all at once; nobody waits for them but the first tasks. When others follow
 * those that are of no use, and what becomes of the tasks if none can be started, is for {@link Restarts} to say.
 *
 * <p>A task has its worker to itself until it ends. One that waits in a channel would therefore keep the task that it
 * waits for from running, if that one is queued behind it; but as in every model, tasks that wait do not count. So as long
 * as workers wait and tasks are queued, there may be a spare worker for each that waits, up to {@link #SPARES_MAX};
 * reaching that bound is logged once. Afterwards, workers that are too many leave when they become idle.
 *
 * <p>Channels live here as ordinary channels, which workers find among the {@link SharedEnds}.
 *
 * <p>The race that matters is a worker that becomes idle against a task that is queued: both go through {@link #lock}
 * and then call {@link #dispatch}, which pairs an idle worker with queued tasks under the lock, and makes the offer
 * outside. A worker that turns it down is leaving, and the task goes back to the front.
 *
 * <p>Lock order: {@code ProcessHeddle.lock}, {@code Worker.lock}, {@code Link.lock}. None is held while user code or a
 * task's waiters run.
 */
public final class ProcessHeddle extends HeddleCore {
    private static final System.Logger LOGGER = System.getLogger("dev.heddle");

    /** A worker takes tens of megabytes, so 16 of them are about one gigabyte. */
    private static final int SPARES_MAX = 16;

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

    /** What tasks that have ended did with the global locks of their workers. */
    private final LockCounts lockCounts = new LockCounts();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition workersGone = lock.newCondition();

    // Guarded by lock.
    /** Every worker whose thread has not ended. */
    private final Set<Worker> workers = new HashSet<>();

    /** Those among them that are to stay; no more than {@link #wanted} but for a moment. */
    private final Set<Worker> staying = new HashSet<>();

    /** Those among them whose process has not said yet that it is ready. */
    private final Set<Worker> starting = new HashSet<>();

    /** Those whose task waits in a channel. */
    private final Set<Worker> waiting = new HashSet<>();

    /** Those among them that have no task. */
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();

    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private int target;
    private int workerNumber;
    private boolean closing;
    private boolean boundLogged;
    private final Restarts restarts;

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
        this.target = options.processorsOrDefault();
        this.restarts = new Restarts(name(), System::nanoTime);
        this.cache = WorkerCache.of(options.workers(), WorkerCacheMaker.class);
        this.ends = new SharedEnds(id, trace);
        this.things = new SharedThings(id, name(), files);
        this.pipes = new Pipes(name(), kind, files, ends);
        checkRoom(target * Link.bytes());
        Handle.register(id, this::resolve);
        resize(target);
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
        Entry entry = new Entry(task, Payload.write(task.job(), Role.JOB));
        lock.lock();
        try {
            queue.add(entry);
            startWanted(least());
        } finally {
            lock.unlock();
        }
        dispatch();
    }

    /**
     * Tasks were taken back that a worker has not begun: queues them again.
     *
     * @param entries in order
     * @param cancelled the one among them that is about to be cancelled, or null
     */
    void putBack(Deque<Entry> entries, @Nullable TaskCore<?> cancelled) {
        List<Entry> back = new ArrayList<>();
        for (Entry entry : entries) {
            TaskCore<?> task = entry.task();
            task.attachment = null;
            if (!entry.putBack()) {
                settle(task, null, null);
            } else if (task != cancelled || entry.isBegun()) { // else whoever cancels it ends it, as it has not begun
                back.add(entry);
            }
        }
        if (!back.isEmpty()) {
            addFirst(back);
            dispatch();
        }
    }

    /** A worker has died that ran a task. */
    void died(Entry entry, DeathReport report) {
        Entry after = entry.after(report);
        if (after.isToBeRetried()) {
            addFirst(List.of(after));
            dispatch();
        } else {
            settle(entry.task(), null, after.failure());
        }
    }

    /** Gives queued tasks to idle workers, as long as there are both. */
    private void dispatch() {
        while (true) {
            List<Entry> entries;
            Worker worker;
            lock.lock();
            try {
                if (restarts.failure() != null
                        && idle.isEmpty()
                        && starting.isEmpty()
                        && waiting.containsAll(staying)) {
                    break; // nobody can take a task, unless those that wait go on: they may wait for a queued one
                }
                if (idle.isEmpty() || queue.isEmpty()) {
                    return;
                }
                worker = idle.remove();
                entries = new ArrayList<>();
                entries.add(queue.remove());
                if (idle.isEmpty()) {
                    addAhead(entries, worker.mostAhead());
                }
            } finally {
                lock.unlock();
            }
            Worker.Offer offer = worker.offer(entries, true);
            switch (offer) {
                case TAKEN -> taken(worker);
                case CANCELLED -> addIdle(worker);
                case LEAVING -> addFirst(entries);
            }
        }
        failQueued();
    }

    /** Adds queued tasks that a worker may have ahead. Called with the lock held. */
    private void addAhead(List<Entry> entries, int most) {
        if (options.workers().tasks() > 0) {
            return; // the end of its last task would be known too late
        }
        Entry next = queue.peek();
        for (int n = 0; n < most && next != null && next.mayGoAhead(); n++) {
            entries.add(queue.remove());
            next = queue.peek();
        }
    }

    /** A worker goes on with a task, and may have some more ahead, which nobody else can take now. */
    void giveAhead(Worker worker, int most) {
        List<Entry> entries = new ArrayList<>();
        lock.lock();
        try {
            if (idle.isEmpty() && staying.contains(worker) && staying.size() <= wanted()) {
                addAhead(entries, most);
            }
        } finally {
            lock.unlock();
        }
        if (!entries.isEmpty() && worker.offer(entries, false) == Worker.Offer.LEAVING) {
            addFirst(entries);
            dispatch();
        }
    }

    private void taken(Worker worker) {
        lock.lock();
        try {
            restarts.used();
            if (worker.given() == options.workers().tasks()) {
                staying.remove(worker); // addIdle() lets it go when the task has ended
                startWanted(least());
            }
        } finally {
            lock.unlock();
        }
    }

    /** A task that was begun before it was cancelled is counted as running code until it is settled. */
    static void cancelled(Entry entry) {
        if (entry.isBegun()) {
            settle(entry.task(), null, null);
        }
    }

    private void addFirst(List<Entry> entries) {
        lock.lock();
        try {
            entries.reversed().forEach(queue::addFirst);
            startWanted(least());
        } finally {
            lock.unlock();
        }
    }

    private void failQueued() {
        List<Entry> lost;
        @Nullable String why;
        lock.lock();
        try {
            why = restarts.failure();
            if (why == null) {
                return; // one has become ready meanwhile
            }
            lost = List.copyOf(queue);
            queue.clear();
        } finally {
            lock.unlock();
        }
        for (Entry entry : lost) {
            if (entry.begin()) {
                settle(entry.task(), null, new IllegalStateException(why));
            } else {
                cancelled(entry);
            }
        }
    }

    /**
     * Ends a task. What the user's handler of uncaught failures throws must not end the thread that serves a worker.
     */
    static void settle(TaskCore<?> task, @Nullable Object value, @Nullable Throwable failure) {
        try {
            task.settle(value, failure);
        } catch (RuntimeException | Error e) {
            Thread me = Thread.currentThread();
            me.getUncaughtExceptionHandler().uncaughtException(me, e);
        }
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

    /** Called with the lock held. */
    private void startWorker() {
        Worker worker = new Worker(this, ++workerNumber, restarts.next());
        // First, since it may throw, and release() waits for all workers; the thread needs the lock before it can
        // leave.
        thread(worker.toString(), worker).start();
        workers.add(worker);
        staying.add(worker);
        starting.add(worker);
    }

    /** {@return how many workers there may be now} Called with the lock held. */
    private int wanted() {
        return target + Math.min(waiting.size(), SPARES_MAX);
    }

    /** {@return how many workers there are even if none has anything to do} Called with the lock held. */
    private int least() {
        WorkerOptions workers = options.workers();
        return workers.idleNanos() == Parker.FOREVER ? target : Math.min(target, workers.kept());
    }

    /**
     * Starts workers for queued tasks that nobody else can take, or that only waiting ones keep from running. Called with the
     * lock held.
     *
     * @param least how many workers there are to be in any case
     */
    private void startWanted(int least) {
        if (closing || !restarts.allow(!queue.isEmpty())) {
            return;
        }
        int forTasks = Math.min(wanted() - staying.size(), queue.size() - idle.size() - starting.size());
        int missing = Math.max(least - staying.size(), forTasks);
        for (int n = restarts.oneAtATime() ? Math.min(missing, 1 - starting.size()) : missing; n > 0; n--) {
            startWorker();
        }
        if (!boundLogged && !queue.isEmpty() && waiting.size() >= target + SPARES_MAX) {
            boundLogged = true;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "heddle {0}: the tasks of all {1} workers, spare ones included, wait in channels, and more tasks are"
                            + " queued; if they wait for those, they do so for ever: raise processors(n), or start first"
                            + " what others wait for",
                    name(),
                    waiting.size());
        }
    }

    /** A worker's task has begun to wait in a channel, or has gone on. */
    void waits(Worker worker, boolean waitsNow) {
        lock.lock();
        try {
            if (waitsNow && staying.contains(worker)) {
                waiting.add(worker);
                startWanted(least());
            } else {
                waiting.remove(worker);
                retireIdle();
            }
        } finally {
            lock.unlock();
        }
        dispatch(); // no spare may have been possible any more
    }

    /** Lets workers go that are too many; those with a task go when it has ended. Called with the lock held. */
    private void retireIdle() {
        while (staying.size() > wanted() && !idle.isEmpty()) {
            retire(idle.getLast());
        }
    }

    /** Called with the lock held. */
    private void retire(Worker worker) {
        staying.remove(worker);
        starting.remove(worker);
        waiting.remove(worker);
        idle.remove(worker);
        worker.retire();
    }

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
        lock.lock();
        try {
            restarts.ready();
            starting.remove(worker);
            addIdle(worker); // before others are counted: a queued task that this one can take needs no spare
            startWanted(least()); // if this one was tried first
        } finally {
            lock.unlock();
        }
        dispatch();
    }

    /** A worker can take a task. */
    void idle(Worker worker) {
        addIdle(worker);
        dispatch();
    }

    /** A worker has no task: lets it go if that has been so for too long. */
    void looksIdle(Worker worker) {
        long longest = options.workers().idleNanos();
        if (longest == Parker.FOREVER) {
            return;
        }
        lock.lock();
        try {
            if (staying.size() > least() && System.nanoTime() - worker.idleSince > longest && idle.contains(worker)) {
                retire(worker);
            }
        } finally {
            lock.unlock();
        }
    }

    private void addIdle(Worker worker) {
        lock.lock();
        try {
            if (options.workers().tasks() > 0
                    && worker.given() >= options.workers().tasks()) {
                retire(worker);
                startWanted(least()); // its successor, if it has ended the task before taken() was called
            } else if (staying.contains(worker)) {
                if (closing || staying.size() > wanted()) {
                    retire(worker);
                } else {
                    worker.idleSince = System.nanoTime();
                    idle.addFirst(worker); // the one whose caches are warm
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * A worker's process has ended and its memory is freed.
     *
     * @param useless whether it was given no task, and the next may fare no better
     */
    void gone(Worker worker, DeathReport report, boolean wasReady, boolean useless) {
        trace.record(Trace.Event.WORKER_EXIT, report.pid(), report.exitCode());
        traces.gone(worker.number);
        lock.lock();
        try {
            workers.remove(worker);
            workersGone.signalAll();
            starting.remove(worker);
            waiting.remove(worker);
            idle.remove(worker);
            if (staying.remove(worker)) {
                if (useless) {
                    restarts.wasUseless(wasReady, report);
                }
                startWanted(least());
            }
        } finally {
            lock.unlock();
        }
        dispatch();
    }

    @Override
    public int processors() {
        lock.lock();
        try {
            return target;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected int resize(int n) {
        lock.lock();
        try {
            int previous = target;
            target = n;
            startWanted(target); // there may be more than before, also where there were too many for the new number
            retireIdle();
            return previous;
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void release() {
        lock.lock();
        try {
            closing = true;
            List.copyOf(staying).forEach(this::retire);
            while (!workers.isEmpty()) {
                workersGone.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
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
        List<Worker> now;
        lock.lock();
        try {
            now = List.copyOf(workers);
        } finally {
            lock.unlock();
        }
        return traces.ask(now);
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

    // ---- what else is shared

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
        List<Worker> now;
        long runnable;
        int parked;
        lock.lock();
        try {
            now = new ArrayList<>(workers);
            runnable = queue.stream().filter(entry -> !entry.task().isDone()).count(); // cancelled ones still queue
            parked = waiting.size();
        } finally {
            lock.unlock();
        }
        long busy = now.stream().filter(Worker::isBusy).count();
        runnable +=
                now.stream().mapToInt(worker -> Math.max(0, worker.size() - 1)).sum(); // those ahead
        return stats(Math.max(0, busy - parked), runnable, parked, 0, 0, 0, now.size(), WaitHistogram.NONE);
    }
}
