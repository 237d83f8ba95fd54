package dev.heddle.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;

/** Calls Java with a native frame on the stack, C's qsort here, which no continuation can leave. */
@SuppressWarnings("restricted")
public final class NativeFrame {
    private static final MethodHandle QSORT;
    private static final FunctionDescriptor COMPARE =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final MethodHandle CALLED;

    static {
        Linker linker = Linker.nativeLinker();
        QSORT = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("qsort"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try {
            CALLED = MethodHandles.lookup()
                    .findVirtual(
                            Frame.class,
                            "compare",
                            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private NativeFrame() {}

    /**
     * Calls the code from C.
     *
     * @param code the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public static <T> T call(Callable<T> code) throws Exception {
        Frame<T> frame = new Frame<>(code);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment compare = Linker.nativeLinker().upcallStub(CALLED.bindTo(frame), COMPARE, arena);
            QSORT.invokeExact(arena.allocate(2 * Integer.BYTES), 2L, (long) Integer.BYTES, compare);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        if (frame.failure instanceof Exception e) {
            throw e;
        }
        if (frame.failure != null) {
            throw new AssertionError(frame.failure);
        }
        return frame.result;
    }

    private static final class Frame<T> {
        private final Callable<T> code;
        private T result;
        private Throwable failure;

        Frame(Callable<T> code) {
            this.code = code;
        }

        /** Called by C, which an exception must not reach. */
        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by its name; C gives two arguments
        int compare(MemorySegment a, MemorySegment b) {
            try {
                result = code.call();
            } catch (Throwable t) {
                failure = t;
            }
            return 0;
        }
    }
}
