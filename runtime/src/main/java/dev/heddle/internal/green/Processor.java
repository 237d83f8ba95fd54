package dev.heddle.internal.green;

import dev.heddle.internal.Parker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The right to execute tasks, and the queue of those that wait for it: Go's P.
 *
 * <p>Its owner is the one thread that may use it: the carrier that runs scheduler code with it, or whoever has taken it from
 * the idle ones. While a task executes, the carrier has <em>lent</em> it to that task; then it may be taken away:
 *
 * <pre>{@code
 * owned -> lent      lend(): the carrier is about to run a task
 * lent  -> owned     reclaim() by the carrier: the task has switched, or wakes another
 *                    reclaim() by the Monitor: the task has hogged it; by blocking(): the task leaves it
 * owned -> idle -> owned    IdleStack
 * }</pre>
 *
 * <p>The race that matters is the carrier against the Monitor: both compare-and-set {@link #lentTo} from the carrier's number to
 * 0, so one of them owns the processor and the other knows that it does not. A task that wakes another does without that: it
 * writes the run-next slot, then reads {@link #lentTo}; whoever takes the processor writes {@code lentTo}, then reads the slot.
 * So either the one sees that the processor is gone, and takes back what it has put there, or the other sees what is there.
 *
 * <p>The run-next slot holds the task that was woken last by a task of this processor. It runs next, before the queue, since
 * the two probably talk to each other. It shares the time slice of its waker: once a slice has lasted for 10 ms the Monitor
 * sets {@link #sliceOver}, and the slot's task goes to the end of the queue. Others steal from the slot, too, but are woken for it
 * only where tasks are known to wait in it; Go wakes one at each wake-up, which made a ping-pong half as fast.
 *
 * <p>Invariants: fields without a word on them are the owner's. A processor in the idle stack has an empty queue, and an empty
 * slot but for the moment in which a task that has lost the processor takes back what it has put there.
 */
final class Processor {
    /** The global queue is looked at every so many tasks, so that the own queue cannot starve it. A prime, as in Go. */
    private static final int GLOBAL_EVERY = 61;

    /** How many tasks are taken from the global queue at once; others steal what is too much. */
    private static final int GLOBAL_BATCH = 16;

    /** What an OS-level wake-up costs, about. */
    private static final long LONG_WAIT_NANOS = 5_000;

    private static final VarHandle LENT_TO;
    private static final VarHandle NEXT;
    private static final VarHandle SWITCHES;
    private static final VarHandle SLICES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LENT_TO = lookup.findVarHandle(Processor.class, "lentTo", int.class);
            NEXT = lookup.findVarHandle(Processor.class, "next", Runnable.class);
            SWITCHES = lookup.findVarHandle(Processor.class, "switches", long.class);
            SLICES = lookup.findVarHandle(Processor.class, "slices", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int id;
    private final Parker clock;
    final RunQueue queue;

    /**
     * The number of the carrier whose task executes with this processor; 0 while it is owned or idle. No reference: to write one
     * into an object as old as this costs a fence in the garbage collector's barrier.
     */
    private volatile int lentTo;

    /** The run-next slot. Thieves take from it, too, so every change is atomic. */
    private volatile @Nullable Runnable next;

    /** How many tasks began or went on here. Written by the owner, read by anyone: opaque, nothing hangs on it. */
    private long switches;

    /** How many of them did not come from the run-next slot, so began a slice. As {@link #switches}. */
    private long slices;

    /** Set by the Monitor when a slice has lasted too long. Lost or late, it costs one move to the end of the queue. */
    volatile boolean sliceOver;

    /** Whether it is in the idle stack or on its way there. Written by the owner before its push and after its pop. */
    volatile boolean idle;

    /** Set by a resize, never reset: the owner moves the work to the global queue and drops the processor. */
    volatile boolean dropped;

    /**
     * Whether {@link #take} has put tasks into the queue, which were in none for a moment: whoever has looked for work just then
     * must be woken. Reset by the one who does so.
     */
    boolean moved;

    /** Whether whoever gives this processor to a carrier wants it to search for work; read by that carrier. */
    boolean forSearch;

    /**
     * Whether tasks in the run-next slot have to wait there, since those that wake them go on executing for long. If not, as in
     * a ping-pong, waking a carrier for them costs more than it gains. Found out by the owner from samples, and by thieves.
     */
    private volatile boolean slotWaits;

    private int ticks;

    /** How long the task has waited that runs next, if that was measured, in nanoseconds. */
    long waited;

    /** How long tasks have waited that ran here. Written by the owner. */
    final Waits waits = new Waits();

    /** What the Monitor saw last, and when; only the Monitor's. */
    long seenSwitches;

    long seenSwitchesAt;
    boolean seenBlocked;
    long seenSlices;
    long seenSlicesAt;

    Processor(int id, int capacity, Parker clock) {
        this.id = id;
        this.clock = clock;
        this.queue = new RunQueue(capacity);
    }

    // ---- lending

    /** The task that {@code carrier} is about to run may have this processor. Owner only. */
    void lend(Carrier carrier) {
        LENT_TO.setRelease(this, carrier.id); // pairs with the compare-and-set in reclaim: passes the owner's fields on
    }

    /** {@return whether the caller owns the processor now} False if {@code carrier} has lost it or never had it. */
    boolean reclaim(Carrier carrier) {
        return LENT_TO.compareAndSet(this, carrier.id, 0);
    }

    /** {@return whether a task executes with this processor} Anyone may ask. */
    boolean isLent() {
        return lentTo != 0;
    }

    /** {@return the number of the carrier whose task executes with this processor, or 0} Anyone may ask. */
    int lentTo() {
        return lentTo;
    }

    // ---- the queue and the slot

    /**
     * Puts a task into the run-next slot; the one that was there goes to the queue. Owner only.
     *
     * @return whether another carrier should be woken for what waits here now
     */
    boolean putNext(Runnable task, Queue<Runnable> global) {
        Runnable old = (Runnable) NEXT.getAndSet(this, task);
        if (old == null) {
            return slotWaits;
        }
        putLast(old, global);
        return true;
    }

    /**
     * The same for a task that wakes another, where the carrier has lent it this processor. Every message takes this way, so the
     * processor is taken back only if the queue is needed. If it has been taken away meanwhile, nobody need come to the slot
     * any more: what is there goes to the global queue.
     */
    boolean wakeNext(Carrier carrier, Runnable task, Queue<Runnable> global) {
        Runnable old = (Runnable) NEXT.getAndSet(this, task);
        if (lentTo != carrier.id) {
            addIfAny(takeNext(), global); // or else somebody has come to it
        } else if (old == null) {
            return slotWaits;
        } else if (reclaim(carrier)) {
            putLast(old, global);
            lend(carrier);
            return true;
        }
        addIfAny(old, global);
        return true;
    }

    private static void addIfAny(@Nullable Runnable task, Queue<Runnable> global) {
        if (task != null) {
            global.add(task);
        }
    }

    /** Puts a task at the end of the queue; if that is full, half of it goes to the global queue. Owner only. */
    void putLast(Runnable task, Queue<Runnable> global) {
        while (!queue.offer(task)) {
            queue.spillHalf(global);
        }
    }

    /** A task that waits, and since when. */
    record Sample(Runnable task, long since) implements Runnable {
        @Override
        public void run() {
            throw new AssertionError("what waits in a queue is a task, not its sample");
        }
    }

    /** {@return the task to run next, or null if neither here nor in the global queue is one} Owner only. */
    @Nullable
    Runnable take(Queue<Runnable> global) {
        if (++ticks % GLOBAL_EVERY == 0) {
            Runnable task = global.poll();
            if (task != null) {
                return beginSlice(task);
            }
        }
        Runnable woken = next;
        if (woken != null) {
            if (sliceOver) {
                sliceOver = false;
                woken = takeNext();
                if (woken != null) {
                    putLast(woken, global);
                    moved = true;
                }
            } else if (NEXT.compareAndSet(this, woken, null)) {
                if (woken instanceof Sample sample) {
                    slotWaits = clock.nanoTime() - sample.since > LONG_WAIT_NANOS;
                }
                return begin(woken);
            }
        }
        Runnable task = queue.poll();
        return task != null ? beginSlice(task) : takeFromGlobal(global);
    }

    /** {@return the first of the global queue, or null} Where all tasks go there, since they want the global lock in turn. */
    @Nullable
    Runnable takeFirst(Queue<Runnable> global) {
        Runnable first = global.poll();
        return first == null ? null : beginSlice(first);
    }

    private @Nullable Runnable takeFromGlobal(Queue<Runnable> global) {
        Runnable first = global.poll();
        if (first == null) {
            return null;
        }
        for (int i = 1; i < GLOBAL_BATCH; i++) {
            Runnable more = global.poll();
            if (more == null) {
                break;
            }
            putLast(more, global);
            moved = true;
        }
        return beginSlice(first);
    }

    /** Counts a switch to {@code task}, which begins a slice. Owner only. */
    Runnable beginSlice(Runnable task) {
        SLICES.setOpaque(this, slices + 1);
        return begin(task);
    }

    /** Counts a switch to {@code task}. Owner only. */
    Runnable begin(Runnable task) {
        SWITCHES.setOpaque(this, switches + 1);
        waited = 0;
        if (task instanceof Sample sample) {
            waited = clock.nanoTime() - sample.since;
            waits.add(waited);
            return sample.task;
        }
        return task;
    }

    /** {@return what is in the run-next slot, for a thief} */
    @Nullable
    Runnable stealNext() {
        Runnable task = takeNext();
        if (task != null) {
            slotWaits = true;
        }
        return task;
    }

    /** {@return what was in the run-next slot, which is empty now} Anyone may call. */
    @Nullable
    Runnable takeNext() {
        return next == null ? null : (Runnable) NEXT.getAndSet(this, null);
    }

    /** Moves all work to the global queue. Owner only. */
    void drain(Queue<Runnable> global) {
        addIfAny(takeNext(), global);
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            global.add(task);
        }
        queue.clear();
    }

    // ---- for anyone to read

    boolean hasNext() {
        return next != null;
    }

    long switches() {
        return (long) SWITCHES.getOpaque(this);
    }

    long slices() {
        return (long) SLICES.getOpaque(this);
    }

    /** {@return how many tasks wait here, at some moment during the call} */
    int waiting() {
        return queue.size() + (next != null ? 1 : 0);
    }
}
