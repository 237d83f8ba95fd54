package dev.heddle.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;

/**
 * Linux's {@code futex(2)}: waiting on a word of memory that another process can wake.
 *
 * <p>Called without FUTEX_PRIVATE_FLAG, so that the word may lie in a mapped file that two processes share. On any
 * other system {@link #isSupported} is false. A wait blocks its OS thread, so it belongs on platform threads only.
 */
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long PROBE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final boolean SUPPORTED = probe();

    private Futex() {}

    /** A sandbox may refuse the call at once, and waits would become spins: tells that from a wait that times out. */
    private static boolean probe() {
        if (!SystemCall.FUTEX.isKnown()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            long start = System.nanoTime();
            await(arena.allocate(ValueLayout.JAVA_INT), 0, PROBE_NANOS);
            return System.nanoTime() - start >= PROBE_NANOS;
        }
    }

    /** {@return whether the two calls work here} */
    public static boolean isSupported() {
        return SUPPORTED;
    }

    /**
     * Blocks the calling thread while the word has the expected value, until it is woken, a signal comes or the time is
     * over. Returns for any of these reasons alike: the caller looks again at what it waits for.
     *
     * @param word 4 bytes at an address divisible by 4
     * @param expected returns at once if the word has another value
     * @param nanos the longest time to wait; there is no wait without limit, since whoever should wake may be dead
     */
    public static void await(MemorySegment word, int expected, long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            long second = TimeUnit.SECONDS.toNanos(1);
            MemorySegment timespec = arena.allocateFrom(ValueLayout.JAVA_LONG, nanos / second, nanos % second);
            call(word, FUTEX_WAIT, expected, timespec.address());
        }
    }

    /**
     * Wakes one thread that waits on the word, in whichever process.
     *
     * @param word as given to {@link #await}
     */
    public static void wake(MemorySegment word) {
        call(word, FUTEX_WAKE, 1, 0);
    }

    private static void call(MemorySegment word, int op, int value, long timespec) {
        try {
            // The result says why a wait ended, which nobody may rely on.
            long ignored = SystemCall.FUTEX.call(word.address(), op, value, timespec);
        } finally {
            Reference.reachabilityFence(word);
        }
    }
}
