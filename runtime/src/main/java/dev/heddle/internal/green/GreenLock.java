package dev.heddle.internal.green;

import dev.heddle.GlobalLockStats;
import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The global lock of a GREEN heddle: a green thread has it while it is mounted.
 *
 * <p>Problem: a green thread that waits must leave the lock however it waits, in a socket of the JDK as well as in a channel, and
 * must have it again before its code goes on. Rejected: the green threads take and leave it by themselves, as the threads of THREAD
 * do, since they would keep it in all waits of the JDK's; carriers that compete for it with a task at hand, since each wait would
 * then be a switch between OS threads. Approach: the scheduler has one processor, so that the tasks that want the lock are those
 * that wait for the processor, first in, first out, and a switch of the lock is a switch of tasks. A carrier takes the lock for
 * the task that it mounts, and drops it when that is unmounted. So the lock itself is mostly free when a carrier comes to it.
 *
 * <p>It is not where a green thread executes without the processor: after {@code Heddle.blocking}, if it cannot unmount; or where
 * a task is run by whoever starts it. These take the lock as OS threads do, and a carrier with a task at hand waits for them as
 * they for it. A green thread that is in {@code Heddle.blocking}, and was unmounted meanwhile, is mounted without the lock.
 *
 * <p>The processor is not taken from a task that has the lock, since nobody could execute with it. It is the {@link Monitor} that
 * requests a drop for those that wait for the processor, when the interval is over. That begins when the task was mounted, if
 * others waited then, or with the first that comes.
 *
 * <p>The race that matters is a task that becomes runnable while another is mounted: the first enters the queue, then notes the time
 * if none is noted; the carrier forgets the time, then looks into the queue. So at least one of them notes it.
 */
final class GreenLock {
    /** What it takes a carrier to wake up and to mount a task, if it need not wait for a CPU. */
    private static final long HAND_OVER_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final GreenScheduler scheduler;
    private final TimeSlicedLock lock;
    private final Parker parker;

    /** What counts for each task, by its thread, from its beginning to its end. */
    private final Map<Thread, LockCounts> tasks = new ConcurrentHashMap<>();

    /** Those that are in {@code Heddle.blocking}. */
    private final Set<Thread> blocking = ConcurrentHashMap.newKeySet();

    /** Since when somebody waits for the task that is mounted, or 0. */
    private volatile long waitsSince;

    /**
     * @param scheduler whose lock it is
     * @param lock the lock
     * @param parker how carriers wait, and by which clock
     */
    GreenLock(GreenScheduler scheduler, TimeSlicedLock lock, Parker parker) {
        this.scheduler = scheduler;
        this.lock = lock;
        this.parker = parker;
        HeldLocks.willBeCarried();
    }

    private static long idOf(Carrier carrier) {
        return -carrier.id;
    }

    private @Nullable Carrier carrier() {
        return scheduler.carriers.find(VirtualThreads.currentCarrier());
    }

    // ---- for the scheduler

    /** A task becomes runnable. {@return it, with the time if it has to wait for the lock} */
    Runnable timed(Runnable continuation) {
        return lock.isHeld() ? new Processor.Sample(continuation, parker.nanoTime()) : continuation;
    }

    /** It has been put into the queue. */
    void hasCome() {
        if (waitsSince == 0) {
            waitsSince = parker.nanoTime() | 1;
        }
    }

    /** The carrier is about to run a task, which has waited so long. */
    void mount(Carrier carrier, Runnable task, long waited) {
        Thread thread = VirtualThreads.threadOf(task);
        if (thread != null && blocking.contains(thread)) {
            carrier.waitedToComeBack = waited;
            return;
        }
        carrier.waitedToComeBack = 0;
        lock.take(idOf(carrier), parker, thread == null ? null : tasks.get(thread), waited);
        waitsSince = 0;
        if (scheduler.anyWork()) {
            hasCome();
        }
    }

    /** The carrier has run a task. */
    void unmount(Carrier carrier) {
        if (isHeldBy(carrier)) {
            lock.drop(idOf(carrier), false);
        }
    }

