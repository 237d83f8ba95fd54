package dev.heddle.internal.process.link;

import dev.heddle.internal.os.Futex;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How the one thread that serves a {@link Link} sleeps, and how others, in either process, wake it.
 *
 * <p>One word of shared memory says whether the thread is parked, so that ringing at a thread that is awake costs no
 * system call. On Linux the word is a futex. Elsewhere the thread looks again after a pause that grows from 50 us to 1
 * ms: slower by that much, and no more to go wrong. Rejected: a socket as the bell, which costs a system call for every
 * ring and a file to clean up.
 *
 * <p>A worker that starts cannot call futexes at once: what the JVM makes for that takes longer than all else that it has to do
 * before it is ready. So the bells of its link start without, and it makes them later, aside. As long as either side has no
 * futexes, the sleeper looks again and again, as it does elsewhere; the ringer says in a second word that it has them.
 *
 * <p>The race that matters: the sleeper sets the word and then looks whether there is anything to do; the ringer makes
 * something to do and then looks at the word, each with a full fence between. So one of the two sees the other; and a
 * ring between the look and the wait has taken the word back to 0, so that the wait returns at once.
 */
public final class Doorbell {
    /** How a thread parks. */
    public enum Kind {
        /** On a futex. */
        FUTEX,
        /** By looking again and again. */
        POLLING;

        /** {@return the best that works here} */
        public static Kind best() {
            return Futex.isSupported() ? FUTEX : POLLING;
        }
    }

    /** How much memory a bell takes. */
    public static final int BYTES = 8;

    /** 1: the sleeper is parked, and wants to be woken. */
    private static final int PARKED = 0;

    /** 1: the ringer can wake a sleeper that is parked. */
    private static final int WAKES = 4;

    // Of buffers and not of segments, as in Ring.
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /**
     * About 20 us: longer than an answer of a peer that is awake, shorter than two system calls with their switches.
     */
    static final int SPINS_MAX = Runtime.getRuntime().availableProcessors() > 1 ? 400 : 0;

    private static final int SPINS_MIN = SPINS_MAX / 40;
    private static final long POLL_MIN = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long POLL_MAX = TimeUnit.MILLISECONDS.toNanos(1);

    private final MemorySegment memory;
    private final ByteBuffer words;

    /** Whether this side has futexes; so what another process writes cannot make it call them. */
    private volatile boolean futexes;

    /** How often to look before parking: more after it was worth it, less after it was not. Of the sleeper alone. */
    private int spins = SPINS_MAX / 4;

    /**
     * @param memory of {@link #BYTES}, zeroed and aligned
     * @param kind how this side parks and wakes, at first
     */
    public Doorbell(MemorySegment memory, Kind kind) {
        this.memory = memory;
        this.words = memory.asByteBuffer();
        if (kind == Kind.FUTEX) {
            useFutexes(true);
        }
    }

    /**
     * From now on this side uses futexes, which must be supported.
     *
     * @param wakes whether it is the one that wakes the sleeper
     */
    void useFutexes(boolean wakes) {
        futexes = true;
        if (wakes) {
            WORD.setRelease(words, WAKES, 1); // pairs with getAcquire in isParking
        }
    }

    private boolean isParking() {
        return futexes && (int) WORD.getAcquire(words, WAKES) != 0;
    }

    /** Wakes the sleeper if it sleeps. Whatever it is to see must have been written before. */
    public void ring() {
        VarHandle.fullFence(); // between what was written and the word: see the race in the class comment
        if (futexes && (int) WORD.getVolatile(words, PARKED) != 0 && (int) WORD.getAndSet(words, PARKED, 0) != 0) {
            Futex.wake(memory);
        }
    }

    /**
     * Wakes the sleeper also if somebody has begun to {@link #ring}, and may have died before the sleeper was woken.
     */
    public void ringForSure() {
        WORD.setVolatile(words, PARKED, 0);
        if (futexes) {
            Futex.wake(memory);
        }
    }

    /** While somebody else does what the sleeper would be woken for, it need not be: {@link #leave} ends that. */
    void attend() {
        if ((int) WORD.getVolatile(words, PARKED) != 0) {
            WORD.setVolatile(words, PARKED, 0);
        }
    }

    /** From now on the sleeper is to be woken again. What has come before must then be looked for: see {@link #ring}. */
    void leave() {
        WORD.setVolatile(words, PARKED, 1); // also if it does not sleep: then it is woken once for nothing
        VarHandle.fullFence(); // between the word and what is looked for: see the race in the class comment
    }

    /**
     * {@return whether the condition has come to hold within a moment, for which the thread did not sleep} Only
     * ever called by one thread at a time.
     *
     * @param ready the condition
     */
    public boolean spin(BooleanSupplier ready) {
        for (int i = 0; i < spins; i++) {
            if (ready.getAsBoolean()) {
                spins = Math.min(SPINS_MAX, spins + spins / 4 + 1);
                return true;
            }
            Thread.onSpinWait();
        }
        spins = Math.max(SPINS_MIN, spins - spins / 4);
        return false;
    }

    /**
     * Sleeps until the condition may hold. Only ever called by one thread at a time.
     *
     * @param ready looked at again after each ring
     * @param nanos the longest time to wait
     */
    public void park(BooleanSupplier ready, long nanos) {
        if (isParking()) {
            parkOnFutex(ready, nanos);
        } else {
            poll(ready, nanos);
        }
    }

    private void parkOnFutex(BooleanSupplier ready, long nanos) {
        WORD.setVolatile(words, PARKED, 1);
        VarHandle.fullFence(); // between the word and the condition: see the race in the class comment
        if (!ready.getAsBoolean()) {
            Futex.await(memory, 1, nanos);
        }
        WORD.setVolatile(words, PARKED, 0);
    }

    private void poll(BooleanSupplier ready, long nanos) {
        long start = System.nanoTime();
        long pause = POLL_MIN;
        while (!ready.getAsBoolean() && !isParking() && System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(this, pause);
            pause = Math.min(POLL_MAX, pause + pause / 4);
        }
    }
}
