package dev.heddle.internal.green;

import dev.heddle.WaitHistogram;
import dev.heddle.internal.Seams;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs green threads on OS threads: Go's scheduler, for the JDK's virtual threads.
 *
 * <p>The words: a {@link Processor} is the right to execute tasks and owns a queue; a {@link Carrier} is an OS thread that
 * needs a processor to execute tasks; the {@link Monitor} takes processors from tasks that hog them.
 *
 * <p>Problem: work must be spread as soon as processors are idle, without an OS-level wake-up for every task that becomes
 * runnable. Rejected, as in Go: one queue for all (contended, and a woken task lands on a cold core); giving each runnable
 * task an idle processor at once (a wake-up and a migration per task); keeping carriers spinning (burns the machine).
 * Approach: whoever makes a task runnable wakes at most one carrier, which <em>searches</em> through the others' queues; as
 * long as one is searching no other is woken; one that has found work and was the last to search wakes another, since there
 * may be more.
 *
 * <p>The race that matters is a task that becomes runnable against a carrier that stops searching:
 *
 * <pre>{@code
 * make runnable               stop searching
 * 1 put into a queue          1 give up the processor (push it on the idle stack), then searching--
 * 2 full fence                2 full fence
 * 3 if a processor is idle    3 look through all queues again; if there is work, take a processor back
 *   and nobody is searching,
 *   wake a carrier
 * }</pre>
 *
 * <p>Either the one sees the idle processor and no searcher, or the other sees the work. Whoever has counted itself as
 * searcher on another's behalf, and then could wake nobody, looks again after it has taken its count back. A run-next slot is
 * not part of this: its owner will come to it, or else the Monitor has it stolen.
 *
 * <p>Nothing here parks under a green thread, which would spoil that thread's own waits, and {@link #resume} does not throw.
 * Hence the lock-free structures, and hence it is the Monitor that logs. To start a carrier is the slowest that can happen.
 *
 * <p>After {@link #release} the scheduler still runs what becomes runnable, such as a thread that a library has started inside
 * of a task and that outlives it: carriers then end as soon as they are idle, and are started again on demand.
 */
public final class GreenScheduler implements VirtualThreads.Scheduler {
    /** Of how many tasks that a carrier takes one is one that is due, if there always is one. */
    private static final int DUE_EVERY = 16;

    /** How often a searching carrier looks through all queues. */
    private static final int SEARCH_ROUNDS = 4;

    /** A power of 2. */
    private static final int SAMPLE_EVERY = 32;

    /** A few microseconds. */
    private static final int SPINS_BEFORE_STEALING_NEXT = 64;

    /** How long a task may execute while others wait, before its processor is taken. */
    static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * What tests change.
     *
     * @param ringCapacity tasks in a processor's queue; a power of 2
     * @param spareCarriers how many carriers there may be beyond the processors, for tasks that have lost theirs
     * @param keepAliveNanos how long an idle carrier stays
     */
    record Tuning(int ringCapacity, int spareCarriers, long keepAliveNanos) {
        /** 256 spare carriers, as the JDK's own scheduler has by default; a carrier that is not needed leaves after 5 s. */
        static final Tuning DEFAULT = new Tuning(256, 256, TimeUnit.SECONDS.toNanos(5));

        Tuning withSpareCarriers(int n) {
            return new Tuning(ringCapacity, n, keepAliveNanos);
        }
    }

    /** Whose scheduler it is; the Monitor calls. */
    interface Owner {
        /** Wants nothing. */
        Owner NOBODY = new Owner() {
            @Override
            public void followCpus() {}

            @Override
            public void outOfCarriers() {}

            @Override
            public boolean mayDeadlock() {
                return false;
            }

            @Override
            public void endDeadlock() {}
        };

        /** There is work: look for a change of the number of CPUs, if that is due. */
        void followCpus();

        /** There was no OS thread for a processor: what is runnable here may have to wait for long. Told once. */
        void outOfCarriers();

        /** {@return whether there are tasks, whose deadlock is to be found} */
        boolean mayDeadlock();

        /** All processors are idle, and have been for a while: look whether the tasks can go on. */
        void endDeadlock();
    }

    private final String name;
    private final Seams seams;
    private final Trace trace;
    private final Tuning tuning;

    /** Tasks that were woken from outside, or did not fit, or whose processor was dropped. */
    private final Queue<Runnable> global = new ConcurrentLinkedQueue<>();

    /** Threads on which others depend that have no other way to go on; see {@link #resumeFirst}. */
    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    private final Processors processors;

    /** How many carriers search or are being woken for it. */
    private final AtomicInteger searching = new AtomicInteger();

    final Carriers carriers;
    private final Monitor monitor;

    private volatile boolean released;

    private @Nullable Thread schedTrace;

    private final LongAdder steals = new LongAdder();
    private final LongAdder handoffs = new LongAdder();

    /** The ids of the virtual threads that tasks have started, until they end. */
    private final Set<Long> children = new ConcurrentSkipListSet<>();

    /** For choosing whose wait is measured, of those woken from outside. Racy: any will do. */
    private int wokenFromOutside;

    final Owner owner;

    /** Null unless they are wanted. */
    final @Nullable MountedTimes times;

    /** Null if there is none. With it there is one processor, whatever the {@link #size}. */
    final @Nullable GreenLock lock;

    /** The number of processors that is wanted. */
    private volatile int size;

    /**
     * @param name how its threads are named
     * @param seams where threads, seeds and the trace come from
     * @param n the number of processors
     */
    public GreenScheduler(String name, Seams seams, int n) {
        this(name, seams, n, Tuning.DEFAULT, false, null, Owner.NOBODY);
    }

    GreenScheduler(
            String name, Seams seams, int n, Tuning tuning, boolean times, @Nullable TimeSlicedLock lock, Owner owner) {
        this.owner = owner;
        this.size = n;
        this.times = times ? new MountedTimes(seams.parker()) : null;
        this.name = name;
        this.seams = seams;
        this.trace = seams.trace();
        this.tuning = tuning;
        carriers = new Carriers(this, seams, CpuAffinity.choose(n), n + tuning.spareCarriers);
        monitor = new Monitor(this, seams);
        processors = new Processors(tuning.ringCapacity, global, seams.parker());
        this.lock = lock == null ? null : new GreenLock(this, lock, seams.parker());
        processors.resize(lock == null ? n : 1);
    }

    // ---- work comes in

    @Override
    public void resume(Runnable continuation) {
        Thread thread = VirtualThreads.currentCarrier();
        Carrier carrier = carriers.find(thread);
        traceWake(carrier, continuation);
        boolean isNew = VirtualThreads.isNew(continuation);
        if (isNew && VirtualThreads.isChild(continuation)) {
            children.add(VirtualThreads.idOf(continuation));
        }
        if (lock != null) {
            queueFor(lock, continuation);
            return;
        }
        Processor lent = carrier == null ? null : carrier.lent();
        if (carrier == null || lent == null) {
            addGlobal(continuation);
        } else if (Thread.currentThread() != thread && !carrier.ending && !isNew) {
            if (lent.wakeNext(carrier, carrier.sampled(continuation), global)) {
                wakeSearcher();
            }
        } else if (carrier.enter() == null) {
            addGlobal(continuation);
        } else {
            put(carrier, lent, continuation, Thread.currentThread() != thread);
        }
    }

    /** Before whatever waits, however much that is, since its delay is that of all who wait for it. */
    @Override
    public void resumeFirst(Runnable continuation) {
        traceWake(carriers.find(VirtualThreads.currentCarrier()), continuation);
        due.add(continuation);
        wakeSearcher();
    }

    private void traceWake(@Nullable Carrier carrier, Runnable continuation) {
        if (trace != Trace.OFF) {
            (carrier == null ? trace : carrier.trace)
                    .record(
                            Trace.Event.WAKE,
                            VirtualThreads.idOf(continuation),
                            Thread.currentThread().threadId());
        }
    }

    private void addGlobal(Runnable continuation) {
        boolean sample = (++wokenFromOutside & (SAMPLE_EVERY - 1)) == 0;
        global.add(sample ? new Processor.Sample(continuation, seams.parker().nanoTime()) : continuation);
        wakeSearcher();
    }

    /** First in, first out, whoever wakes it: those that wait for the processor are those that wait for the lock. */
    private void queueFor(GreenLock wanted, Runnable continuation) {
        global.add(wanted.timed(continuation));
        wanted.hasCome();
        wakeSearcher();
    }

    /** The task that the carrier executes makes another runnable, and has given {@code owned} back for that. */
    private void put(Carrier carrier, Processor owned, Runnable continuation, boolean byTask) {
        Runnable task = carrier.sampled(continuation);
        boolean wake = true;
        if (carrier.ending) {
            owned.putLast(task, global);
            // This carrier comes for one of them; with several, others may help.
            wake = owned.waiting() > 1 || !global.isEmpty();
        } else if (byTask) {
            wake = owned.putNext(task, global);
        } else {
            owned.putLast(task, global); // the task yields, or was woken while it was unmounting
        }
        carrier.exit();
        if (wake) {
            wakeSearcher();
        }
    }

    /**
     * Work has become available: wakes one carrier to search for it, if a processor is idle and no carrier searches.
     *
     * @return whether one was woken
     */
    boolean wakeSearcher() {
        VarHandle.fullFence(); // step 2 of "make runnable"
        while (processors.anyIdle() && searching.get() == 0 && searching.compareAndSet(0, 1)) {
            Processor processor = popIdle();
            if (processor != null) {
                processor.forSearch = true;
                if (carriers.give(processor)) {
                    return true;
                }
                processors.push(processor);
                searching.decrementAndGet();
                if (!carriers.anyUsable()) {
                    return false; // all carriers are taken, and whichever comes back or ends looks for work
                }
            } else {
                searching.decrementAndGet();
            }
        }
        return false;
    }

    /**
     * The calling green thread ends soon, and first wakes those who wait for that. They queue like others, but no carrier is woken
     * for the first of them, since this one is about to come for work.
     *
     * @param joined whether there are any
     */
    void ending(boolean joined) {
        if (joined || times != null) {
            Carrier carrier = carriers.find(VirtualThreads.currentCarrier());
            if (carrier != null) {
                carrier.ending = joined;
                if (times != null) {
                    times.ending(carrier);
                }
            }
        }
    }

    // ---- a carrier asks for work

    /**
     * {@return what the carrier runs next; then it owns a processor} Null if its thread must end.
     *
     * @param carrier the caller, in scheduler code
     */
    @Nullable
    Runnable next(Carrier carrier) {
        while (true) {
            Processor processor = carrier.processor;
            if (processor == null) {
                if (!awaitProcessor(carrier)) {
                    return null;
                }
                continue;
            }
            if (processor.dropped) {
                carrier.processor = null;
                processors.drop(processor);
                stopSearching(carrier);
                wakeSearcher();
                continue;
            }
            Runnable task = carrier.untilDue-- > 0 ? null : takeDue(carrier, processor);
            if (task == null) {
                task = lock == null ? processor.take(global) : processor.takeFirst(global);
            }
            if (task == null) {
                task = takeDue(carrier, processor);
            }
            if (task == null) {
                task = search(carrier, processor);
            }
            if (task != null) {
                if (carrier.searching || processor.moved) {
                    processor.moved = false;
                    stopSearching(carrier);
                    wakeSearcher();
                }
                return task;
            }
            carrier.processor = null;
            processors.push(processor);
            stopSearching(carrier);
            takeBackIfWork(carrier); // step 3 of "stop searching"
        }
    }

    /** One that yields again and again lets as many tasks run in between as it may have woken. */
    private @Nullable Runnable takeDue(Carrier carrier, Processor processor) {
        Runnable first = due.poll();
        if (first == null) {
            carrier.untilDue = 0;
            return null;
        }
        carrier.untilDue = DUE_EVERY;
        return processor.begin(first); // within the slice that there is
    }

    private void stopSearching(Carrier carrier) {
        if (carrier.searching) {
            carrier.searching = false;
            searching.decrementAndGet();
        }
    }

    private void takeBackIfWork(Carrier carrier) {
        if (anyWork()) {
            carrier.processor = popIdle();
            if (carrier.processor != null) {
                carrier.searching = true;
                searching.incrementAndGet();
            }
        }
    }

    /** {@return whether any queue holds work} Fences first. */
    boolean anyWork() {
        VarHandle.fullFence();
        return !global.isEmpty() || !due.isEmpty() || processors.anyQueued();
    }

    private @Nullable Runnable search(Carrier carrier, Processor mine) {
        carrier.atOnce = false;
        Processor[] all = processors.all();
        if (all.length < 2) {
            return null;
        }
        if (!carrier.searching) {
            if (2 * searching.get() >= all.length) {
                return null; // enough others do
            }
            carrier.searching = true;
            searching.incrementAndGet();
        }
        int start = carrier.random.nextInt(all.length);
        for (int round = 1; round <= SEARCH_ROUNDS; round++) {
            for (int i = 0; i < all.length; i++) {
                Processor victim = all[(start + i) % all.length];
                if (victim == mine) {
                    continue;
                }
                int stolen = mine.queue.stealHalf(victim.queue);
                if (stolen > 0) {
                    countSteals(carrier, stolen);
                    Runnable task = mine.queue.poll();
                    if (task != null) {
                        return mine.beginSlice(task);
                    }
                }
                if (round == SEARCH_ROUNDS && victim.hasNext()) {
                    Runnable task = stealNext(victim);
                    if (task != null) {
                        countSteals(carrier, 1);
                        return mine.beginSlice(task);
                    }
                }
            }
            Runnable task = global.poll();
            if (task != null) {
                return mine.beginSlice(task);
            }
        }
        return null;
    }

    private void countSteals(Carrier thief, int stolen) {
        steals.add(stolen);
        trace.record(Trace.Event.STEAL, thief.id, stolen);
    }

    /** Takes what is in the run-next slot, unless its processor comes to it in a moment: a ping-pong shall stay there. */
    private static @Nullable Runnable stealNext(Processor victim) {
        long switches = victim.switches();
        for (int i = 0; i < SPINS_BEFORE_STEALING_NEXT; i++) {
            Thread.onSpinWait();
        }
        return victim.switches() == switches ? victim.stealNext() : null;
    }

    private boolean awaitProcessor(Carrier carrier) {
        carrier.atOnce = false;
        carrier.announceIdle();
        carriers.pushIdle(carrier);
        // Whoever found no idle carrier has left its processor idle.
        if (anyWork() && processors.anyIdle()) {
            if (carrier.cancelIdle()) {
                takeBackIfWork(carrier);
            } // else it was given a processor before it could, and has accepted that
            return true;
        }
        return carrier.awaitProcessor(keepAliveNanos());
    }

    private @Nullable Processor popIdle() {
        Processor processor = processors.pop();
        if (processor != null) {
            monitor.wake(); // after the processor has been marked as not idle; pairs with Monitor.sleep
        }
        return processor;
    }

    // ---- tasks that lose or leave their processor

    /** Puts a processor that was taken from a task to use. Owned by the caller. */
    private void place(Processor processor) {
        if (processor.dropped) {
            processors.drop(processor);
            wakeSearcher();
            return;
        }
        processor.forSearch = false;
        if (processor.waiting() > 0 || !globalIsEmpty()) {
            if (carriers.give(processor)) {
                return;
            }
            processor.drain(global);
        }
        processors.push(processor);
        wakeSearcher(); // work may have come since we looked
    }

    /**
     * Takes a processor from the task that hogs it. For the Monitor.
     *
     * @return whether it was taken; not, if the task has switched meanwhile or no carrier is left that could use it
     */
    boolean handOff(Processor processor, Carrier hogged) {
        if ((!processor.dropped && !carriers.available()) || !processor.reclaim(hogged)) {
            return false;
        }
        countHandoff(processor, hogged);
        place(processor);
        return true;
    }

    private void countHandoff(Processor processor, Carrier from) {
        handoffs.increment();
        trace.record(Trace.Event.HANDOFF, processor.id, from.id);
    }

    /**
     * Calls blocking code in a green thread of this scheduler, which has no processor for the duration. Afterwards it takes
     * one that is idle, or else queues for one. A thread that is pinned then cannot queue, and goes on without.
     *
     * @param work the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public <T extends @Nullable Object> T blocking(Callable<T> work) throws Exception {
        boolean unlocked = lock != null && lock.beginBlocking();
        leaveProcessor();
        try {
            return work.call();
        } finally {
            if (lock != null && unlocked) {
                lock.endBlocking();
            }
            takeProcessor();
        }
    }

    void leaveProcessor() {
        Carrier carrier = carriers.find(VirtualThreads.currentCarrier());
        Processor processor = carrier == null ? null : carrier.enter();
        if (carrier != null && processor != null) {
            carrier.processor = null;
            countHandoff(processor, carrier);
            carrier.exit();
            place(processor);
        }
    }

    private void takeProcessor() {
        Carrier carrier = carriers.find(VirtualThreads.currentCarrier());
        if (carrier == null) {
            return; // no green thread of this scheduler
        }
        boolean hasOne = carrier.enter() != null;
        if (!hasOne) {
            carrier.processor = popIdle();
        }
        carrier.exit();
        if (carrier.processor == null) {
            carrier.leaves = Reason.BLOCKED;
            Thread.yield();
        }
    }

    // ---- the number of processors

    /** {@return the number of processors} */
    public int size() {
        return size;
    }

    /**
     * Calls must not overlap.
     *
     * @param n the new number of processors
     * @return the previous number
     */
    public int resize(int n) {
        int previous = size;
        if (n != previous) {
            size = n;
            carriers.limit = n + tuning.spareCarriers;
            carriers.confine(CpuAffinity.choose(n));
            if (lock == null) {
                processors.resize(n);
            }
            wakeSearcher();
        }
        return previous;
    }

    // ---- the end

    /** No more tasks come. Carriers end as they become idle; what a task has left behind still runs when it is due. */
    public void release() {
        released = true; // before the idle carriers are visited; pairs with keepAliveNanos in awaitProcessor
        carriers.retireIdle();
        monitor.hurry();
        LockSupport.unpark(schedTrace);
    }

    boolean isReleased() {
        return released;
    }

    /** {@return how long a thread without work stays} */
    long keepAliveNanos() {
        return released ? 0 : tuning.keepAliveNanos;
    }

    // ---- observation

    /** Prints a line now and then, until release. */
    void startSchedTrace(long everyMillis) {
        Thread thread = newThread(new SchedTrace(this, everyMillis), "-schedtrace");
        schedTrace = thread;
        thread.start();
    }

    /**
     * A carrier has run a thread for a while. It may have been run to its end by another since, so an end is seen once or twice.
     */
    void hasRun(Runnable continuation) {
        if (!children.isEmpty() && VirtualThreads.hasEnded(continuation)) {
            children.remove(VirtualThreads.idOf(continuation));
        }
    }

    /** {@return how many virtual threads exist here that are no tasks, but were started by some} */
    public int children() {
        return children.size();
    }

    /** {@return how long tasks waited} */
    public WaitHistogram waits() {
        return processors.waits();
    }

    int globalSize() {
        return global.size();
    }

    int searching() {
        return searching.get();
    }

    Thread newThread(Runnable work, String suffix) {
        Thread thread = seams.threads().newThread(work);
        thread.setName(name + suffix);
        return thread;
    }

    /** Something went wrong that no caller can be told: the Monitor logs it, since we may be under a green thread. */
    void report(String what, Throwable why) {
        monitor.report(what, why);
    }

    Processors processors() {
        return processors;
    }

    /** {@return whether the thread does nothing but execute green threads of this scheduler, or look after it} */
    boolean isExecutedBy(Thread thread) {
        return carriers.find(thread) != null || monitor.isRunBy(thread) || schedTrace == thread;
    }

    boolean globalIsEmpty() {
        return global.isEmpty() && due.isEmpty();
    }

    String name() {
        return name;
    }

    int spareCarriers() {
        return tuning.spareCarriers;
    }

    /** {@return times that a processor went to another task} */
    public long switches() {
        return processors.switches();
    }

    /** {@return tasks that a processor took from another's queue} */
    public long steals() {
        return steals.sum();
    }

    /** {@return times that a processor was taken from a task that hogged it, or left by one that was going to block} */
    public long handoffs() {
        return handoffs.sum();
    }

    /** {@return times that a processor stayed with its task, or without use, because all carriers were taken} */
    public long refusals() {
        return carriers.refusals();
    }

    /** {@return how many threads execute with a processor} */
    public int running() {
        return processors.lent();
    }

    /** {@return how many processors execute a thread, or are about to, or have just done so} */
    int busy() {
        return processors.busy();
    }

    /** {@return how many threads wait for a processor} */
    public int runnable() {
        return global.size() + due.size() + processors.waiting();
    }

    /** {@return for how long a task has been mounted, or empty if that is not measured} */
    Optional<Long> mountedNanos(TaskCore<?> task) {
        if (times == null) {
            return Optional.empty();
        }
        Thread thread = task.runner();
        Thread on = thread == null ? null : VirtualThreads.carrierOf(thread);
        return Optional.of(times.nanos(task, on == null ? null : carriers.find(on)));
    }

    /** {@return how many carriers exist} */
    public int carriers() {
        return carriers.count();
    }
}