    private boolean isHeldBy(Carrier carrier) {
        return lock.isHeldBy(idOf(carrier));
    }

    /** {@return whether the task that executes with the processor has the lock} For the Monitor. */
    boolean isHeldWith(Processor processor) {
        return lock.isHeld() && lock.isHeldBy(-processor.lentTo());
    }

    /**
     * Requests a drop if that is due for those that wait for the processor. Called by the Monitor.
     *
     * @return how long to wait before the next look, at most
     */
    long look(long now) {
        long since = waitsSince;
        long interval = lock.interval();
        if (since == 0 || !scheduler.anyWork()) {
            return interval;
        }
        long left = since + interval - now;
        if (left > 0) {
            return left;
        }
        for (Processor processor : scheduler.processors().all()) {
            lock.requestOf(-processor.lentTo());
        }
        return interval;
    }

    // ---- for the tasks

    /** The calling green thread executes this task from now on. */
    void began(TaskCore<?> task) {
        LockCounts counts = new LockCounts();
        task.lockCounts = counts;
        tasks.put(Thread.currentThread(), counts);
        lock.countIn(counts);
    }

    /** It has executed its task, and leaves the lock before anybody hears of that. */
    void ending() {
        tasks.remove(Thread.currentThread());
        leave(false);
    }

    /** Calls the code of a task, with the lock also on a thread that is none of ours, or that has left it. */
    @Nullable
    Object call(TaskCore<?> task, boolean onItsOwn) throws Exception {
        Carrier carrier = carrier();
        if (carrier != null && isHeldBy(carrier)) {
            return task.beginAndCall(onItsOwn);
        }
        LockCounts counts = new LockCounts();
        task.lockCounts = counts;
        return HeldLocks.<@Nullable Object>hold(lock, counts, () -> task.beginAndCall(onItsOwn));
    }

    /**
     * The calling green thread has left the lock, and does not take it before {@link #endBlocking}.
     *
     * @return whether that is to be called; not within another such call
     */
    boolean beginBlocking() {
        return blocking.add(Thread.currentThread());
    }

    void endBlocking() {
        blocking.remove(Thread.currentThread());
    }

    /** See {@link GreenHeddle#leave}. */
    boolean leave(boolean handOver) {
        Carrier carrier = carrier();
        if (carrier == null || !isHeldBy(carrier)) {
            return false;
        }
        lock.drop(idOf(carrier), handOver);
        return true;
    }

    /** See {@link GreenHeddle#comeBack}. */
    void comeBack() {
        if (!hasOrTakes()) {
            Carrier carrier = carrier();
            if (carrier != null) {
                carrier.leaves = Reason.GLOBAL_LOCK;
            }
            Thread.yield(); // to where it is mounted with the lock
            carrier = carrier();
            if (carrier != null && !isHeldBy(carrier)) { // it is pinned, and so waits as an OS thread
                lock.take(idOf(carrier), Parker.THREAD, tasks.get(Thread.currentThread()), 0);
            }
        }
    }

    private boolean hasOrTakes() {
        Carrier carrier = carrier();
        if (carrier == null || isHeldBy(carrier)) {
            return true;
        }
        long waited = carrier.waitedToComeBack;
        carrier.waitedToComeBack = 0;
        return lock.tryTake(idOf(carrier), tasks.get(Thread.currentThread()), waited);
    }

    /** See {@link GreenHeddle#checkpoint}. */
    void checkpoint() {
        Carrier carrier = carrier();
        if (carrier == null || !lock.heed(idOf(carrier))) {
            return;
        }
        long hold = lock.hold();
        carrier.leaves = Reason.GLOBAL_LOCK;
        Thread.yield();
        carrier = carrier();
        if (carrier != null && isHeldBy(carrier) && lock.hold() == hold) { // it is pinned
            scheduler.leaveProcessor();
            leave(true);
            LockSupport.parkNanos(this, HAND_OVER_NANOS); // or else it would take the lock before the other is there
            comeBack();
        }
    }

    // ---- observation

    GlobalLockStats stats() {
        return lock.stats();
    }
}
