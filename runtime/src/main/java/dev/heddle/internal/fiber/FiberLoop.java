package dev.heddle.internal.fiber;

import dev.heddle.FiberBacking;
import dev.heddle.internal.Parker;
import dev.heddle.internal.vthread.HeldMonitors;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>Invariant: a fiber never runs the loop whose fiber it is; its parker is another.
 */
final class FiberLoop implements Parker {
    /** How long an interrupter may take from setting the status to being heard, on a machine with too much to do. */
    private static final long HEARD_WITHIN_NANOS = 100_000_000;

    private final Thread owner = Thread.currentThread();

    /** How the owner waits when there is nothing to run. */
    private final Parker outer;

    /** Null as long as no heddle mounts virtual threads here. Only the owner's. */
    private @Nullable HeldMonitors heldMonitors;

    /** Null until virtual threads have been mounted here. */
    private @Nullable Object interruptListener;

    private final AtomicInteger heddles = new AtomicInteger();

    /** Who can go on, in order. Only for whoever has the turn, the owner or the fiber that runs. */
    private final FiberQueue local = new FiberQueue();

    /** What other threads have made runnable. */
    private final Queue<Fiber> inbox = new ConcurrentLinkedQueue<>();

    /** Whether the owner is about to park or parks. */
    private volatile boolean parked;

    /** The fiber that runs. Written by the owner. */
    private volatile @Nullable Fiber running;

    /** Whether the owner was interrupted, and its status may have been cleared before that was heard. */
    private volatile boolean interruptHeard;

    /** Whether the loop itself has set the status, so that nothing more will be heard of it. Only the owner's. */
    private boolean restored;

    private FiberLoop(Parker outer) {
        this.outer = outer;
    }

    /** {@return the loop of the calling platform thread, to be joined} */
    static FiberLoop ofCurrentThread() {
        Parker installed = OF_PLATFORM_THREAD.get();
        return installed instanceof FiberLoop loop ? loop : new FiberLoop(installed != null ? installed : THREAD);
    }

    /**
     * One more heddle is open on the owner's thread, which is the caller, and waits in this loop from now on.
     *
     * @param backing what its fibers are
     */
    void join(FiberBacking backing) {
        if (backing == FiberBacking.CONTINUATION && heldMonitors == null) {
            heldMonitors = new HeldMonitors();
        }
        heddles.incrementAndGet();
        OF_PLATFORM_THREAD.set(this);
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

    void add(Fiber fiber) {
        if (hasTurn()) {
            addLocal(fiber);
            return;
        }
        inbox.add(fiber);
        if (parked) { // pairs with the write in park()
            Parker.wake(owner);
        }
    }

    /**
     * Puts the fiber that runs at the end of the queue.
     *
     * @param continuation the fiber's
     * @return whether the caller is its thread, or the owner who has just unmounted it
     */
    boolean addRunning(Runnable continuation) {
        Fiber fiber = running;
        if (fiber == null || fiber.goOn != continuation || !hasTurn()) {
            return false;
        }
        addLocal(fiber);
        return true;
    }

    /** {@return whether the caller is the owner, or the fiber that runs} */
    boolean hasTurn() {
        return VirtualThreads.currentCarrier() == owner
                || (Thread.currentThread() instanceof FiberThread fiber && fiber.hasTurn(this));
    }

    private void addLocal(Fiber fiber) {
        if (!fiber.queued) { // the JDK hands a continuation over twice now and then
            local.addLast(fiber);
            count(fiber, 1);
        }
    }

    private static void count(Fiber fiber, int change) {
        FiberHeddle heddle = fiber.of;
        if (heddle != null) {
            heddle.countWaiting(change);
        }
    }

    private void emptyInbox() {
        for (Fiber fiber = inbox.poll(); fiber != null; fiber = inbox.poll()) {
            addLocal(fiber);
        }
    }

    /** {@return the first, or null if there is none} Owner only. */
    private @Nullable Fiber next() {
        emptyInbox();
        Fiber first = local.poll();
        if (first != null) {
            count(first, -1);
        }
        return first;
    }

    /**
     * Has a fiber run next, if it can. For whoever has the turn.
     *
     * @param known what the fiber was when it was last looked for
     * @return what it is now, or null if it cannot: it waits, runs or has ended
     */
    @Nullable
    Fiber putFirst(Fiber known) {
        emptyInbox();
        Fiber fiber = known.queued ? known : local.find(known.thread);
        if (fiber != null) {
            local.moveToFront(fiber);
        }
        return fiber;
    }

    /** {@return whether the entry was still in the inbox, and is out of it now} */
    boolean takeBack(Fiber fiber) {
        return inbox.remove(fiber);
    }

    /**
     * Takes out the fibers of a heddle that was closed; by another thread than the owner's only those from the inbox, and the
     * owner runs the others when it waits again.
     */
    List<Fiber> takeAll(FiberHeddle closed) {
        List<Fiber> taken = new ArrayList<>();
        for (Fiber fiber : List.copyOf(inbox)) {
            if (fiber.of == closed && inbox.remove(fiber)) {
                taken.add(fiber);
            }
        }
        if (hasTurn()) {
            local.forEach(fiber -> {
                if (fiber.of == closed) {
                    local.remove(fiber);
                    taken.add(fiber);
                }
            });
        }
        return taken;
    }

    /** {@return how many fibers of a heddle are in the inbox} */
    int inboxCount(FiberHeddle heddle) {
        int count = 0;
        for (Fiber fiber : inbox) {
            count += fiber.of == heddle ? 1 : 0;
        }
        return count;
    }

    boolean isRunning(FiberHeddle heddle) {
        Fiber fiber = running;
        return fiber != null && fiber.of == heddle;
    }

    // ---- the owner waits

    @Override
    public void enter() {
        HeldMonitors monitors = heldMonitors;
        if (monitors != null) {
            monitors.keep();
        }
        outer.enter();
    }

    @Override
    public void park(Object blocker, long nanos) {
        if (interruptHeard) {
            restoreInterrupt();
            return;
        }
        Fiber fiber = next();
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
        enter();
        Fiber mark = new Fiber(null, null, () -> {});
        emptyInbox();
        addLocal(mark);
        for (Fiber fiber = next(); fiber != null && fiber != mark; fiber = next()) {
            run(fiber);
        }
        outer.yield();
    }

    @Override
    public long nanoTime() {
        return outer.nanoTime();
    }

    private void run(Fiber fiber) {
        FiberHeddle heddle = fiber.of;
        if (heddle == null) {
            return;
        }
        if (heddle.backing() == FiberBacking.CONTINUATION) {
            listenToInterrupts();
        }
        running = fiber; // before the status is taken; interruptIsHeard reads it the other way round
        boolean interrupted = interrupted();
        try {
            interrupted |= heddle.run(fiber);
        } finally {
            running = null;
            if (interrupted || interruptHeard) {
                restoreInterrupt();
            }
        }
    }

    // ---- interrupts of the owner

    private void listenToInterrupts() {
        Object listener = interruptListener;
        if (listener == null) {
            listener = VirtualThreads.interruptListener(this::interruptIsHeard);
            interruptListener = listener;
        }
        VirtualThreads.listenToInterrupts(listener);
    }

    @Override
    public boolean interrupted() {
        if (!Thread.interrupted()) {
            restored = false; // code of the user's has taken it; the next one is new, and will be heard
            return false;
        }
        if (!restored && interruptListener != null) {
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
            Parker.wake(owner);
        }
    }
}
