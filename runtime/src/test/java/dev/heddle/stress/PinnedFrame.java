package dev.heddle.stress;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;

/** Calls code with a native frame on the stack, C's qsort here, so that a virtual thread that waits takes its carrier along. */
@SuppressWarnings({"restricted", "UnusedVariable"}) // C gives two arguments
public final class PinnedFrame {
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

    /** What the thread calls from C, and what has come of it. */
    private static final class Call {
        final Callable<?> code;
        Object result;
        Throwable failure;

        Call(Callable<?> code) {
            this.code = code;
        }
    }

    private static final ThreadLocal<Call> CALL = new ThreadLocal<>();

    /** Takes 12 ms, longer than a slice. If interrupted, ends soon with the status set. */
    static void sleep() {
        try {
            call(() -> {
                Thread.sleep(12);
                return null;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Calls code.
     *
     * @param code the code
     * @return its result
     * @throws Exception what it throws
     */
    @SuppressWarnings("unchecked") // it is the code's result
    public static <T> T call(Callable<T> code) throws Exception {
        Call call = new Call(code);
        Call outer = CALL.get();
        CALL.set(call);
        try (Arena arena = Arena.ofConfined()) {
            QSORT.invokeExact(arena.allocate(2 * Integer.BYTES), 2L, (long) Integer.BYTES, COMPARE);
        } catch (Throwable t) {
            throw new AssertionError(t);
        } finally {
            CALL.set(outer);
        }
        return switch (call.failure) {
            case null -> (T) call.result;
            case Exception e -> throw e;
            default -> throw new AssertionError(call.failure);
        };
    }

    /** Called by C, which an exception must not reach. */
    static int compare(MemorySegment a, MemorySegment b) {
        Call call = CALL.get();
        try {
            call.result = call.code.call();
        } catch (Throwable t) {
            call.failure = t;
        }
        return 0;
    }
}
