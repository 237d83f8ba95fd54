package dev.heddle.internal.vthread;

import dev.heddle.internal.os.CpuAffinity;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sleeps and timed waits of green threads and fibers: wheels, and one thread, for all heddles of this JVM.
 *
 * <p>Problem: every timed wait sets a timer and most cancel it soon, on all carriers at once. Rejected: the JDK's
 * {@code ScheduledThreadPoolExecutor}, a heap behind one lock, whose thread is woken for each timer that becomes the first; Go's
 * heap per processor, which its scheduler must look at for each task it runs. Approach: a {@link TimerWheel} for each of
 * several stripes, chosen by the carrier, and a thread that sleeps until the first timer of all. Commands only make a thread
 * runnable, so one thread serves many. They take a lock of the waiting thread that {@link #schedule}'s caller may hold; no
 * command runs while a stripe's lock is held, so the two are never taken in the other order.
 *
 * <p>The race that matters is a new timer against the thread that goes to sleep, settled on {@link #wakeAt}:
 *
 * <pre>{@code
 * schedule                                the thread
 * 1 enter the timer                       1 wakeAt = NEVER
 * 2 lower wakeAt to its tick, if that     2 look through the stripes for what is due, and for the first of the rest
 *   is earlier; whoever does wakes        3 lower wakeAt to that, and sleep until wakeAt
 *   the thread
 * }</pre>
 *
 * <p>A timer that step 2 does not see lowers wakeAt after step 1, so the thread either reads it in step 3 or is woken. When there
 * has been no timer for a while, the thread sets wakeAt from NEVER to {@link #NOBODY}, and ends; whoever lowers that starts
 * another.
 */
public final class Timers {
    /** A timer is late by up to 2 to this power of nanoseconds, 16 microseconds: less than what the OS adds. */
    private static final int TICK_BITS = 14;

    private static final int STRIPES = 16;

    private static final long NEVER = TimerWheel.NEVER - 1;

    /** As {@link #NEVER}, and there is no thread. */
    private static final long NOBODY = TimerWheel.NEVER;

    private static final System.Logger LOGGER = System.getLogger("dev.heddle");

    private static final long START = System.nanoTime();

    private static final VarHandle WAKE_AT;

    static {
        try {
            WAKE_AT = MethodHandles.lookup().findVarHandle(Timers.class, "wakeAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The timers of all heddles, and of tickers. */
    public static final Timers OF_JVM = new Timers(
            Thread.ofPlatform()
                    .daemon()
                    .name("heddle-timers")
                    .inheritInheritableThreadLocals(false)
                    .factory(),
            TimeUnit.SECONDS.toNanos(10));

    private final ThreadFactory threads;
    private final long keepAliveNanos;
    private final Stripe[] stripes = new Stripe[STRIPES];

    private volatile long wakeAt = NOBODY;
    private volatile @Nullable Thread thread;

    /**
     * @param threads makes the thread
     * @param keepAliveNanos how long it stays without a timer
     */
    Timers(ThreadFactory threads, long keepAliveNanos) {
        this.threads = threads;
        this.keepAliveNanos = keepAliveNanos;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();

        /** Guarded by the lock. */
        final TimerWheel wheel = new TimerWheel();

        /** The wheel's {@link TimerWheel#next}, or earlier. Written under the lock. */
        volatile long next = TimerWheel.NEVER;
    }

    /**
     * @param command quick, does not block
     * @param delay how much later to run it
     * @param unit the unit of the delay
     * @return cancels it
     */
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Stripe stripe = stripes[(int) VirtualThreads.carrierId() & (STRIPES - 1)];
        long now = System.nanoTime() - START;
        long deadline = now + Math.clamp(unit.toNanos(delay), 0, Long.MAX_VALUE - now);
        Timer timer = new Timer(stripe, command, deadline);
        long tick = timer.tick();
        stripe.lock.lock();
        try {
            stripe.wheel.add(timer);
            if (tick < stripe.next) {
                stripe.next = tick;
            }
        } finally {
            stripe.lock.unlock();
        }
        wakeBy(tick);
        return timer;
    }

    /** {@return whether a timer is set} */
    boolean any() {
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                if (stripe.wheel.next() != TimerWheel.NEVER) {
                    return true;
                }
            } finally {
                stripe.lock.unlock();
            }
        }
        return false;
    }

    private void wakeBy(long tick) {
        long before = lowerWakeAt(tick);
        if (before == NOBODY) {
            start();
        } else if (tick < before) {
            LockSupport.unpark(thread); // null if it has just been started, and will look
        }
    }

    /** {@return what {@link #wakeAt} was; unless it was earlier, it is {@code tick} now} */
    private long lowerWakeAt(long tick) {
        long before;
        do {
            before = wakeAt;
        } while (tick < before && !WAKE_AT.compareAndSet(this, before, tick));
        return before;
    }

    private void start() {
        try {
            threads.newThread(this::run).start();
        } catch (Throwable t) { // the caller is the JDK's code for a thread that waits, which would be lost
            wakeAt = NOBODY; // the next one tries again
            LOGGER.log(
                    Level.ERROR, "no OS thread could be started for sleeps and timed waits, so they go on too long", t);
        }
    }

    // ---- the thread

    private void run() {
        CpuAffinity.unconfineCurrentThread(); // it may have been started by a confined carrier
        thread = Thread.currentThread();
        do {
            wakeAt = NEVER;
            long next = NEVER;
            for (Stripe stripe : stripes) {
                next = Math.min(next, runDue(stripe));
            }
            lowerWakeAt(next);
        } while (sleep());
    }

    /** {@return the tick of the first timer that is left, or earlier} */
    private long runDue(Stripe stripe) {
        long now = now();
        if (stripe.next > now) {
            return stripe.next;
        }
        TimerWheel.Entry due;
        stripe.lock.lock();
        try {
            due = stripe.wheel.expire(now);
            stripe.next = stripe.wheel.next();
        } finally {
            stripe.lock.unlock();
        }
        while (due != null) {
            ((Timer) due).fire();
            due = due.unlinkNext();
        }
        return stripe.next;
    }

    /** {@return whether to go on} If not, the thread must end. */
    private boolean sleep() {
        long next = wakeAt;
        if (next != NEVER) {
            long left = (next << TICK_BITS) - (System.nanoTime() - START);
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            }
            return true;
        }
        long left = keepAliveNanos;
        for (long from = System.nanoTime();
                left > 0 && wakeAt == NEVER;
                left = keepAliveNanos - (System.nanoTime() - from)) {
            LockSupport.parkNanos(this, left);
        }
        return !WAKE_AT.compareAndSet(
                this, NEVER, NOBODY); // a timer that came at the last moment counts on this thread
    }

    private long now() {
        return (System.nanoTime() - START) >> TICK_BITS;
    }

    /** What the JDK keeps while a thread waits, to cancel it. */
    private static final class Timer extends TimerWheel.Entry implements ScheduledFuture<Object> {
        private final Stripe stripe;
        private final long deadline;

        /** Null once it runs or never will. Written under the stripe's lock, or by whoever has taken it from the wheel. */
        private volatile @Nullable Runnable command;

        private volatile boolean cancelled;

        Timer(Stripe stripe, Runnable command, long deadline) {
            super((deadline >> TICK_BITS) + 1); // never early
            this.stripe = stripe;
            this.command = command;
            this.deadline = deadline;
        }

        void fire() {
            Runnable due = command;
            command = null;
            try {
                Objects.requireNonNull(due).run();
            } catch (Throwable t) { // an error of the JDK's code around a thread, such as no memory
                LOGGER.log(Level.ERROR, "a timed wait could not be ended, and its thread may be lost", t);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            stripe.lock.lock();
            try {
                if (!stripe.wheel.remove(this)) {
                    return false;
                }
                cancelled = true;
                command = null;
                return true;
            } finally {
                stripe.lock.unlock();
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return command == null;
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException("nobody waits for a timer: it only wakes a thread");
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            return get();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(deadline - (System.nanoTime() - START), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
