package dev.heddle.internal;

import dev.heddle.DeadlockException;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.Left;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the current thread waits, and by which clock: the one seam through which Heddle's own primitives (joins, channel
 * operations, close) put a thread to sleep.
 *
 * <p>Problem: a waiting thread of {@link dev.heddle.Model#FIBER}'s owner must run fibers while it waits, a test wants to
 * drive time itself, a fiber waits for its turn as well, and everybody else should simply park. Approach: the waiter asks for
 * {@link #current()}; who wakes it calls {@link #wake}, which is {@link LockSupport#unpark} but for {@link Wakeable} threads.
 *
 * <p>The race that matters is that of park and unpark: a waiter announces itself, then checks its condition, then
 * parks; a waker makes the condition true, then looks for announced waiters. One of the two sees the other, and an
 * unpark before the park is not lost.
 *
 * <p>Whoever waits here leaves the {@linkplain HeldLocks global locks} that it holds, for the whole wait: what is done meanwhile is
 * Heddle's code, and no user's.
 */
public interface Parker {
    /** The parker of every thread that has none of its own. */
    Parker THREAD = new Parker() {
        @Override
        public void park(Object blocker, long nanos) {
            if (nanos == FOREVER) {
                LockSupport.park(blocker);
            } else {
                LockSupport.parkNanos(blocker, nanos);
            }
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    };

    /** Parkers of platform threads that are not {@link #THREAD}: fibers, and the owners of fibers. */
    ThreadLocal<@Nullable Parker> OF_PLATFORM_THREAD = new ThreadLocal<>();

    /** The time-out of a wait that has none. */
    long FOREVER = Long.MAX_VALUE;

    /** A thread that {@link LockSupport#unpark} does not wake. */
    interface Wakeable {
        /** Ends the thread's present or next {@link #park}. */
        void wake();
    }

    /**
     * Ends the present or the next {@link #park} of a thread, whatever its parker.
     *
     * @param thread may be null; then nothing happens
     */
    static void wake(@Nullable Thread thread) {
        if (thread instanceof Wakeable wakeable) {
            wakeable.wake();
        } else {
            LockSupport.unpark(thread);
        }
    }

    /** {@return the parker of the calling thread} */
    static Parker current() {
        if (Thread.currentThread().isVirtual()) {
            HeddleCore heddle = CurrentTask.heddle();
            return heddle == null ? THREAD : heddle.parkerOfTasks();
        }
        Parker own = OF_PLATFORM_THREAD.get();
        return own != null ? own : THREAD;
    }

    /** The calling thread is about to {@link #park}, again and again until what it waits for is so. */
    default void enter() {}

    /**
     * {@return what {@link #park} would throw where the calling thread is now, or null} For those who must not begin to wait then.
     * To find out may take a {@link #yield}.
     */
    default @Nullable RuntimeException cannotPark() {
        return null;
    }

    /**
     * Waits until the calling thread is unparked or interrupted or {@code nanos} have passed; may also return for no
     * reason.
     *
     * @param blocker what is waited for, for thread dumps
     * @param nanos the longest time to wait, or {@link #FOREVER}
     */
    void park(Object blocker, long nanos);

    /**
     * Ends the present or the next {@link #park} of a thread that waits by this parker.
     *
     * @param thread may be null; then nothing happens
     */
    default void unpark(@Nullable Thread thread) {
        wake(thread);
    }

    /** {@return whether the calling thread was interrupted} Clears that, as {@link Thread#interrupted}. */
    default boolean interrupted() {
        return Thread.interrupted();
    }

    /** Lets others run first, if the calling thread has anybody to let run. */
    default void yield() {
        Thread.yield();
    }

    /** {@return the time that {@link #park} counts in, as {@link System#nanoTime}} */
    long nanoTime();

    /** What a thread that sleeps waits for. */
    record Sleep() implements Blocker {
        @Override
        public String purpose() {
            return "wake up";
        }

        @Override
        public Reason reason() {
            return Reason.SLEEP;
        }
    }

    /**
     * Waits for some time, unless interrupted.
     *
     * @param nanos how long
     * @throws InterruptedException if interrupted
     */
    static void sleep(long nanos) throws InterruptedException {
        await(new Sleep(), () -> false, nanos);
    }

    /**
     * Waits until the condition holds. Whoever makes it true must {@link #wake} the calling thread afterwards.
     *
     * @param blocker what is waited for, for thread dumps
     * @param condition becomes true and stays so
     * @param nanos the longest time to wait; {@link #FOREVER} has no limit, 0 or less only looks
     * @return whether the condition holds
     * @throws InterruptedException if the thread is interrupted before the condition holds
     * @throws DeadlockException if the condition can never hold
     */
    static boolean await(Object blocker, BooleanSupplier condition, long nanos) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        Left locks = HeldLocks.leave(false);
        if (locks == null) {
            return awaitUnlocked(blocker, condition, nanos);
        }
        try {
            return awaitUnlocked(blocker, condition, nanos);
        } finally {
            locks.comeBack();
        }
    }

    private static boolean awaitUnlocked(Object blocker, BooleanSupplier condition, long nanos)
            throws InterruptedException {
        Parker parker = current();
        parker.enter();
        long start = nanos == FOREVER ? 0 : parker.nanoTime();
        while (true) {
            if (parker.interrupted()) {
                throw new InterruptedException();
            }
            long left = nanos == FOREVER ? FOREVER : nanos - (parker.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            parker.park(blocker, left);
            DeadlockException deadlock = Deadlocks.take(blocker);
            if (condition.getAsBoolean()) {
                return true;
            }
            if (deadlock != null) {
                throw deadlock;
            }
        }
    }

    /**
     * Waits until the condition holds, or gives up: if the time is over, the thread is interrupted, or the condition can never
     * hold. Somebody may make it hold just then. So the waiter takes itself out of where it waits, which decides.
     *
     * @param blocker what is waited for, for thread dumps
     * @param condition becomes true and stays so
     * @param nanos the longest time to wait, or {@link #FOREVER}
     * @param giveUp takes the waiter out; whether that came first, so that the condition never will hold. If not, it holds
     * @return whether the condition holds; if not, the time is over
     * @throws InterruptedException if interrupted, and that came first; if not, the thread stays interrupted
     * @throws DeadlockException if the condition can never hold
     */
    static boolean awaitOrGiveUp(Object blocker, BooleanSupplier condition, long nanos, BooleanSupplier giveUp)
            throws InterruptedException {
        try {
            return await(blocker, condition, nanos) || !giveUp.getAsBoolean();
        } catch (RuntimeException e) { // a deadlock, or a fiber that cannot wait where it is
            if (giveUp.getAsBoolean()) {
                throw e;
            }
        } catch (InterruptedException e) {
            if (giveUp.getAsBoolean()) {
                throw e;
            }
            Thread.currentThread().interrupt(); // done first: that stands, and the next wait sees the interrupt
        }
        return true;
    }

    /**
     * Waits until the condition holds, whatever happens to the calling thread meanwhile; it must be certain to hold.
     *
     * @param blocker what is waited for, for thread dumps
     * @param condition becomes true and stays so
     * @return whether the thread was interrupted meanwhile, which it then is no more
     */
    static boolean awaitInAnyCase(Object blocker, BooleanSupplier condition) {
        boolean interrupted = false;
        while (true) {
            try {
                await(blocker, condition, FOREVER);
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (DeadlockException e) {
                // The tasks that are waited for have got it as well, and go on by it.
            }
        }
    }

    /**
     * {@return {@code time} in nanoseconds, negative as 0, too long as {@link #FOREVER}}
     *
     * @param time an amount of {@code unit}
     * @param unit the unit
     */
    static long nanos(long time, TimeUnit unit) {
        return Math.max(0, unit.toNanos(time));
    }

    /**
     * {@return {@code time} in nanoseconds, negative as 0, too long as {@link #FOREVER}}
     *
     * @param time an amount of time
     */
    static long nanos(Duration time) {
        try {
            return Math.max(0, time.toNanos());
        } catch (ArithmeticException e) {
            return time.isNegative() ? 0 : FOREVER; // beyond 292 years
        }
    }
}
