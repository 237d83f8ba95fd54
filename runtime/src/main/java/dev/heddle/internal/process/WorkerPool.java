package dev.heddle.internal.process;

import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.WorkerOptions;
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
 * The workers of a heddle and the tasks that wait for one: which worker gets which task, how many there are, and what becomes of the
 * tasks of those that die.
 *
 * <p>Problem: a task has its worker to itself until it ends, and a worker takes tens of megabytes. One that waits in a channel would keep
 * the task that it waits for from running, if that one is queued behind it; but as in every model, tasks that wait do not count. Rejected:
 * as many workers as tasks; to hand tasks out in turn, where a long one holds up those behind it. Approach: tasks queue here, one at a time goes to an
 * idle worker. As long as workers wait and tasks are queued, there may be a spare worker for each that waits, up to {@link #SPARES_MAX};
 * reaching that bound is logged once. Afterwards, workers that are too many leave when they become idle.
 *
 * <p>Workers are started ahead, at open, all at once; nobody waits for them but the first tasks. When others follow
 * those that are of no use, and what becomes of the tasks if none can be started, is for {@link Restarts} to say.
 *
 * <p>The race that matters is a worker that becomes idle against a task that is queued: both go through {@link #lock}
 * and then call {@link #dispatch}, which pairs an idle worker with queued tasks under the lock, and makes the offer
 * outside. A worker that turns it down is leaving, and the task goes back to the front.
 *
 * <p>Lock order: {@code WorkerPool.lock}, {@code Worker.lock}, {@code Link.lock}. None is held while user code or a
 * task's waiters run.
 */
final class WorkerPool {
    private static final System.Logger LOGGER = System.getLogger("dev.heddle");

    /** A worker takes tens of megabytes, so 16 of them are about one gigabyte. */
    private static final int SPARES_MAX = 16;

    private final ProcessHeddle heddle;
    private final WorkerOptions options;

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
    private final Restarts restarts;
    private int target;
    private int workerNumber;
    private boolean closing;
    private boolean boundLogged;

    /**
     * A pool without workers.
     *
     * @param heddle whose workers
     * @param options what the builder collected
     */
    WorkerPool(ProcessHeddle heddle, WorkerOptions options) {
        this.heddle = heddle;
        this.options = options;
        this.restarts = new Restarts(heddle.name(), System::nanoTime);
    }

    /**
     * How it stands.
     *
     * @param workers those whose thread has not ended
     * @param queued tasks that wait for a worker
     * @param waiting tasks that wait in a channel
     */
    record Standing(List<Worker> workers, long queued, int waiting) {}

    // ---- tasks

    /** A task has been started. */
    void add(Entry entry) {
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
        if (options.tasks() > 0) {
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
            if (worker.given() == options.tasks()) {
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

    // ---- workers

    /** Called with the lock held. */
    private void startWorker() {
        Worker worker = new Worker(heddle, this, ++workerNumber, restarts.next());
        // First, since it may throw, and close() waits for all workers; the thread needs the lock before it can
        // leave.
        heddle.thread(worker.toString(), worker).start();
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
        return options.idleNanos() == Parker.FOREVER ? target : Math.min(target, options.kept());
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
                    heddle.name(),
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

    /** A worker has started. */
    void ready(Worker worker) {
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
        long longest = options.idleNanos();
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
            if (options.tasks() > 0 && worker.given() >= options.tasks()) {
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

    /** {@return how many tasks may be executed at the same instant} */
    int target() {
        lock.lock();
        try {
            return target;
        } finally {
            lock.unlock();
        }
    }

    /** Has so many tasks executed at the same instant. {@return how many there were} */
    int resize(int n) {
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

    /** Lets all workers go, which have no task any more, and waits until their processes have ended. */
    void close() {
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
    }

    /** {@return those whose thread has not ended} */
    List<Worker> workers() {
        lock.lock();
        try {
            return List.copyOf(workers);
        } finally {
            lock.unlock();
        }
    }

    Standing standing() {
        lock.lock();
        try {
            long queued = queue.stream().filter(entry -> !entry.task().isDone()).count(); // cancelled ones still queue
            return new Standing(List.copyOf(workers), queued, waiting.size());
        } finally {
            lock.unlock();
        }
    }
}
