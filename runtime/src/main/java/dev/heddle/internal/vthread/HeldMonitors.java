package dev.heddle.internal.vthread;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassFile;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Keeps the monitors of a thread that mounts virtual threads from getting into those.
 *
 * <p>Problem: JDK 25 notes the monitors that a thread holds in the thread's lock stack, and when a virtual thread unmounts, it
 * moves all of that stack into it. It counts on carriers not to hold any. But the owner of fibers is a carrier that may wait for
 * them inside of {@code synchronized}: a fiber that unmounts then takes the owner's monitors with it, and the next time that it is
 * mounted, whoever runs there enters them without looking whether another thread is inside. Rejected: to forbid it, since the JDK
 * does not tell whether a thread holds a monitor. Approach: the lock stack has room for eight. One more takes the place of the
 * oldest, which the JVM then keeps in the ordinary way, in the object. So whoever enters eight monitors of its own pushes all
 * others out.
 *
 * <p>Mostly there are none to push out. Of one monitor that is entered eight times only the first is more than a note in the lock
 * stack; if there is no room for all eight notes, the JVM makes the monitor an ordinary one, which its object's header says. Then
 * others are there, and the eight are entered.
 *
 * <p>To be used by one thread. Monitors that it enters later are in the lock stack again.
 */
public final class HeldMonitors {
    /** In fields, so that the compiler does not find out that nobody else has them, and leave them out. */
    private final Eight different = new Eight(false);

    private Eight same = new Eight(true);

    /**
     * The monitors that the calling thread holds stay with it, whatever it mounts.
     *
     * @throws IllegalStateException if {@code java.lang} is not open to us; the message names the flag to add
     */
    public void keep() {
        same.enter();
        if (Header.isOfOrdinaryMonitor(same.a)) {
            different.enter();
            same = new Eight(true);
        }
    }

    /** Monitors to be entered one in the other. The compiler does not see whether they are the same, or it would enter that once. */
    private static final class Eight {
        final Object a = new Object();
        final Object b;
        final Object c;
        final Object d;
        final Object e;
        final Object f;
        final Object g;
        final Object h;

        @SuppressWarnings("UnusedVariable") // without it the compiler could leave all out
        private int times;

        Eight(boolean same) {
            b = same ? a : new Object();
            c = same ? a : new Object();
            d = same ? a : new Object();
            e = same ? a : new Object();
            f = same ? a : new Object();
            g = same ? a : new Object();
            h = same ? a : new Object();
        }

        void enter() {
            synchronized (a) {
                synchronized (b) {
                    synchronized (c) {
                        synchronized (d) {
                            synchronized (e) {
                                synchronized (f) {
                                    synchronized (g) {
                                        synchronized (h) {
                                            times++;
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** What the JVM has in front of an object's fields. */
    static final class Header {
        private static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");

        private static final long LOCK_BITS = 0b11;

        /** The lock bits of an object with a monitor that is not just noted in lock stacks. */
        private static final long ORDINARY = 0b10;

        private static final MethodHandle IS_ORDINARY;

        static {
            JavaLang.requireOpen("fibers and generators need to know of monitors");
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                Class<?> type = JavaLang.define("HeddleHeader", Header::bytes);
                IS_ORDINARY = MethodHandles.privateLookupIn(type, lookup)
                        .findStatic(type, "isOrdinary", MethodType.methodType(boolean.class, Object.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static boolean isOfOrdinaryMonitor(Object object) {
            try {
                return (boolean) IS_ORDINARY.invokeExact(object);
            } catch (Throwable t) {
                throw new AssertionError("reading memory threw", t);
            }
        }

        /**
         * <pre>{@code
         * final class HeddleHeader {
         *     static boolean isOrdinary(Object object) {
         *         return (Unsafe.getUnsafe().getLong(object, 0L) & 0b11) == 0b10;
         *     }
         * }
         * }</pre>
         */
        private static byte[] bytes(ClassDesc self) {
            return ClassFile.of()
                    .build(
                            self,
                            type -> type.withFlags(ClassFile.ACC_FINAL)
                                    .withMethodBody(
                                            "isOrdinary",
                                            MethodTypeDesc.of(CD_boolean, CD_Object),
                                            ClassFile.ACC_STATIC,
                                            code -> code.invokestatic(UNSAFE, "getUnsafe", MethodTypeDesc.of(UNSAFE))
                                                    .aload(0)
                                                    .lconst_0()
                                                    .invokevirtual(
                                                            UNSAFE,
                                                            "getLong",
                                                            MethodTypeDesc.of(CD_long, CD_Object, CD_long))
                                                    .loadConstant(LOCK_BITS)
                                                    .land()
                                                    .loadConstant(ORDINARY)
                                                    .lcmp()
                                                    .ifThenElse(Opcode.IFEQ, yes -> yes.iconst_1(), no -> no.iconst_0())
                                                    .ireturn()));
        }
    }
}
