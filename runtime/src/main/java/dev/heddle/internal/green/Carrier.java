package dev.heddle.internal.green;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An OS thread that executes green threads: Go's M. It needs a {@link Processor} for that. Without one it is either idle, or
 * its task has lost the processor and still executes.
 *
 * <p>Parking, where {@code mail} says who may wake it:
 *
 * <pre>{@code
 * null    -> WAITING      the carrier is about to push itself on the idle stack
 * WAITING -> a processor  it was given work: it goes on with that processor
 * WAITING -> null         it has seen work itself
 * WAITING -> RETIRED      nobody needed it for a while, or the heddle is closed: its thread ends
 * }</pre>
 *
 * <p>All changes from WAITING are by compare-and-set, so a carrier that leaves by itself cannot be given a processor, and
 * its entry that stays in the stack is skipped when it is popped.
 */
final class Carrier implements Runnable {
    private static final Object WAITING = new Object();
    private static final Object RETIRED = new Object();

    /** One in so many waits is measured. A prime, so as not to fall in with some rhythm. */
    private static final int SAMPLE_EVERY = 31;

    private static final VarHandle MAIL;

    static {
        try {
            MAIL = MethodHandles.lookup().findVarHandle(Carrier.class, "mail", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int id;
    private final GreenScheduler scheduler;
    private final Parker parker;

    private volatile @Nullable Object mail;

    /** The thread that runs this; set by it before it is entered in the table of carriers. */
    private @Nullable Thread thread;

    /** The operating system's id of that thread. */
    private int threadId;

    // The rest belongs to the carrier's thread, in scheduler code or in a task that it executes.

    /** For its thread alone, once that runs. */
    Trace trace;

    /** The processor that the carrier owns or has lent to its task; stale if it was taken away meanwhile. */
    @Nullable
    Processor processor;

    /** Where to begin a search. */
    final SplittableRandom random;

    /** Whether the carrier counts among those that search for work. */
    boolean searching;

    /** Whether the task that executes is about to end, and wakes those who wait for that. */
    boolean ending;

    /** Whether the carrier has not looked far for what it runs next, so that no time has passed to speak of; for traces. */
    boolean atOnce;

    /** How many tasks are taken until one is taken that is due, unless there is nothing else. */
    int untilDue;

    /** Why the task is about to leave, where its own thread does not tell; for traces. */
    @Nullable
    Reason leaves;

    /** How long the task waited for a processor that was mounted without the global lock, and takes it again by itself. */
    long waitedToComeBack;

    private int untilSample = SAMPLE_EVERY;

    /** When the task was mounted, if {@link MountedTimes} are wanted. Read by others: a little wrong does not matter. */
    volatile long mountedAt;

    /** Whether a task executes, and not scheduler code that it has called. */
    private boolean inTask;

    /** @param first owned by the caller, who passes it on by starting the thread */
    Carrier(int id, GreenScheduler scheduler, Seams seams, Processor first) {
        this.id = id;
        this.scheduler = scheduler;
        this.trace = seams.trace();
        this.parker = seams.parker();
        this.random = new SplittableRandom(seams.seeds().getAsLong());
        accept(first);
    }

    private void accept(Processor given) {
        processor = given;
        searching = given.forSearch;
    }

    // ---- the loop

    @Override
    public void run() {
        thread = Thread.currentThread();
        threadId = CpuAffinity.currentThreadId();
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // not the class loader of whoever woke us
        trace = trace.ofThisThread();
        scheduler.carriers.enter(this);
        try {
            while (executeNext()) {
                // on to the next
            }
        } finally {
            scheduler.carriers.leave(this);
        }
    }

    /** {@return whether there was a task} A method of its own: an idle carrier holds no task, so one may be collected. */
    private boolean executeNext() {
        Runnable task = scheduler.next(this);
        if (task != null) {
            execute(task);
        }
        return task != null;
    }

    private void execute(Runnable task) {
        Processor lent = processor;
        if (lent == null) {
            throw new AssertionError("a carrier without a processor was given a task");
        }
        GreenLock lock = scheduler.lock;
        if (lock != null) {
            lock.mount(this, task, lent.waited);
        }
        if (trace != Trace.OFF) {
            leaves = null;
            if (atOnce && lock == null) {
                trace.recordAfter(Trace.Event.UNMOUNT, Trace.Event.MOUNT, VirtualThreads.idOf(task), id);
            } else {
                trace.record(Trace.Event.MOUNT, VirtualThreads.idOf(task), id);
            }
        }
        MountedTimes times = scheduler.times;
        if (times != null) {
            times.mount(this);
        }
        inTask = true;
        lent.lend(this);
        try {
            task.run();
        } catch (Throwable t) { // an error of the JDK's own code around the task, such as no memory
            scheduler.report("a green thread could not be run on, and may be lost", t);
        }
        Reason reason = trace == Trace.OFF ? Reason.OTHER : whyLeft(task);
        enter();
        inTask = false;
        ending = false;
        if (lock != null) {
            lock.unmount(this);
        }
        if (times != null) {
            times.unmount(this, task);
        }
        scheduler.hasRun(task);
        if (trace != Trace.OFF) {
            trace.unmounted(VirtualThreads.idOf(task), id, reason);
            atOnce = true;
        }
    }

    /** At once: when the task has gone on elsewhere, it cannot be told any more, and counts as OTHER or as what it does then. */
    private Reason whyLeft(Runnable task) {
        Reason known = leaves;
        leaves = null;
        return known == null ? VirtualThreads.whyUnmounted(task) : known;
    }

    /**
     * From a task to scheduler code, if the task has a processor: gets it back. {@link #exit} must follow.
     *
     * @return it; null if the task has none, and then nothing has changed
     */
    @Nullable
    Processor enter() {
        if (!inTask) {
            return null; // scheduler code has woken somebody, through a trace recorder or class loading
        }
        Processor lent = processor;
        if (lent == null) {
            return null;
        }
        if (!lent.reclaim(this)) {
            processor = null;
            return null;
        }
        inTask = false;
        return lent;
    }

    /** Back to the task, which is lent {@link #processor} if there is one now. */
    void exit() {
        inTask = true;
        Processor owned = processor;
        if (owned != null) {
            owned.lend(this);
        }
    }

    /** {@return the processor that the carrier has lent to its task, if a task executes} It may have been taken away. */
    @Nullable
    Processor lent() {
        return inTask ? processor : null;
    }

    /** {@return a task that becomes runnable, with the time now and then} For the carrier's thread. */
    Runnable sampled(Runnable task) {
        if (--untilSample > 0) {
            return task;
        }
        untilSample = SAMPLE_EVERY;
        return new Processor.Sample(task, parker.nanoTime());
    }

    // ---- parking

    void announceIdle() {
        mail = WAITING;
    }

    /** {@return whether the carrier may go on by itself} If not, it was given a processor meanwhile, and has accepted it. */
    boolean cancelIdle() {
        return MAIL.compareAndSet(this, WAITING, null) || !acceptMail();
    }

    private boolean acceptMail() {
        if (mail instanceof Processor given) {
            mail = null;
            accept(given);
            return true;
        }
        return false;
    }

    /**
     * Waits to be given a processor.
     *
     * @param nanos for how long
     * @return whether it was; if not, the carrier has retired
     */
    boolean awaitProcessor(long nanos) {
        long start = parker.nanoTime();
        while (!acceptMail()) {
            if (mail == RETIRED) {
                return false;
            }
            long left = nanos - (parker.nanoTime() - start);
            if (left <= 0) {
                retire(); // or else a processor came at the last moment
                continue;
            }
            parker.park(scheduler, left);
            Thread.interrupted(); // of a task that was interrupted while pinned; it would keep the next park from
            // waiting
        }
        return true;
    }

    /** {@return whether the carrier was idle and has now the processor, which the caller owned} */
    boolean give(Processor owned) {
        if (MAIL.compareAndSet(this, WAITING, owned)) {
            parker.unpark(thread);
            return true;
        }
        return false;
    }

    /** Ends the carrier if it is idle. */
    void retire() {
        if (MAIL.compareAndSet(this, WAITING, RETIRED)) {
            parker.unpark(thread);
        }
    }

    // ---- for the table of carriers

    boolean isIdle() {
        return mail == WAITING;
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    int threadId() {
        return threadId;
    }
}
