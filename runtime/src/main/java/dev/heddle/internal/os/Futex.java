package dev.heddle.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code futex(2)}: waiting on a word of memory that another process can wake.
 *
 * <p>Called without FUTEX_PRIVATE_FLAG, so that the word may lie in a mapped file that two processes share. C libraries
 * have no function for it, hence {@code syscall(2)} with the number of the processor architecture; on any other system
 * {@link #isSupported} is false. A wait blocks its OS thread, so it belongs on platform threads only.
 */
public final class Futex {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long PROBE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long NUMBER = number();
    private static final @Nullable MethodHandle SYSCALL = find();
    private static final boolean SUPPORTED = probe();

    private Futex() {}

    private static long number() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return -1;
        }
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> 202;
            case "aarch64" -> 98;
            default -> -1;
        };
    }

    private static @Nullable MethodHandle find() {
        if (NUMBER < 0) {
            return null;
        }
        FunctionDescriptor type = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, // number
                ValueLayout.ADDRESS, // uaddr
                ValueLayout.JAVA_INT, // op
                ValueLayout.JAVA_INT, // val
                ValueLayout.ADDRESS); // timeout
        return LinuxFunctions.find("syscall", type, Linker.Option.firstVariadicArg(1));
    }

    /** A sandbox may refuse the call at once, and waits would become spins: tells that from a wait that times out. */
    private static boolean probe() {
        if (SYSCALL == null) {
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
            call(word, FUTEX_WAIT, expected, timespec);
        }
    }

    /**
     * Wakes one thread that waits on the word, in whichever process.
     *
     * @param word as given to {@link #await}
     */
    public static void wake(MemorySegment word) {
        call(word, FUTEX_WAKE, 1, MemorySegment.NULL);
    }

    private static void call(MemorySegment word, int op, int value, MemorySegment timespec) {
        MethodHandle syscall = SYSCALL;
        if (syscall == null) {
            throw new UnsupportedOperationException("there is no futex on this system: ask isSupported() first");
        }
        try {
            // The result says why a wait ended, which nobody may rely on.
            long ignored = (long) syscall.invokeExact(NUMBER, word, op, value, timespec);
        } catch (Throwable t) {
            throw new AssertionError("a native call threw", t); // invokeExact declares what a C function cannot throw
        }
    }
}
