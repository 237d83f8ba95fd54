package dev.heddle.internal.fiber;

import dev.heddle.internal.Parker;
import dev.heddle.internal.green.VirtualThreads;
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
 * <p>A second race is that of interrupting the owner while a fiber is mounted on it: the JDK clears the interrupted status of
 * a carrier at each mount and unmount. So the loop takes the status away before it runs a fiber, hears of interrupts that
 * come meanwhile, and sets the status again afterwards.
 *
 * <p>Invariant: a fiber never runs the loop. It is a virtual thread, whose parker is always {@link Parker#THREAD}.
 */
final class FiberLoop implements Parker {
    /** A fiber that can go on; or, with neither, the mark that {@link #yield} leaves. */
    record Ready(@Nullable FiberHeddle of, Runnable continuation) {}

    private final Thread owner = Thread.currentThread();

    /** How the owner waits when there is nothing to run. */
    private final Parker outer;

    private final Object interruptListener = VirtualThreads.interruptListener(this::ownerInterrupted);

    private final AtomicInteger heddles = new AtomicInteger();

    private final Queue<Ready> ready = new ConcurrentLinkedQueue<>();

    /** Whether the owner is about to park or parks. */
    private volatile boolean parked;

    /** The heddle whose fiber is running. Written by the owner. */
    private volatile @Nullable FiberHeddle running;

    /** Whether the owner was interrupted, and its status may have been cleared since. */
    private volatile boolean interruptSeen;

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

    // ---- what becomes runnable, from any thread

    void add(Ready fiber) {
        ready.add(fiber);
        if (parked) { // pairs with the write in park()
            LockSupport.unpark(owner);
        }
    }

    /** {@return whether the entry was still there} */
    boolean remove(Ready fiber) {
        return ready.remove(fiber);
    }

    /** {@return the runnable fibers of a heddle} */
    List<Ready> readyOf(FiberHeddle heddle) {
        List<Ready> fibers = new ArrayList<>();
        for (Ready fiber : ready) {
            if (fiber.of == heddle) {
                fibers.add(fiber);
            }
        }
        return fibers;
    }

    boolean isRunning(FiberHeddle heddle) {
        return running == heddle;
    }

    // ---- the owner waits

    @Override
    public void park(Object blocker, long nanos) {
        if (interruptSeen) {
            interruptSeen = false;
            owner.interrupt();
            return;
        }
        Ready fiber = ready.poll();
        if (fiber != null) {
            run(fiber);
            return;
        }
        parked = true;
        try {
            if (ready.isEmpty()) {
                outer.park(blocker, nanos);
            }
        } finally {
            parked = false;
        }
    }

    @Override
    public void yield() {
        Ready mark = new Ready(null, () -> {});
        ready.add(mark);
        for (Ready fiber = ready.poll(); fiber != null && fiber != mark; fiber = ready.poll()) {
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
        running = heddle; // before the status is read; pairs with ownerInterrupted
        boolean interrupted = Thread.interrupted();
        try {
            heddle.run(fiber.continuation);
        } finally {
            running = null;
            if (interrupted || interruptSeen) {
                interruptSeen = false;
                owner.interrupt();
            }
        }
    }

    /** Called by whoever interrupts the owner, after the status was set. */
    private void ownerInterrupted() {
        // No fiber is running and the status is set: it stays, and an ordinary wait sees it.
        if (running != null || !owner.isInterrupted()) {
            interruptSeen = true;
            LockSupport.unpark(owner);
        }
    }
}
