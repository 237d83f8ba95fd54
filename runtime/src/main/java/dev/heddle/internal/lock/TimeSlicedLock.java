package dev.heddle.internal.lock;

import dev.heddle.GlobalLockStats;
import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A lock that whoever waits for it gets after a time slice, also from a holder that computes: CPython's global interpreter lock.
 *
 * <p>Problem: of many threads one executes at a time; one that computes for long must share with the others, at no cost as long as
 * nobody waits, and one that takes the lock again and again for short must not have to wait for a thread to wake up each time.
 * Rejected: a fair lock that goes to the longest waiting at each unlock (every unlock then waits for a wake-up, and while the lock
 * is on its way nobody executes); an unfair one (whoever drops it takes it again before the woken ones are there); a holder that
 * reads the clock at its checkpoints.
 *
 * <p>Approach: that of CPython since 3.2 (Python/ceval_gil.c). The holder drops the lock when it is about to block, and may take it
 * again if nobody else has come to it. Who waits does so for an interval at most, counted from the last switch, and then
 * <em>requests a drop</em>. The holder sees that at its next checkpoint, or when it drops the lock by itself, and then the lock goes
 * to the one that has waited longest: a <em>forced switch</em>. CPython's dropper waits until another has taken the lock; here it
 * hands it over, so there is nothing to wait for. What CPython leaves to the operating system is decided here: those who wait are
 * served in the order of arrival. And where in CPython each of them keeps time, here one does, the <em>keeper</em>: mostly the
 * newest, since it stays until nobody is left that it could keep time for.
 *
 * <p>Everything is in one {@code word}: the holder's number, shifted, and whether it was requested to drop the lock. The queue has
 * many who add and one who removes: who holds the lock. So nothing else guards it.
 *
 * <pre>{@code
 * FREE       -> holder      tryTake(): whoever comes, or the first in the queue, which then removes itself
 * holder     -> requested   the keeper, or requestOf()
 * holder     -> FREE        drop(); then the first in the queue is woken
 * holder     -> first       drop(), handing over: the first in the queue, removed by the dropper
 * requested  -> first       drop(); FREE if there is none
 * }</pre>
 *
 * <p>The race that matters is a thread that begins to wait against the drop: it enters the queue, then reads the word; the dropper
 * writes the word, then looks into the queue. So either the one sees that the lock is free, or the other wakes it. A request
 * that comes too late, when the holder has changed, fails by compare-and-set.
 *
 * <p>Holders are numbers that the caller chooses: threads by their id, and carriers, for the green threads on them, by the
 * negative of theirs. Nobody waits here who holds the lock already; {@link HeldLocks} sees to that.
 */
