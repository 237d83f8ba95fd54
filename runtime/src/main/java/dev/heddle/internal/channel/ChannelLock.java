package dev.heddle.internal.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Guards a channel, or a number of permits, for the few instructions that an operation takes.
 *
 * <p>Problem: an operation of a channel takes some ten nanoseconds, and a lock must not take as long again. Rejected: {@link
 * java.util.concurrent.locks.ReentrantLock}, which writes its owner into itself and reads its waiters when it is let go, two
 * full fences of which nobody here has use; a monitor, where JDK 25.0.3 may lose a wake-up of a virtual thread. Approach: as
 * Go's runtime locks its channels, one word, taken by compare-and-set and let go by a plain store; who finds it taken tries
 * for a while, then lets others run, then sleeps for moments.
 *
 * <p>Nothing waits, calls a user's code or wakes a thread while it holds the lock. So whoever holds it is executing, and lets it
 * go soon, unless the operating system has stopped that thread; for that is the sleep. It is not fair, which the channel's
 * queues of waiters are.
 *
 * <p>Several are taken in the order of {@link #order}, as a select does, and nobody holds one while sleeping for another: a
 * fiber that slept so would let its owner run, who may want the lock that only the fiber can let go.
 */
public final class ChannelLock {
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(ChannelLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final AtomicLong ORDERS = new AtomicLong();

    /** A few microseconds: on one CPU nobody can let it go meanwhile. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

    private static final int YIELDS = 8;
    private static final long SHORTEST_SLEEP_NANOS = 50_000;
    private static final long LONGEST_SLEEP_NANOS = 1_000_000;

    final long order = ORDERS.incrementAndGet();

    /** 1 while somebody holds the lock. Acquired by compare-and-set, which pairs with the release store in unlock. */
    private int held;

    /** Takes the lock. Not while another is held, but for {@link #lockSoon}. */
    public void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            lockLater();
        }
    }

    /**
     * {@return whether the lock has been taken} For whoever holds another: tries for a while, but neither sleeps nor lets others
     * run, who may want the other.
     */
    boolean lockSoon() {
        for (int tries = 0; !tryLock(); tries++) {
            if (tries >= SPINS) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    /** Lets the lock go. */
    public void unlock() {
        HELD.setRelease(this, 0);
    }

    private void lockLater() {
        long sleep = SHORTEST_SLEEP_NANOS;
        for (int tries = 0; !tryLock(); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                Thread.yield();
            } else {
                // An unpark or interrupt that ends this early is not lost: who waits looks at its outcome before it
                // parks.
                LockSupport.parkNanos(this, sleep);
                sleep = Math.min(2 * sleep, LONGEST_SLEEP_NANOS);
            }
        }
    }

    private boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }
}
