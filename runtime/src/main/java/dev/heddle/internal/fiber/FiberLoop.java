package dev.heddle.internal.fiber;

import dev.heddle.internal.Parker;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the fibers of one owner's thread, whenever that thread waits in one of Heddle's primitives. All FIBER heddles that the
 * thread has open share it.
 *
 * <p>Problem: the owner is an ordinary platform thread that waits for its own fibers. Rejected: a carrier thread of its own,
 * since then the owner's code and its fibers would execute at the same time. Approach: the loop is the owner's {@link Parker}:
 * to park is to run one runnable fiber and to return, so that the waiter looks at its condition after each, or really to park
 * if there is none. First in, first out, one at a time.
 *
 * <p>The race that matters is the last look into the queue against a wake-up from another thread: the owner sets
 * {@link #parked} and then looks, the other adds and then reads {@link #parked} and unparks.
 *
 * <p>A second race is that of interrupting the owner while fibers run on it: the JDK clears the interrupted status of a carrier
 * at each mount and unmount. So the loop takes the status away before it runs a fiber, and listens to interrupts; the status is
 * set again when the fiber has unmounted. An interrupter sets the status first and is heard a moment later. Whoever has taken
 * the status therefore waits for that moment, for a while, lest one interrupt counts as two; if the owner has interrupted
 * itself, nothing comes.
 *
 * <p>Invariant: a fiber never runs the loop. It is a virtual thread, whose parker is always {@link Parker#THREAD}.
 */
final class FiberLoop implements Parker {
    /** A fiber that can go on; or, with neither, the mark that {@link #yield} leaves. */
    record Ready(@Nullable FiberHeddle of, Runnable continuation) {}

    /** How long an interrupter may take from setting the status to being heard, on a machine with too much to do. */
    private static final long HEARD_WITHIN_NANOS = 100_000_000;

    private final Thread owner = Thread.currentThread();

    /** How the owner waits when there is nothing to run. */
    private final Parker outer;

    private final Object interruptListener = VirtualThreads.interruptListener(this::interruptIsHeard);

    private final AtomicInteger heddles = new AtomicInteger();

    /** What is runnable, in order. Only the owner's, also when a fiber on it wakes another: a concurrent queue costs twice. */
    private final ArrayDeque<Ready> local = new ArrayDeque<>();

    /** What other threads have made runnable. */
    private final Queue<Ready> inbox = new ConcurrentLinkedQueue<>();

    /** Whether the owner is about to park or parks. */
    private volatile boolean parked;

    /** The heddle whose fiber is running. Written by the owner. */
    private volatile @Nullable FiberHeddle running;

    /** Whether the owner was interrupted, and its status may have been cleared before that was heard. */
    private volatile boolean interruptHeard;

    /** Whether the loop itself has set the status, so that nothing more will be heard of it. Only the owner's. */
    private boolean restored;

    private FiberLoop(Parker outer) {
        this.outer = outer;
    }

    /** {@return the loop of the calling platform thread, which waits in it from now on} */
    static FiberLoop ofCurrentThread() {
        Parker installed = OF_PLATFORM_THREAD.get();
        if (installed instanceof FiberLoop loop) {
            return loop;
        }
        FiberLoop loop = new FiberLoop(installed != null ? installed : THREAD);
        OF_PLATFORM_THREAD.set(loop);
        return loop;
    }

    /** One more heddle is open on the owner's thread, which is the caller. */
    void join() {
        heddles.incrementAndGet();
    }

    /** A heddle was closed. With the last one the owner waits as before; if another thread closes it, the empty loop stays. */
    void leave() {
        if (heddles.decrementAndGet() == 0 && Thread.currentThread() == owner) {
            if (outer == THREAD) {
                OF_PLATFORM_THREAD.remove();
            } else {
                OF_PLATFORM_THREAD.set(outer);
            }
        }
    }

    Thread owner() {
        return owner;
    }

    // ---- what becomes runnable

    void add(Ready fiber) {
        if (onOwner()) {
            addLocal(fiber);
            return;
        }
        inbox.add(fiber);
        if (parked) { // pairs with the write in park()
            LockSupport.unpark(owner);
        }
    }

    /** Whether the caller is the owner, or a fiber that it executes. */
    private boolean onOwner() {
        return VirtualThreads.currentCarrier() == owner;
    }

    private void addLocal(Ready fiber) {
        local.add(fiber);
        if (fiber.of != null) {
            fiber.of.countWaiting(1);
        }
    }

    private void emptyInbox() {
        for (Ready fiber = inbox.poll(); fiber != null; fiber = inbox.poll()) {
            addLocal(fiber);
        }
    }

    /** {@return the first, or null if there is none} Owner only. */
    private @Nullable Ready next() {
        emptyInbox();
        Ready first = local.poll();
        if (first != null && first.of != null) {
            first.of.countWaiting(-1);
        }
        return first;
    }

    /** {@return whether the entry was still in the inbox, and is out of it now} */
    boolean takeBack(Ready fiber) {
        return inbox.remove(fiber);
    }

    /**
     * Takes out the fibers of a heddle that was closed; by another thread than the owner's only those from the inbox, and the
     * owner runs the others when it waits again.
     */
    List<Ready> takeAll(FiberHeddle closed) {
        List<Ready> taken = new ArrayList<>();
        for (Ready fiber : List.copyOf(inbox)) {
            if (fiber.of == closed && inbox.remove(fiber)) {
                taken.add(fiber);
            }
        }
        if (onOwner()) {
            local.removeIf(fiber -> fiber.of == closed && taken.add(fiber));
        }
        return taken;
    }

    /** {@return how many fibers of a heddle are in the inbox} */
    int inboxCount(FiberHeddle heddle) {
        int count = 0;
        for (Ready fiber : inbox) {
            count += fiber.of == heddle ? 1 : 0;
        }
        return count;
    }

    boolean isRunning(FiberHeddle heddle) {
        return running == heddle;
    }

    // ---- the owner waits

    @Override
    public void park(Object blocker, long nanos) {
        if (interruptHeard) {
            restoreInterrupt();
            return;
        }
        Ready fiber = next();
        if (fiber != null) {
            run(fiber);
            return;
        }
        parked = true;
        try {
            if (inbox.isEmpty()) {
                outer.park(blocker, nanos);
            }
        } finally {
            parked = false;
        }
    }

    @Override
    public void yield() {
        Ready mark = new Ready(null, () -> {});
        emptyInbox();
        addLocal(mark);
        for (Ready fiber = next(); fiber != null && fiber != mark; fiber = next()) {
            run(fiber);
        }
        outer.yield();
    }

    @Override
    public long nanoTime() {
        return outer.nanoTime();
    }

    private void run(Ready fiber) {
        FiberHeddle heddle = fiber.of;
        if (heddle == null) {
            return;
        }
        VirtualThreads.listenToInterrupts(interruptListener);
        running = heddle; // before the status is taken; interruptIsHeard reads it the other way round
        boolean interrupted = interrupted();
        try {
            heddle.run(fiber.continuation);
        } finally {
            running = null;
            if (interrupted || interruptHeard) {
                restoreInterrupt();
            }
        }
    }

    // ---- interrupts of the owner

    @Override
    public boolean interrupted() {
        if (!Thread.interrupted()) {
            restored = false; // code of the user's has taken it; the next one is new, and will be heard
            return false;
        }
        if (!restored) {
            long start = System.nanoTime();
            while (!interruptHeard && System.nanoTime() - start < HEARD_WITHIN_NANOS) {
                Thread.yield();
            }
            interruptHeard = false;
        }
        restored = false;
        return true;
    }

    private void restoreInterrupt() {
        interruptHeard = false;
        restored = true;
        owner.interrupt();
    }

    /** Called by whoever interrupts the owner, after the status was set. */
    private void interruptIsHeard() {
        // While no fiber runs and the status is set, it stays, and an ordinary wait sees it.
        if (running != null || !owner.isInterrupted()) {
            interruptHeard = true;
            LockSupport.unpark(owner);
        }
    }
}
