package dev.heddle.internal.vthread;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Code that can pause in the middle, and goes on when its thread calls {@link #goOn} again: the JDK's continuation, which virtual
 * threads are made of.
 *
 * <p>Problem: code that pauses, and runs in the thread of its caller in between, which may be a virtual one. Rejected: a virtual
 * thread mounted on the caller, which only platform threads can do, and in which a lock that the caller holds is somebody
 * else's; two threads that take turns, at several times the cost. Approach: the continuation itself. What a thread has and the JDK
 * does not change at a pause is changed here: the scoped values that are bound, and the {@linkplain HeldMonitors monitors} that
 * are held, which stay the thread's.
 *
 * <p>Continuations are in a package that is not exported, so a class that calls them is made here and defined by {@link JavaLang}.
 * For one thread, which may be a virtual one: code that the JIT has compiled takes the current thread for constant in a method.
 */
public final class DelimitedContinuation {
    /** Whether {@code java.lang} is known to be open to us. */
    private static volatile boolean open;

    private static final String SIMPLE_NAME = "HeddleContinuation";
    private static final ClassDesc SUPER = ClassDesc.of("jdk.internal.vm.Continuation");
    private static final ClassDesc PINNED = SUPER.nested("Pinned");
    private static final ClassDesc SCOPE = ClassDesc.of("jdk.internal.vm.ContinuationScope");
    private static final ClassDesc RUNNABLE = ClassDesc.of("java.lang.Runnable");

    private final Object scope;
    private final Object continuation;
    private final HeldMonitors heldMonitors = new HeldMonitors();

    /** The scoped values that are bound in the code while it is paused. */
    private @Nullable Object bindings;

    private boolean begun;

    private DelimitedContinuation(Runnable body) {
        try {
            scope = Hooks.NEW_SCOPE.invokeExact();
            continuation = Hooks.NEW.invokeExact(body, scope);
        } catch (Throwable t) {
            throw new AssertionError("a constructor that only stores its arguments threw", t);
        }
    }

    /**
     * @param body the code, which must not throw
     * @return a continuation that has not begun
     * @throws IllegalStateException if {@code java.lang} is not open to us; the message names the flag to add
     */
    public static DelimitedContinuation of(Runnable body) {
        if (!open) {
            JavaLang.requireOpen("generators need the JDK's continuations");
            open = true;
        }
        return new DelimitedContinuation(body);
    }

    /**
     * Runs the code, in the calling thread, until it pauses or ends.
     *
     * @throws IllegalStateException if some thread is doing so, or if it has ended
     */
    public void goOn() {
        Thread me = Thread.currentThread();
        Object callers = Hooks.BINDINGS.get(me);
        if (begun) {
            Hooks.BINDINGS.set(me, bindings);
        }
        begun = true;
        try {
            Hooks.GO_ON.invokeExact(continuation);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a Runnable threw a checked exception", t);
        } finally {
            bindings = Hooks.BINDINGS.get(me);
            Hooks.BINDINGS.set(me, callers);
        }
    }

    /**
     * Pauses the code, of which the caller is part.
     *
     * @return whether it did, and has been gone on with; false if something on its stack cannot be left
     * @throws IllegalStateException if the caller is not part of it
     */
    public boolean pause() {
        heldMonitors.keep();
        try {
            return (boolean) Hooks.PAUSE.invokeExact(scope);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a pause threw a checked exception", t);
        }
    }

    /** {@return whether the caller is part of the code} */
    public boolean isCurrent() {
        try {
            return (boolean) Hooks.IS_CURRENT.invokeExact(scope);
        } catch (Throwable t) {
            throw new AssertionError("reading fields threw", t);
        }
    }

    /** {@return whether the code has returned or thrown} */
    public boolean hasEnded() {
        try {
            return (boolean) Hooks.HAS_ENDED.invokeExact(continuation);
        } catch (Throwable t) {
            throw new AssertionError("reading a field threw", t);
        }
    }

    /** Resolved on first use, when {@code java.lang} is known to be open. */
    private static final class Hooks {
        /** {@code (Runnable body, Object scope) -> Object continuation} */
        static final MethodHandle NEW;

        /** {@code () -> Object scope} */
        static final MethodHandle NEW_SCOPE;

        /** {@code (Object continuation) -> void} */
        static final MethodHandle GO_ON;

        /** {@code (Object scope) -> boolean} */
        static final MethodHandle PAUSE;

        /** {@code (Object scope) -> boolean} */
        static final MethodHandle IS_CURRENT;

        /** {@code (Object continuation) -> boolean} */
        static final MethodHandle HAS_ENDED;

        /** The scoped values that are bound in a thread. */
        static final VarHandle BINDINGS;

        static {
            try {
                Class<?> type = JavaLang.define(SIMPLE_NAME, DelimitedContinuation::bytes);
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                MethodType test = MethodType.methodType(boolean.class, Object.class);
                NEW = lookup.findStatic(
                        type, "make", MethodType.methodType(Object.class, Runnable.class, Object.class));
                NEW_SCOPE = lookup.findStatic(type, "scope", MethodType.methodType(Object.class));
                GO_ON = lookup.findStatic(type, "goOn", MethodType.methodType(void.class, Object.class));
                PAUSE = lookup.findStatic(type, "pause", test);
                IS_CURRENT = lookup.findStatic(type, "isCurrent", test);
                HAS_ENDED = lookup.findStatic(type, "hasEnded", test);
                BINDINGS = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                        .findVarHandle(Thread.class, "scopedValueBindings", Object.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
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
     *     static boolean isCurrent(Object scope) { return Continuation.getCurrentContinuation((ContinuationScope) scope) != null; }
     *     static boolean hasEnded(Object continuation) { return ((Continuation) continuation).isDone(); }
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
                                        "isCurrent",
                                        MethodTypeDesc.of(CD_boolean, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SCOPE)
                                                .invokestatic(
                                                        SUPER,
                                                        "getCurrentContinuation",
                                                        MethodTypeDesc.of(SUPER, SCOPE))
                                                .ifThenElse(
                                                        Opcode.IFNONNULL,
                                                        inside -> inside.iconst_1(),
                                                        outside -> outside.iconst_0())
                                                .ireturn())
                                .withMethodBody(
                                        "hasEnded",
                                        MethodTypeDesc.of(CD_boolean, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SUPER)
                                                .invokevirtual(SUPER, "isDone", MethodTypeDesc.of(CD_boolean))
                                                .ireturn()));
    }
}
