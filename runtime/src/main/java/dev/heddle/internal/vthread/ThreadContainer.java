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
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the JDK takes the threads of one heddle to belong to.
 *
 * <p>Problem: a virtual thread that is started in the ordinary way belongs to the JDK's root container, which enters it in one
 * concurrent set of all virtual threads, at half the cost of starting a task and 40 bytes; only the JVM flag
 * {@code -Djdk.trackAllThreads=false} turns that off. Rejected: to ask users for that flag, which also hides everybody else's
 * virtual threads from thread dumps; the JDK's other containers, which keep sets as well. Approach: a container of our own,
 * which keeps nothing, and tells the JVM's thread dumps ({@code jcmd <pid> Thread.dump_to_file}) the threads of the heddle's
 * live tasks, under the heddle's name.
 *
 * <p>A container extends a class of {@code java.base} that is not exported, so the class is made here, as bytes, and defined
 * beside {@link Thread}, in the package that must be open to us anyway. It does nothing but hold a name and call a supplier.
 */
final class ThreadContainer {
    private static final String SIMPLE_NAME = "HeddleThreadContainer";
    private static final ClassDesc SUPER = ClassDesc.of("jdk.internal.vm.ThreadContainer");

    private static final ClassDesc REGISTRY = ClassDesc.of("jdk.internal.vm.ThreadContainers");

    /** {@code (String name, Supplier<Stream<Thread>> threads) -> Object} */
    private static final MethodHandle NEW;

    /** {@code (Thread, Object container) -> void} */
    private static final MethodHandle START;

    /** {@code () -> Object container} */
    private static final MethodHandle ROOT;

    /** {@code (Object container) -> Stream} of the containers in it. */
    private static final MethodHandle CHILDREN;

    /** {@code (Object container) -> Stream} */
    private static final MethodHandle THREADS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            Class<?> type = JavaLang.define(SIMPLE_NAME, ThreadContainer::bytes);
            TYPE = type;
            MethodType list = MethodType.methodType(Stream.class, Object.class);
            ROOT = lookup.findStatic(type, "root", MethodType.methodType(Object.class));
            CHILDREN = lookup.findStatic(type, "children", list);
            THREADS = lookup.findStatic(type, "threads", list);
            Constructor<?> constructor = type.getDeclaredConstructor(String.class, Supplier.class);
            constructor.setAccessible(true);
            NEW = lookup.unreflectConstructor(constructor)
                    .asType(MethodType.methodType(Object.class, String.class, Supplier.class));
            Method start = Thread.class.getDeclaredMethod("start", Class.forName("jdk.internal.vm.ThreadContainer"));
            start.setAccessible(true);
            START = lookup.unreflect(start).asType(MethodType.methodType(void.class, Thread.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Class<?> TYPE;

    private final Object container;

    /** {@return whether it is the container of a heddle} */
    static boolean isOurs(Object container) {
        return container.getClass() == TYPE;
    }

    /** {@return the threads of all containers of this JVM} Virtual ones that are not tracked are missing. */
    static Stream<Thread> allThreads() {
        try {
            return threadsBelow(ROOT.invokeExact());
        } catch (Throwable t) {
            throw new AssertionError("listing threads threw", t);
        }
    }

    private static Stream<Thread> threadsBelow(Object container) {
        try {
            return Stream.concat(
                    ((Stream<?>) THREADS.invokeExact(container)).map(Thread.class::cast),
                    ((Stream<?>) CHILDREN.invokeExact(container)).flatMap(ThreadContainer::threadsBelow));
        } catch (Throwable t) {
            throw new AssertionError("listing threads threw", t);
        }
    }

    /**
     * @param name how thread dumps call it
     * @param threads the live threads, for dumps
     */
    ThreadContainer(String name, Supplier<Stream<Thread>> threads) {
        try {
            container = NEW.invokeExact(name, threads);
        } catch (Throwable t) {
            throw new AssertionError("a constructor that only stores its arguments threw", t);
        }
    }

    /** Starts a virtual thread that belongs here. */
    void start(Thread thread) {
        try {
            START.invokeExact(thread, container);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("starting a thread threw a checked exception", t);
        }
    }

    /**
     * <pre>{@code
     * final class HeddleThreadContainer extends jdk.internal.vm.ThreadContainer {
     *     private final String name;
     *     private final Supplier<Stream<Thread>> threads;
     *     HeddleThreadContainer(String name, Supplier<Stream<Thread>> threads) {
     *         super(true);
     *         this.name = name;
     *         this.threads = threads;
     *         ThreadContainers.registerContainer(this); // by a weak reference, which goes when we go
     *     }
     *     public String name() { return name; }
     *     public Stream<Thread> threads() { return threads.get(); }
     *     static Object root() { return ThreadContainers.root(); }
     *     static Stream children(Object container) { return ((ThreadContainer) container).children(); }
     *     static Stream threads(Object container) { return ((ThreadContainer) container).threads(); }
     * }
     * }</pre>
     */
    private static byte[] bytes(ClassDesc self) {
        ClassDesc supplier = ClassDesc.of("java.util.function.Supplier");
        ClassDesc stream = ClassDesc.of("java.util.stream.Stream");
        int field = ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL;
        return ClassFile.of()
                .build(
                        self,
                        type -> type.withFlags(ClassFile.ACC_FINAL)
                                .withSuperclass(SUPER)
                                .withField("name", CD_String, field)
                                .withField("threads", supplier, field)
                                .withMethodBody(
                                        INIT_NAME,
                                        MethodTypeDesc.of(CD_void, CD_String, supplier),
                                        0,
                                        code -> code.aload(0)
                                                .iconst_1() // shared: owned by no thread
                                                .invokespecial(SUPER, INIT_NAME, MethodTypeDesc.of(CD_void, CD_boolean))
                                                .aload(0)
                                                .aload(1)
                                                .putfield(self, "name", CD_String)
                                                .aload(0)
                                                .aload(2)
                                                .putfield(self, "threads", supplier)
                                                .aload(0)
                                                .invokestatic(
                                                        REGISTRY,
                                                        "registerContainer",
                                                        MethodTypeDesc.of(CD_Object, SUPER))
                                                .pop()
                                                .return_())
                                .withMethodBody(
                                        "name",
                                        MethodTypeDesc.of(CD_String),
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(0)
                                                .getfield(self, "name", CD_String)
                                                .areturn())
                                .withMethodBody(
                                        "threads",
                                        MethodTypeDesc.of(stream),
                                        ClassFile.ACC_PUBLIC,
                                        code -> code.aload(0)
                                                .getfield(self, "threads", supplier)
                                                .invokeinterface(supplier, "get", MethodTypeDesc.of(CD_Object))
                                                .checkcast(stream)
                                                .areturn())
                                .withMethodBody(
                                        "root",
                                        MethodTypeDesc.of(CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.invokestatic(REGISTRY, "root", MethodTypeDesc.of(SUPER))
                                                .areturn())
                                .withMethodBody(
                                        "children",
                                        MethodTypeDesc.of(stream, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SUPER)
                                                .invokevirtual(SUPER, "children", MethodTypeDesc.of(stream))
                                                .areturn())
                                .withMethodBody(
                                        "threads",
                                        MethodTypeDesc.of(stream, CD_Object),
                                        ClassFile.ACC_STATIC,
                                        code -> code.aload(0)
                                                .checkcast(SUPER)
                                                .invokevirtual(SUPER, "threads", MethodTypeDesc.of(stream))
                                                .areturn()));
    }
}
