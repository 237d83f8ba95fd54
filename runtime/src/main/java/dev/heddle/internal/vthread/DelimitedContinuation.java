package dev.heddle.internal.vthread;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Code that can pause in the middle and be gone on with by whichever thread calls {@link #goOn}: the JDK's continuation itself,
 * below virtual threads.
 *
 * <p>It is in a package that is not exported, so a class that calls it is made here and defined by {@link JavaLang}.
 */
public final class DelimitedContinuation {
    private static final String SIMPLE_NAME = "HeddleContinuation";
    private static final ClassDesc SUPER = ClassDesc.of("jdk.internal.vm.Continuation");
    private static final ClassDesc PINNED = SUPER.nested("Pinned");
    private static final ClassDesc SCOPE = ClassDesc.of("jdk.internal.vm.ContinuationScope");
    private static final ClassDesc RUNNABLE = ClassDesc.of("java.lang.Runnable");

    /** {@code (Runnable body, Object scope) -> Object continuation} */
    private static final MethodHandle NEW;

    /** {@code () -> Object scope} */
    private static final MethodHandle NEW_SCOPE;

    /** {@code (Object continuation) -> void} */
    private static final MethodHandle GO_ON;

    /** {@code (Object scope) -> boolean} */
    private static final MethodHandle PAUSE;

    /** {@code (Object continuation) -> boolean} */
    private static final MethodHandle HAS_ENDED;

    /** {@code () -> boolean} */
    private static final MethodHandle IS_PINNED;

    static {
        try {
            Class<?> type = JavaLang.define(SIMPLE_NAME, DelimitedContinuation::bytes);
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            NEW = lookup.findStatic(type, "make", MethodType.methodType(Object.class, Runnable.class, Object.class));
            NEW_SCOPE = lookup.findStatic(type, "scope", MethodType.methodType(Object.class));
            GO_ON = lookup.findStatic(type, "goOn", MethodType.methodType(void.class, Object.class));
            PAUSE = lookup.findStatic(type, "pause", MethodType.methodType(boolean.class, Object.class));
            HAS_ENDED = lookup.findStatic(type, "hasEnded", MethodType.methodType(boolean.class, Object.class));
            IS_PINNED = lookup.findStatic(type, "isPinned", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object scope;
    private final Object continuation;

    /** @param body the code; what it throws comes out of {@link #goOn} */
    public DelimitedContinuation(Runnable body) {
        try {
            scope = NEW_SCOPE.invokeExact();
            continuation = NEW.invokeExact(body, scope);
        } catch (Throwable t) {
            throw new AssertionError("a constructor that only stores its arguments threw", t);
        }
    }

    /**
     * Runs the code, in the calling thread, until it pauses or ends.
     *
     * @throws IllegalStateException if some thread is doing so, or if it has ended
     */
    public void goOn() {
        try {
            GO_ON.invokeExact(continuation);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a Runnable threw a checked exception", t);
        }
    }

    /**
     * Pauses the code, of which the caller is part.
     *
     * @return whether it did, and has been gone on with; false if something on its stack cannot be left
     * @throws IllegalStateException if the caller is not part of it
     */
    public boolean pause() {
        try {
            return (boolean) PAUSE.invokeExact(scope);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a pause threw a checked exception", t);
        }
    }

    /** {@return whether the code has returned or thrown} */
    public boolean hasEnded() {
        try {
            return (boolean) HAS_ENDED.invokeExact(continuation);
        } catch (Throwable t) {
            throw new AssertionError("reading a field threw", t);
        }
    }

    /** {@return whether the calling virtual thread has something on its stack with which it cannot unmount} Walks the stack. */
    static boolean isPinned() {
        try {
            return (boolean) IS_PINNED.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError("walking the stack threw", t);
        }
    }

    /**
     * <pre>{@code
     * final class HeddleContinuation extends jdk.internal.vm.Continuation {
     *     private HeddleContinuation(Runnable body, Object scope) { super((ContinuationScope) scope, body); }
     *     protected void onPinned(Pinned reason) {} // which pause() returns
     *     static Object make(Runnable body, Object scope) { return new HeddleContinuation(body, scope); }
     *     static Object scope() { return new ContinuationScope("generator"); }
     *     static void goOn(Object continuation) { ((Continuation) continuation).run(); }
     *     static boolean pause(Object scope) { return Continuation.yield((ContinuationScope) scope); }
     *     static boolean hasEnded(Object continuation) { return ((Continuation) continuation).isDone(); }
     *     static boolean isPinned() { return Continuation.isPinned(VirtualThread.continuationScope()); }
     * }
     * }</pre>
     */
    private static byte[] bytes(ClassDesc self) {
        MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, RUNNABLE, CD_Object);
        MethodTypeDesc ofScope = MethodTypeDesc.of(CD_boolean, SCOPE);
        return ClassFile.of()
                .build(
                        self,
                        type -> type.withFlags(ClassFile.ACC_FINAL)
                                .withSuperclass(SUPER)
                                .withMethodBody(
                                        INIT_NAME,
                                        constructor,
                                        ClassFile.ACC_PRIVATE,
                                        code -> code.aload(0)
                                                .aload(2)
                                                .checkcast(SCOPE)
                                                .aload(1)
                                                .invokespecial(
                                                        SUPER, INIT_NAME, MethodTypeDesc.of(CD_void, SCOPE, RUNNABLE))
                                                .return_())
                                .withMethodBody(
                                        "onPinned",
                                        MethodTypeDesc.of(CD_void, PINNED),
                                        ClassFile.ACC_PROTECTED,
                                        code -> code.return_())
                                .withMethodBody(
                                        "make",
                                        MethodTypeDesc.of(CD_Object, RUNNABLE, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.new_(self)
                                                .dup()
                                                .aload(0)
                                                .aload(1)
                                                .invokespecial(self, INIT_NAME, constructor)
                                                .areturn())
                                .withMethodBody(
                                        "scope",
                                        MethodTypeDesc.of(CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.new_(SCOPE)
                                                .dup()
                                                .ldc("generator")
                                                .invokespecial(SCOPE, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String))
                                                .areturn())
                                .withMethodBody(
                                        "goOn",
                                        MethodTypeDesc.of(CD_void, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SUPER)
                                                .invokevirtual(SUPER, "run", MethodTypeDesc.of(CD_void))
                                                .return_())
                                .withMethodBody(
                                        "pause",
                                        MethodTypeDesc.of(CD_boolean, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SCOPE)
                                                .invokestatic(SUPER, "yield", ofScope)
                                                .ireturn())
                                .withMethodBody(
                                        "hasEnded",
                                        MethodTypeDesc.of(CD_boolean, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SUPER)
                                                .invokevirtual(SUPER, "isDone", MethodTypeDesc.of(CD_boolean))
                                                .ireturn())
                                .withMethodBody(
                                        "isPinned",
                                        MethodTypeDesc.of(CD_boolean),
                                        ClassFile.ACC_STATIC,
                                        code -> code.invokestatic(
                                                        ClassDesc.of("java.lang.VirtualThread"),
                                                        "continuationScope",
                                                        MethodTypeDesc.of(SCOPE))
                                                .invokestatic(SUPER, "isPinned", ofScope)
                                                .ireturn()));
    }
}
