package dev.heddle.internal.green;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.os.Machine;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the processors from outside and takes them from tasks that hog them: Go's sysmon. An OS thread of its own, without
 * a processor, and on any CPU.
 *
 * <p>Problem: virtual threads cannot be interrupted in the middle of computing, nor in a native call or file access, and
 * those who wait for the processor shall not wait for that. Rejected: polling in the tasks (a cost on each loop, and native
 * code does not poll); a timer per task. Approach: naps, short ones after something had to be done, doubling up to 10 ms, and
 * at each look a glance at every processor: has it switched since? A task that has not for 10 ms loses its processor to another
 * carrier and goes on without. One whose OS thread the kernel has waiting, at two looks, loses it sooner: many that block one
 * after the other shall not keep the rest from running for 10 ms each. When all processors are idle the monitor sleeps, looks
 * less and less often for a deadlock if there are tasks, and ends after a while if there are none.
 *
 * <pre>{@code
 * NONE   -> AWAKE    a processor stops being idle: the thread is started
 * AWAKE  -> ASLEEP   all processors were idle at a look
 * ASLEEP -> AWAKE    a processor stops being idle, or has done so just before
 * ASLEEP -> NONE     nothing happened for long, or the heddle is closed: the thread ends
 * }</pre>
 *
 * <p>Only the monitor can free a processor whose task hogs it. So it takes no lock that a green thread may hold, or may be
 * next for: that one may be waiting for a processor. That rules out most of the JDK, opening a file included. What needs locks,
 * as logging and the look for a deadlock do, is done {@linkplain #aside on a thread of its own}.
 *
 * <p>The race that matters is the last look against a processor that stops being idle: the monitor first becomes ASLEEP and
 * then looks; whoever takes an idle processor first marks it as not idle and then reads the state.
 */
final class Monitor implements Runnable {
    private static final System.Logger LOGGER = System.getLogger("dev.heddle");

    private static final long SHORTEST_NAP = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_NAP = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONGEST_NAP_ON_GUARD = TimeUnit.MILLISECONDS.toNanos(1);

    /** A task that sleeps for a millisecond again and again shall not have to wake the monitor each time. */
    private static final int IDLE_LOOKS_BEFORE_SLEEP = 16;

    private static final long FIRST_DEADLOCK_LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_BETWEEN_DEADLOCK_LOOKS = TimeUnit.SECONDS.toNanos(10);

    private static final int NONE = 0;
    private static final int AWAKE = 1;
    private static final int ASLEEP = 2;

    private final GreenScheduler scheduler;
    private final Parker parker;
    private final Machine machine;
    private final AtomicInteger state = new AtomicInteger(NONE);
    private volatile @Nullable Thread thread;

    /** Whether tasks waited, at the last look, for one that has not switched since the look before. Only the monitor's. */
    private boolean stuck;

    private record Trouble(String what, Throwable why) {}

    /** What others want logged. */
    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();

    /** What has been logged; each thing is, once. Only the monitor's. */
    private final Set<String> reported = new HashSet<>();

    Monitor(GreenScheduler scheduler, Seams seams) {
        this.scheduler = scheduler;
        this.parker = seams.parker();
        this.machine = seams.machine();
    }

    /** A processor has stopped being idle. */
    void wake() {
        if (state.get() != AWAKE) {
            if (state.compareAndSet(ASLEEP, AWAKE)) {
                parker.unpark(thread);
            } else if (state.compareAndSet(NONE, AWAKE)) {
                start();
            }
        }
    }

    private void start() {
        try {
            scheduler.newThread(this, "-monitor").start();
        } catch (Throwable t) { // the caller may be a green thread in the middle of anything; the next wake tries again
            report("the monitor of green threads could not be started, so hogs keep their processors", t);
            state.set(NONE);
        }
    }

    /** The heddle is closed: a monitor that sleeps ends. */
    void hurry() {
        parker.unpark(thread);
    }

    /** Has something logged by this thread. */
    void report(String what, Throwable why) {
        if (troubles.isEmpty()) {
            troubles.add(new Trouble(what, why));
        }
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        CpuAffinity.unconfineCurrentThread(); // it may have been started by a confined carrier
        long nap = SHORTEST_NAP;
        int idleLooks = 0;
        while (true) {
            GreenLock lock = scheduler.lock;
            parker.park(scheduler, lock == null ? nap : Math.min(nap, lock.look(parker.nanoTime())));
            boolean acted = look(parker.nanoTime());
            scheduler.owner.followCpus();
            log();
            // While a processor is idle, a task that waits in another's run-next slot need not wait for long.
            boolean onGuard = stuck || scheduler.processors().anyIdle();
            long longest = onGuard ? LONGEST_NAP_ON_GUARD : LONGEST_NAP;
            nap = acted ? SHORTEST_NAP : Math.min(2 * nap, longest);
            idleLooks = allIdle() ? idleLooks + 1 : 0;
            if (idleLooks == IDLE_LOOKS_BEFORE_SLEEP) {
                idleLooks = 0;
                if (!sleep()) {
                    return;
                }
            }
        }
    }

    /** {@return whether to go on} If not, the thread must end. */
    private boolean sleep() {
        state.set(ASLEEP);
        long start = parker.nanoTime();
        long deadlockLook = FIRST_DEADLOCK_LOOK;
        while (state.get() == ASLEEP) {
            long slept = parker.nanoTime() - start;
            boolean mayDeadlock = scheduler.owner.mayDeadlock();
            long left = (mayDeadlock ? deadlockLook : scheduler.keepAliveNanos()) - slept;
            if (!allIdle()) {
                state.compareAndSet(ASLEEP, AWAKE);
            } else if (left > 0) {
                parker.park(scheduler, left);
            } else if (mayDeadlock) {
                aside(this::lookForDeadlock); // if no thread can be started for it, the next look is due soon
                deadlockLook = slept + Math.min(slept, LONGEST_BETWEEN_DEADLOCK_LOOKS);
            } else if (state.compareAndSet(ASLEEP, NONE)) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether the thread is the monitor's} */
    boolean isRunBy(Thread other) {
        return thread == other;
    }

    private boolean allIdle() {
        return scheduler.processors().allIdle() && !scheduler.anyWork();
    }

    private boolean look(long now) {
        boolean acted = false;
        GreenLock lock = scheduler.lock;
        stuck = false;
        for (Processor processor : scheduler.processors().all()) {
            long switches = processor.switches();
            if (switches != processor.seenSwitches) {
                processor.seenSwitches = switches;
                processor.seenSwitchesAt = now;
                processor.seenBlocked = false;
                limitSlice(processor, now);
            } else if (lock != null && lock.isHeldWith(processor)) {
                processor.seenSwitchesAt = now; // nobody could execute if it were taken from the task
                processor.seenBlocked = false;
            } else if (processor.isLent() && (processor.waiting() > 0 || !scheduler.globalIsEmpty())) {
                stuck = true;
                acted |= relieve(processor, now);
            }
        }
        if (!acted && scheduler.processors().anyIdle() && scheduler.anyWork()) {
            scheduler.wakeSearcher(); // a carrier could not be started before
        }
        return acted;
    }

    /** Others wait for the task that executes with this processor: {@return whether something was done about it} */
    private boolean relieve(Processor processor, long now) {
        if (scheduler.processors().anyIdle()) {
            return scheduler.wakeSearcher(); // what waits is in the run-next slot
        }
        Carrier carrier = scheduler.carriers.numbered(processor.lentTo());
        if (carrier == null) {
            return false; // the task has just switched
        }
        if (now - processor.seenSwitchesAt >= GreenScheduler.SLICE_NANOS) {
            return scheduler.handOff(processor, carrier);
        }
        boolean blockedBefore = processor.seenBlocked;
        processor.seenBlocked =
                machine.isBlocked(carrier.threadId()); // once alone, it may wait for a garbage collection
        return processor.seenBlocked && (!blockedBefore || scheduler.handOff(processor, carrier));
    }

    private static void limitSlice(Processor processor, long now) {
        long slices = processor.slices();
        if (slices != processor.seenSlices) {
            processor.seenSlices = slices;
            processor.seenSlicesAt = now;
        } else if (now - processor.seenSlicesAt >= GreenScheduler.SLICE_NANOS && processor.queue.size() > 0) {
            processor.sliceOver = true;
            processor.seenSlicesAt = now;
        }
    }

    private void lookForDeadlock() {
        try {
            scheduler.owner.endDeadlock();
        } catch (RuntimeException | Error e) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "heddle " + scheduler.name() + ": it is not known whether tasks are deadlocked",
                    e);
        }
    }

    private void log() {
        if (scheduler.refusals() > 0 && reported.add("bound")) {
            logAside(scheduler.owner::outOfCarriers);
            logAside(() -> LOGGER.log(
                    System.Logger.Level.WARNING,
                    "heddle {0}: all {1} spare carriers execute tasks that block or compute without a switch, so other"
                            + " tasks wait for them; let such tasks wait in channels or sleep, run fewer of them, raise"
                            + " HeddleBuilder.spareCarriers(n), or use Model.THREAD for them",
                    scheduler.name(),
                    scheduler.spareCarriers()));
        }
        for (Trouble trouble = troubles.poll(); trouble != null; trouble = troubles.poll()) {
            if (reported.add(trouble.what)) {
                String message = "heddle " + scheduler.name() + ": " + trouble.what;
                Throwable why = trouble.why;
                logAside(() -> LOGGER.log(System.Logger.Level.ERROR, message, why));
            }
        }
    }

    /** Logs on a thread of its own, or here if there can be no more: that is at a risk, but better than silence. */
    private void logAside(Runnable errand) {
        if (!aside(errand)) {
            errand.run();
        }
    }

    /** {@return whether the errand runs on a thread of its own} If not, there can be no more OS threads. */
    private boolean aside(Runnable errand) {
        try {
            scheduler.newThread(errand, "-errand").start();
            return true;
        } catch (Throwable t) { // most probably the JDK's way to say that the OS has no thread left
            return false;
        }
    }
}
