package dev.heddle.internal;

import dev.heddle.DeadlockException;
import dev.heddle.internal.os.Machine;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends the waits of tasks that can never end otherwise.
 *
 * <p>Problem: to find a deadlock for certain, since an exception thrown by mistake breaks a program that works: a channel that
 * all tasks wait at may be served by any other thread, at any time. Rejected: to count who uses which channel, which says
 * nothing about who will; to go by what can be reached, since whoever waits in {@code close()} reaches the channels, too.
 * Approach: Go's. It is a deadlock if nothing in the whole JVM can go on: every task of every heddle waits without a limit in
 * a join or a channel, no timer is set, and every other thread waits without a limit, too.
 *
 * <p>The race that matters is a thread that goes on while we look: two that wake each other in turn may each be seen
 * waiting. So the kernel is asked, before and after, how often each OS thread has stopped executing. Where that has not
 * changed and none executes, none has executed in between, and what was seen in between was so at one moment. The kernel is
 * asked once more a moment later, since a thread that is about to stop counts as stopped too early. Where the operating
 * system does not tell, no deadlock is ever found.
 *
 * <p>A deadlock is delivered through {@link Parker}: the thread finds the exception when it is woken, for the very wait that it
 * was meant for; for any other it is out of date, and dropped.
 */
public final class Deadlocks {
    /** Threads of the JDK's and of ours that wake nobody, or only those who wait otherwise than in a join or a channel. */
    private static final Set<String> HARMLESS = Set.of(
            "Reference Handler",
            "Finalizer",
            "Signal Dispatcher",
            "Notification Thread",
            "Attach Listener",
            "Common-Cleaner",
            "VirtualThread-unblocker",
            "DestroyJavaVM",
            "heddle-timers");

    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final ReentrantLock LOCK = new ReentrantLock();

    /** The open heddles, and closed ones; guarded by {@link #LOCK}. Weak: one that is forgotten without a close may go. */
    private static final Set<HeddleCore> HEDDLES = Collections.newSetFromMap(new WeakHashMap<>());

    /** Held by whoever looks: two would each find that the other goes on. */
    private static final ReentrantLock LOOKING = new ReentrantLock();

    private static final Map<Thread, Doom> DOOMED = new ConcurrentHashMap<>();

    /** What a thread is to find when it wakes from the wait for {@code blocker}. */
    private record Doom(Object blocker, DeadlockException exception) {}

    private Deadlocks() {}

    static void watch(HeddleCore heddle) {
        LOCK.lock();
        try {
            HEDDLES.add(heddle);
        } finally {
            LOCK.unlock();
        }
    }

    private static List<HeddleCore> heddles() {
        LOCK.lock();
        try {
            return new ArrayList<>(HEDDLES);
        } finally {
            LOCK.unlock();
        }
    }

    /** {@return why the calling thread, which has waited for {@code blocker}, must not wait again; or null} */
    static @Nullable DeadlockException take(Object blocker) {
        if (DOOMED.isEmpty()) {
            return null;
        }
        Doom doom = DOOMED.remove(Thread.currentThread());
        return doom != null && doom.blocker == blocker ? doom.exception : null;
    }

    /**
     * Throws a {@link DeadlockException} in each waiting task of the heddle if nothing in this JVM can go on.
     *
     * @param heddle has live tasks
     * @param machine knows about the process's threads
     * @return whether it was so
     */
    static boolean end(HeddleCore heddle, Machine machine) {
        if (!LOOKING.tryLock()) {
            return false;
        }
        try {
            return endIfAny(heddle, machine);
        } finally {
            LOOKING.unlock();
        }
    }

    private static boolean endIfAny(HeddleCore heddle, Machine machine) {
        List<HeddleCore> all = heddles();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, Long> stops = machine.stopsIfAllSleep();
            if (!nothingGoesOn(all)) {
                return false;
            }
            if (!stops.isEmpty() && staysSo(stops, machine) && staysSo(stops, machine)) {
                doom(heddle);
                return true;
            }
            pause(); // the JVM's own threads execute at times, such as its garbage collector
        }
        return false;
    }

    private static boolean staysSo(Map<String, Long> stops, Machine machine) {
        pause();
        return stops.equals(machine.stopsIfAllSleep());
    }

    private static void pause() {
        Parker.THREAD.park(Deadlocks.class, PAUSE_NANOS);
    }

    /** Nothing goes on until we wake a thread, so there is time to describe it first. */
    private static void doom(HeddleCore heddle) {
        String message = "all tasks of heddle " + heddle.name()
                + " wait for each other, and nothing else goes on in this JVM that could wake one:"
                + HeddleDump.waitGraph(heddle);
        String dump = HeddleDump.withoutCollecting(heddle);
        for (TaskCore<?> task : heddle.liveTasks()) {
            Thread thread = task.runner();
            Object blocker = thread == null ? null : LockSupport.getBlocker(thread);
            if (blocker != null) {
                DOOMED.put(thread, new Doom(blocker, new DeadlockException(message, dump)));
            }
        }
        DOOMED.keySet().forEach(Parker::wake);
    }

    private static boolean nothingGoesOn(List<HeddleCore> heddles) {
        return heddles.stream().allMatch(HeddleCore::isAsleep)
                && !VirtualThreads.anyTimer()
                && platformThreads().stream()
                        .allMatch(thread -> thread == Thread.currentThread() || waits(thread, heddles))
                && !VirtualThreads.anyForeign();
    }

    private static List<Thread> platformThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = root.getParent(); parent != null; parent = parent.getParent()) {
            root = parent;
        }
        Thread[] threads = new Thread[2 * root.activeCount() + 16]; // room for those that come meanwhile, and then act
        return Arrays.asList(threads).subList(0, root.enumerate(threads));
    }

    private static boolean waits(Thread thread, List<HeddleCore> heddles) {
        return switch (thread.getState()) {
            case WAITING, BLOCKED, TERMINATED -> true;
            case NEW, RUNNABLE, TIMED_WAITING ->
                HARMLESS.contains(thread.getName())
                        || VirtualThreads.isOfTheJdk(thread)
                        || heddles.stream().anyMatch(heddle -> heddle.isExecutedBy(thread));
        };
    }
}