public final class TimeSlicedLock implements Blocker {
    private static final VarHandle WORD;
    private static final VarHandle KEEPER;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(TimeSlicedLock.class, "word", long.class);
            KEEPER = lookup.findVarHandle(TimeSlicedLock.class, "keeper", Waiter.class);
            REQUESTED = lookup.findStaticVarHandle(TimeSlicedLock.class, "requested", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final AtomicLong ORDERS = new AtomicLong();
    private static final long LAST = 1L << 62;

    private static final long FREE = 0;
    private static final long REQUEST = 1;

    /**
     * How many locks of this JVM their holders are requested to drop: what a checkpoint polls. Counted up after a request was made,
     * down by whoever takes it out of the word. So it may be wrong for a moment, and then a checkpoint looks in vain, or the next
     * one sees it.
     */
    private static int requested;

    /** Several are taken in this order; those of carriers last, since a green thread has its own as soon as it is mounted. */
    final long order;

    private final String name;
    private final LongFunction<String> holders;
    private final long interval;
    private final Parker clock;
    private final Trace trace;

    private volatile long word = FREE;

    private final Queue<Waiter> queue = new ConcurrentLinkedQueue<>();

    /** Who requests a drop when it is due. Null or out of date only if nobody waits, or one is about to become it. */
    private volatile @Nullable Waiter keeper;

    /** When the lock last went to one that had waited in the queue: the next one's interval begins then, or when it came. */
    private volatile long switchedAt;

    private final LockCounts counts = new LockCounts();

    // Guarded by this lock: of the present hold.
    private long takenAt;
    private long waitedNanos;
    private long takes;
    private boolean heeded;
    private @Nullable LockCounts own;

    /** Someone in the queue. */
    private record Waiter(long id, Thread thread, Parker parker, long since) {
        void wake() {
            parker.unpark(thread);
        }
    }

    /**
     * @param name for dumps
     * @param holders says who a holder is, by its number
     * @param carried whether carriers take it for green threads, see {@link CarriedLock}
     * @param intervalNanos how long one that waits waits before it requests a drop
     * @param clock tells the time
     * @param trace is told of each hold
     */
    public TimeSlicedLock(
            String name, LongFunction<String> holders, boolean carried, long intervalNanos, Parker clock, Trace trace) {
        this.order = ORDERS.incrementAndGet() + (carried ? LAST : 0);
        this.name = name;
        this.holders = holders;
        this.interval = intervalNanos;
        this.clock = clock;
        this.trace = trace;
    }

    /** {@return how long a holder has the lock to itself while others wait, in nanoseconds} */
    public long interval() {
        return interval;
    }

    // ---- taking

    /**
     * Takes the lock if it is free.
     *
     * @param id of the caller
     * @param mine counts what the caller does, or null
     * @param waited for how long somebody has waited already for what the caller does now, in nanoseconds
     * @return whether it was taken
     */
    public boolean tryTake(long id, @Nullable LockCounts mine, long waited) {
        if (!WORD.compareAndSet(this, FREE, id << 1)) {
            return false;
        }
        taken(id, waited, mine);
        return true;
    }

    /**
     * Takes the lock, waiting for it whatever happens; an interrupt is left for later.
     *
     * @param id of the caller
     * @param parker how the calling thread waits
     * @param mine counts what the caller does, or null
     * @param waited for how long somebody has waited already for what the caller does now, in nanoseconds
     */
    public void take(long id, Parker parker, @Nullable LockCounts mine, long waited) {
        if (tryTake(id, mine, waited)) {
            return;
        }
        parker.enter();
        Waiter me = new Waiter(id, Thread.currentThread(), parker, clock.nanoTime());
        queue.add(me); // before the word is read; drop() does it the other way round
        keeper = me;
        boolean interrupted = false;
        while (!isServed(me)) {
            parker.park(this, keeper == me ? keepTime() : Parker.FOREVER);
            interrupted |= parker.interrupted();
        }
        Waiter next = queue.peek();
        if (KEEPER.compareAndSet(this, me, next) && next != null) {
            next.wake(); // it may have no limit; whoever came later has become the keeper by itself
        }
        taken(id, waited + (clock.nanoTime() - me.since), mine);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isServed(Waiter me) {
        if (word >> 1 == me.id) {
            return true; // handed over
        }
        if (queue.peek() != me || !WORD.compareAndSet(this, FREE, me.id << 1)) {
            return false;
        }
        switchedAt = clock.nanoTime();
        queue.remove(); // after that; see keepTime
        return true;
    }

    private void taken(long id, long waited, @Nullable LockCounts mine) {
        takenAt = clock.nanoTime();
        waitedNanos = waited;
        takes++;
        heeded = false;
        own = mine;
        if (trace != Trace.OFF) {
            trace.record(Trace.Event.LOCK_TAKEN, id, waited);
        }
    }

    // ---- requests

    /** Requests a drop if one is due. {@return how long to wait before the next look} */
    private long keepTime() {
        long holder = word;
        Waiter first = queue.peek();
        if (first == null || holder == FREE || holder >> 1 == first.id) {
            return interval; // somebody takes it just now
        }
        long now = clock.nanoTime();
        long left = Math.max(first.since - now, switchedAt - now) + interval;
        if (left > 0) {
            return left;
        }
        request(holder);
        return interval; // the next one's cannot be over before
    }

    /**
     * Requests a drop on behalf of one that waits elsewhere than here.
     *
     * @param id of whom it is requested; nothing happens if another holds the lock by now
     */
    public void requestOf(long id) {
        long holder = word;
        if (holder != FREE && holder >> 1 == id) {
            request(holder);
        }
    }

    private void request(long holder) {
        if ((holder & REQUEST) == 0 && WORD.compareAndSet(this, holder, holder | REQUEST)) {
            counts.dropRequest();
            REQUESTED.getAndAdd(1);
        }
    }

    /** {@return whether the holder of any lock is requested to drop it} Costs as much as reading a field. */
    public static boolean anyRequested() {
        return (int) REQUESTED.getOpaque() != 0;
    }

    /**
     * {@return whether the holder shall drop the lock} If so, it must do that now; it counts as forced.
     *
     * @param id of the caller, which may be the holder or not
     */
    public boolean heed(long id) {
        if (word != (id << 1 | REQUEST)) {
            return false;
        }
        heeded = true;
        return true;
    }

    // ---- dropping

    /**
     * Drops the lock.
     *
     * @param id of the caller, which holds it
     * @param handOver whether another shall have it first if one waits, as if that had been requested
     */
    public void drop(long id, boolean handOver) {
        long now = clock.nanoTime();
        long held = now - takenAt;
        counts.hold(held, waitedNanos, heeded);
        if (own != null) {
            if ((word & REQUEST) != 0) {
                own.dropRequest();
            }
            own.hold(held, waitedNanos, heeded);
            own = null;
        }
        if (trace != Trace.OFF) {
            trace.record(Trace.Event.LOCK_DROPPED, id, held);
        }
        if (handOver || !WORD.compareAndSet(this, id << 1, FREE)) {
            Waiter next = queue.poll();
            if (next != null) {
                switchedAt = now; // before the word is written; see keepTime
                write(next.id << 1);
                next.wake();
                return;
            }
            write(FREE);
        }
        Waiter first = queue.peek();
        if (first != null) {
            first.wake();
        }
    }

    private void write(long next) {
        if (((long) WORD.getAndSet(this, next) & REQUEST) != 0) {
            REQUESTED.getAndAdd(-1);
        }
    }

    // ---- the rest

    /** {@return whether {@code id} holds the lock} Certain for the caller's own. */
    public boolean isHeldBy(long id) {
        return word >> 1 == id;
    }

    /** {@return whether anybody holds the lock} */
    public boolean isHeld() {
        return word != FREE;
    }

    /** {@return a number that no other hold has} For the holder. */
    public long hold() {
        return takes;
    }

    /**
     * Has the present hold counted elsewhere, too. For the holder.
     *
     * @param mine counts it
     */
    public void countIn(LockCounts mine) {
        own = mine;
    }

    /** {@return what was counted of it} */
    public GlobalLockStats stats() {
        return counts.stats();
    }

    @Override
    public Reason reason() {
        return Reason.GLOBAL_LOCK;
    }

    @Override
    public String purpose() {
        long holder = word;
        return "take " + name + (holder == FREE ? ", which is free" : ", held by " + holders.apply(holder >> 1));
    }

    @Override
    public String toString() {
        return name;
    }
}
