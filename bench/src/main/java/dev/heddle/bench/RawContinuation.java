package dev.heddle.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The JDK's continuation, bare: what no switch of fibers, and no generator that pauses its stack, can do without. Needs the JVM flag
 * {@code --add-exports java.base/jdk.internal.vm=ALL-UNNAMED}.
 */
final class RawContinuation {
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final Object SCOPE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> type = Class.forName("jdk.internal.vm.Continuation");
            Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
            SCOPE = lookup.findConstructor(scope, MethodType.methodType(void.class, String.class))
                    .invoke("bench");
            NEW = lookup.findConstructor(type, MethodType.methodType(void.class, scope, Runnable.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
            RUN = lookup.findVirtual(type, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            YIELD = lookup.findStatic(type, "yield", MethodType.methodType(boolean.class, scope))
                    .asType(MethodType.methodType(boolean.class, Object.class));
        } catch (Throwable t) {
            throw new ExceptionInInitializerError(t);
        }
    }

    private final Object continuation;

    RawContinuation(Runnable body) {
        try {
            continuation = NEW.invokeExact(SCOPE, body);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Runs the body until it pauses or ends. */
    void run() {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** In a body. */
    static void pause() {
        try {
            boolean paused = (boolean) YIELD.invokeExact(SCOPE);
            if (!paused) {
                throw new AssertionError("pinned");
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
