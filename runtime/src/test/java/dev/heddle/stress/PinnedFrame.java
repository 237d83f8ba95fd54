package dev.heddle.stress;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Sleeps with a native frame on the stack, C's qsort here, so that a virtual thread takes its carrier along. */
@SuppressWarnings({"restricted", "UnusedVariable"}) // C gives two arguments
final class PinnedFrame {
    private static final MethodHandle QSORT;
    private static final MemorySegment COMPARE;

    static {
        Linker linker = Linker.nativeLinker();
        QSORT = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("qsort"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try {
            COMPARE = linker.upcallStub(
                    MethodHandles.lookup()
                            .findStatic(
                                    PinnedFrame.class,
                                    "compare",
                                    MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                    Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private PinnedFrame() {}

    /** Takes 12 ms, longer than a slice. If interrupted, ends soon with the status set. */
    static void sleep() {
        try (Arena arena = Arena.ofConfined()) {
            QSORT.invokeExact(arena.allocate(2 * Integer.BYTES), 2L, (long) Integer.BYTES, COMPARE);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Called by C, which an exception must not reach. */
    static int compare(MemorySegment a, MemorySegment b) {
        try {
            Thread.sleep(12);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
