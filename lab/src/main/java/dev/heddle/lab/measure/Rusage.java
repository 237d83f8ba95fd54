package dev.heddle.lab.measure;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The kernel's account of this process, or of its children that have ended: {@code getrusage}. Unlike the files below
 * {@code /proc} it counts threads that have ended, which under THREAD are nearly all.
 *
 * @param cpuNanos processor time, user and system
 * @param switches context switches, asked for and forced
 * @param forced those that were forced
 */
record Rusage(long cpuNanos, long switches, long forced) {
    private static final int SELF = 0;
    private static final int CHILDREN = -1;

    /** Layout of struct rusage where a long has 64 bits: two timevals, then 14 longs. */
    private static final int SIZE = 144;

    private static final int USER_SECONDS = 0;
    private static final int USER_MICROS = 8;
    private static final int SYSTEM_SECONDS = 16;
    private static final int SYSTEM_MICROS = 24;
    private static final int SWITCHES_VOLUNTARY = 128;
    private static final int SWITCHES_FORCED = 136;

    @SuppressWarnings("restricted") // a call of the C library, of this one function
    private static final MethodHandle GETRUSAGE = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    static Rusage self() {
        return read(SELF);
    }

    /** {@return the sum over all children that have ended and been waited for} */
    static Rusage endedChildren() {
        return read(CHILDREN);
    }

    private static Rusage read(int who) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(SIZE, 8);
            int error = (int) GETRUSAGE.invokeExact(who, usage);
            if (error != 0) {
                throw new IllegalStateException(
                        "getrusage(" + who + ") failed, which the kernel documents as impossible");
            }
            long seconds = at(usage, USER_SECONDS) + at(usage, SYSTEM_SECONDS);
            long micros = at(usage, USER_MICROS) + at(usage, SYSTEM_MICROS);
            return new Rusage(
                    seconds * 1_000_000_000 + micros * 1_000,
                    at(usage, SWITCHES_VOLUNTARY) + at(usage, SWITCHES_FORCED),
                    at(usage, SWITCHES_FORCED));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall throws no checked exception", t);
        }
    }

    private static long at(MemorySegment usage, int offset) {
        return usage.get(ValueLayout.JAVA_LONG, offset);
    }
}
