package dev.heddle.internal.vthread;

import dev.heddle.internal.Blocker;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads on a scheduler of ours: the one place that reaches into the JDK.
 *
 * <p>Problem: up to JDK 26 there is no public way to give a virtual thread a scheduler. Rejected: raw continuations, on
 * which sockets, monitors and debuggers do not work. Approach: the package-private constructor of the JDK's builder, which
 * takes an {@link Executor}; it needs {@code java.lang} opened to us, and {@link #on} says so where it is not.
 *
 * <p>What JDK 25 does with a scheduler, as read in its sources:
 *
 * <ul>
 *   <li>A start, an unpark, a yield and the end of a timed wait all arrive as {@link Executor#execute}; {@code lazySubmit}
 *       and {@code externalSubmit} are called on the JDK's own pool only. The call comes from anywhere: a virtual thread,
 *       pinned for the duration; a carrier, right after an unmount; a poller or timer thread. An exception from it would
 *       strand the thread.
 *   <li>Timed waits arrive as {@link ForkJoinPool#schedule}, on the carrier, if the scheduler is a {@link ForkJoinPool};
 *       else one slow timer thread of the JDK takes them. So ours is one, to which nothing is ever submitted and which
 *       therefore never starts a thread.
 *   <li>A continuation may be handed over twice (a thread dump does so); running it when it is not due does nothing.
 *   <li>A virtual thread inherits the scheduler of the one that makes it. Threads that the JDK makes on first use, for
 *       all, must not end up on that of a heddle: the pollers of sockets are such, so they are started before any of our threads,
 *       on {@linkplain Pollers a scheduler of their own}.
 * </ul>
 */
public final class VirtualThreads {
    private static final ReentrantLock POLLERS_LOCK = new ReentrantLock();

    /** Whether there can be a thread of ours; before, {@code java.lang} may be closed to us. */
    private static volatile boolean used;

    /** Guarded by {@link #POLLERS_LOCK}. */
    private static boolean pollersStarted;

    /** What decides when and where virtual threads run. */
    public interface Scheduler {
        /**
         * A virtual thread can go on: have some platform thread call {@code continuation}, once. Must not throw, block or
         * park: the caller may be a virtual thread in the middle of anything.
         *
         * @param continuation runs the virtual thread until it unmounts
         */
        void resume(Runnable continuation);

        /**
         * The same for one on which others depend, so that it should be run before all that wait.
         *
         * @param continuation as above
         */
        default void resumeFirst(Runnable continuation) {
            resume(continuation);
        }
    }

    private final Adapter adapter;
    private final ThreadFactory factory;
    private final ThreadContainer container;

    private VirtualThreads(Adapter adapter, ThreadFactory factory, ThreadContainer container) {
        this.adapter = adapter;
        this.factory = factory;
        this.container = container;
    }

    /**
     * @param owner whom {@link #ownerOf} shall name
     * @param scheduler where the threads shall run
     * @param name what the JVM's thread dumps call them all
     * @param threads those of them that the JVM's thread dumps shall show
     * @return starts virtual threads that run there, as do the virtual threads that they make in turn
     * @throws IllegalStateException if {@code java.lang} is not open to us; the message names the flag to add
     */
    public static VirtualThreads on(Object owner, Scheduler scheduler, String name, Supplier<Stream<Thread>> threads) {
        JavaLang.requireOpen("green threads and fibers need a scheduler of their own");
        startPollers();
        used = true;
        Adapter adapter = new Adapter(owner, scheduler);
        return new VirtualThreads(adapter, builder(adapter).factory(), new ThreadContainer(name, threads));
    }

    /**
     * Starts the threads that wait for sockets: otherwise the first green thread that uses a socket would start them, on its own
     * scheduler. From a virtual thread, since that passes its scheduler on.
     */
    private static void startPollers() {
        POLLERS_LOCK.lock();
        try {
            if (!pollersStarted) {
                FutureTask<Class<?>> start = new FutureTask<>(() -> Class.forName("sun.nio.ch.Poller"));
                builder(new Adapter(null, Pollers.OF_JVM))
                        .name("heddle-start-pollers")
                        .start(start);
                awaitUninterruptibly(start);
                pollersStarted = true;
            }
        } finally {
            POLLERS_LOCK.unlock();
        }
    }

    private static Thread.Builder.OfVirtual builder(Adapter adapter) {
        try {
            return (Thread.Builder.OfVirtual) Hooks.BUILDER.newInstance(adapter);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no virtual threads to schedule: use HotSpot", e);
        }
    }

    /** {@return what runs all other virtual threads} */
    static Executor schedulerOfJdk() {
        return (Executor) Hooks.DEFAULT_SCHEDULER.get();
    }

    private static void awaitUninterruptibly(Future<?> future) {
        boolean interrupted = false;
        while (true) {
            try {
                future.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException("the JVM cannot wait for sockets of virtual threads", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts a virtual thread without a name.
     *
     * @param job what it runs
     */
    public void start(Runnable job) {
        launch(unstarted(job));
    }

    /** {@return a virtual thread without a name, for {@link #launch}} */
    public Thread unstarted(Runnable job) {
        return factory.newThread(job);
    }

    /** Starts a thread from {@link #unstarted}. */
    public void launch(Thread thread) {
        container.start(thread);
    }

    /**
     * Offers to run the threads that wait for the sockets of all virtual threads: those of ours that wait are then woken by one of ours. All
     * others in the JVM depend on it that the scheduler runs what it is handed, however its own threads behave.
     */
    public void hostPollers() {
        Pollers.OF_JVM.host(adapter.scheduler);
    }

    /** {@return the ids of the threads that wait for sockets, so far as schedulers of ours run them} */
    public static List<Long> pollers() {
        return used ? Pollers.OF_JVM.ids() : List.of();
    }

    /** Takes the offer back, if there was one. Not by a virtual thread. */
    public void withdrawPollers() {
        Pollers.OF_JVM.withdraw(adapter.scheduler);
    }

    /** Takes the scheduler out of the JVM's thread dumps. Threads that are left go on. */
    public void close() {
        adapter.shutdown();
    }

    /**
     * {@return who has given the virtual thread its scheduler, or null if that is none of ours} Virtual threads that it starts
     * have the same.
     *
     * @param thread a virtual thread
     */
    public static @Nullable Object ownerOf(Thread thread) {
        return used && Hooks.SCHEDULER.get(thread) instanceof Adapter adapter ? adapter.owner : null;
    }

    /** {@return the id of the platform thread under the caller, or, where there may be none of ours, just the caller's} */
    public static long carrierId() {
        return currentCarrier().threadId();
    }

    /**
     * {@return the platform thread under the caller, which is the caller itself if it is no virtual thread, or if there can be
     * none of ours} True until the caller waits. Not the JDK's {@code currentCarrierThread()}: the compiler takes that for
     * constant in a method, where a wait in between may have moved the thread to another carrier.
     */
    public static Thread currentCarrier() {
        Thread thread = Thread.currentThread();
        return thread.isVirtual() && used ? (Thread) Hooks.CARRIER.getVolatile(thread) : thread;
    }

    /** {@return whether the next park of the calling virtual thread returns at once, since it was unparked before} */
    public static boolean isUnparked() {
        return (boolean) Hooks.PARK_PERMIT.getVolatile(Thread.currentThread());
    }

    /** {@return the platform thread that executes a virtual thread of ours, or null if none does} */
    public static @Nullable Thread carrierOf(Thread thread) {
        return (Thread) Hooks.CARRIER.getVolatile(thread);
    }

    /** {@return whether a sleep or timed wait of a thread of ours goes on} */
    public static boolean anyTimer() {
        return Timers.OF_JVM.any();
    }

    /** {@return whether there is, or might be, a virtual thread that no scheduler of ours runs} The JDK's own do not count. */
    public static boolean anyForeign() {
        String tracked = System.getProperty("jdk.trackAllThreads", "true");
        return !(tracked.isEmpty() || Boolean.parseBoolean(tracked))
                || ThreadContainer.allThreads()
                        .anyMatch(thread -> thread.isVirtual() && !Pollers.isOne(thread) && ownerOf(thread) == null);
    }

    /** {@return whether a platform thread does nothing but carry the JDK's virtual threads, or wait for sockets for them} */
    public static boolean isOfTheJdk(Thread thread) {
        return thread.getClass().getName().equals("jdk.internal.misc.CarrierThread") || Pollers.isOne(thread);
    }

    /**
     * {@return the id of the virtual thread that a continuation runs; 0 if it is none of the JDK's, as in a test} For traces.
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static long idOf(Runnable continuation) {
        Thread thread = threadOf(continuation);
        return thread == null ? 0 : thread.threadId();
    }

    /**
     * {@return the virtual thread that a continuation runs; null if it is none of the JDK's, as in a test}
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static @Nullable Thread threadOf(Runnable continuation) {
        return Continuation.threadOf(continuation);
    }

    /**
     * {@return whether a continuation that has just been handed over is that of a virtual thread that has not run yet}
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static boolean isNew(Runnable continuation) {
        return Continuation.stateOf(continuation) == Continuation.STARTED;
    }

    /**
     * {@return whether a continuation is that of a virtual thread that no heddle has started as a task, but code of a task has, or
     * a library; false if it is none of the JDK's, as in a test}
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static boolean isChild(Runnable continuation) {
        Thread thread = threadOf(continuation);
        return thread != null && !ThreadContainer.isOurs(Hooks.CONTAINER.get(thread));
    }

    /**
     * {@return whether the virtual thread of a continuation has ended}
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static boolean hasEnded(Runnable continuation) {
        return Continuation.stateOf(continuation) == Continuation.TERMINATED;
    }

    /**
     * {@return why a virtual thread has just been unmounted, for traces} Right unless it runs again elsewhere by now.
     *
     * @param continuation as {@link Scheduler#resume} got it
     */
    public static Reason whyUnmounted(Runnable continuation) {
        Thread thread = threadOf(continuation);
        if (thread == null) {
            return Reason.OTHER;
        }
        int state = Continuation.stateOf(thread);
        if (state == Continuation.TERMINATED) {
            return Reason.DONE;
        }
        if (state == Continuation.YIELDED) {
            return Reason.YIELD;
        }
        if (state >= Continuation.BLOCKING && state <= Continuation.TIMED_WAIT) {
            return Reason.LOCK; // a monitor
        }
        Object blocker = LockSupport.getBlocker(thread);
        if (blocker != null) {
            return Blocker.reasonOf(blocker);
        }
        return state == Continuation.PARKED
                ? Reason.IO
                : state == Continuation.TIMED_PARKED ? Reason.SLEEP : Reason.OTHER;
    }

    /**
     * Has interrupts of the calling thread reported, for as long as it does no interruptible I/O; the JDK clears the
     * interrupted status of a platform thread whenever a virtual thread is mounted on it or unmounted, and so forgets them.
     *
     * @param blocker from {@link #interruptListener}
     */
    public static void listenToInterrupts(Object blocker) {
        Thread me = Thread.currentThread();
        if (Hooks.NIO_BLOCKER.get(me) != blocker) {
            Hooks.NIO_BLOCKER.setVolatile(me, blocker); // only this thread writes it; interrupters read it under a lock
        }
    }

    /**
     * @param listener called by whoever interrupts a thread that listens, under that thread's interrupt lock, after its
     *     status was set
     * @return what {@link #listenToInterrupts} takes
     */
    public static Object interruptListener(Runnable listener) {
        Class<?> type = Hooks.NIO_BLOCKER.varType();
        return Proxy.newProxyInstance(
                VirtualThreads.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> switch (method.getName()) {
                    case "interrupt" -> {
                        listener.run();
                        yield null;
                    }
                    case "equals" -> self == args[0];
                    case "hashCode" -> System.identityHashCode(self);
                    case "toString" -> "interrupt listener of a heddle";
                    default -> null; // postInterrupt
                });
    }

    /** Resolved on first use, when {@code java.lang} is known to be open. */
    private static final class Hooks {
        static final Constructor<?> BUILDER;
        static final VarHandle CARRIER;
        static final VarHandle PARK_PERMIT;
        static final VarHandle SCHEDULER;
        static final VarHandle DEFAULT_SCHEDULER;
        static final VarHandle NIO_BLOCKER;
        static final VarHandle CONTAINER;

        static {
            try {
                BUILDER = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                        .getDeclaredConstructor(Executor.class);
                BUILDER.setAccessible(true);
                Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
                MethodHandles.Lookup virtual = MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup());
                CARRIER = virtual.findVarHandle(virtualThread, "carrierThread", Thread.class);
                PARK_PERMIT = virtual.findVarHandle(virtualThread, "parkPermit", boolean.class);
                DEFAULT_SCHEDULER = virtual.findStaticVarHandle(virtualThread, "DEFAULT_SCHEDULER", ForkJoinPool.class);
                SCHEDULER = virtual.findVarHandle(virtualThread, "scheduler", Executor.class);
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
                CONTAINER = lookup.findVarHandle(
                        Thread.class, "container", Class.forName("jdk.internal.vm.ThreadContainer"));
                NIO_BLOCKER =
                        lookup.findVarHandle(Thread.class, "nioBlocker", Class.forName("sun.nio.ch.Interruptible"));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** Finds the thread in a continuation, which is a lambda of the JDK that captures it, and its state. */
    private static final class Continuation {
        // Those of the JDK's VirtualThread.
        private static final int STARTED = 1;
        private static final int PARKED = 4;
        private static final int TIMED_PARKED = 7;
        private static final int YIELDED = 11;
        private static final int BLOCKING = 12;
        private static final int TIMED_WAIT = 18;
        private static final int TERMINATED = 99;

        private static final Class<?> TYPE;

        /** {@code (Runnable) -> Thread} */
        private static final MethodHandle THREAD;

        /** {@code (Thread) -> int} */
        private static final MethodHandle STATE;

        static {
            try {
                Thread some = Thread.ofVirtual().unstarted(() -> {});
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(some.getClass(), MethodHandles.lookup());
                Object lambda = lookup.findGetter(some.getClass(), "runContinuation", Runnable.class)
                        .invoke(some);
                TYPE = lambda.getClass();
                THREAD = lookup.unreflectGetter(captured(TYPE))
                        .asType(MethodType.methodType(Thread.class, Runnable.class));
                STATE = lookup.findGetter(some.getClass(), "state", int.class)
                        .asType(MethodType.methodType(int.class, Thread.class));
            } catch (Throwable t) {
                throw new ExceptionInInitializerError(t);
            }
        }

        private static Field captured(Class<?> type) throws NoSuchFieldException {
            for (Field field : type.getDeclaredFields()) {
                if (Thread.class.isAssignableFrom(field.getType())) {
                    field.setAccessible(true);
                    return field;
                }
            }
            throw new NoSuchFieldException("the virtual thread in " + type);
        }

        static @Nullable Thread threadOf(Runnable continuation) {
            try {
                return continuation.getClass() == TYPE ? (Thread) THREAD.invokeExact(continuation) : null;
            } catch (Throwable t) {
                throw new AssertionError("reading a field threw", t);
            }
        }

        static int stateOf(Runnable continuation) {
            Thread thread = threadOf(continuation);
            return thread == null ? 0 : stateOf(thread);
        }

        static int stateOf(Thread thread) {
            try {
                return (int) STATE.invokeExact(thread);
            } catch (Throwable t) {
                throw new AssertionError("reading a field threw", t);
            }
        }
    }

    /** How the JDK sees a {@link Scheduler}. */
    private static final class Adapter extends ForkJoinPool {
        /** Null for that of the pollers. */
        final @Nullable Object owner;

        private final Scheduler scheduler;

        Adapter(@Nullable Object owner, Scheduler scheduler) {
            super(1, pool -> null, null, true, 0, 1, 1, pool -> true, 1, TimeUnit.SECONDS);
            this.owner = owner;
            this.scheduler = scheduler;
        }

        @Override
        public void execute(Runnable continuation) {
            scheduler.resume(continuation);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return Timers.OF_JVM.schedule(command, delay, unit);
        }
    }
}
