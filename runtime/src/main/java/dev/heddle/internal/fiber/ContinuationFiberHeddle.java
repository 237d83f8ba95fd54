package dev.heddle.internal.fiber;

import dev.heddle.FiberBacking;
import dev.heddle.internal.Options;
import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.green.GreenScheduler;
import dev.heddle.internal.trace.NotingParker;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Fibers that are virtual threads, mounted on their owner's thread.
 *
 * <p>A fiber that blocks the OS thread itself, in a native call or under a native frame, blocks all of them; {@link
 * dev.heddle.Heddle#blocking} is for that.
 *
 * <p>Problem: the JVM cannot unmount a virtual thread that has a native frame on its stack. A yield then does nothing, and a wait
 * puts the owner's thread to sleep, mostly for ever, since who would wake it is another fiber. Rejected: to ask the JVM, which
 * takes as long as a switch, and does not see a native frame whose caller is compiled; to unpark the owner's thread once and
 * remember that, since any code that parks it in between uses that up. Approach: who yields looks whether the loop has run since.
 * Who waits unparks the owner's thread first, so that a wait that would put it to sleep returns at once. A fiber that has come back
 * without a switch, and should not have, yields to see whether it can.
 *
 * <p>Threads that a library has started inside of a fiber, and that outlive the heddle, go on elsewhere: on {@link Leftovers}.
 * The race there is a wake-up against {@link #release}: the one adds to the loop and then reads {@link #released}, the other
 * sets it and then empties the loop; whoever removes the entry passes it on.
 */
final class ContinuationFiberHeddle extends FiberHeddle {
    /** Runs what is left of closed heddles; its threads end as soon as they are idle. */
    private static final class Leftovers {
        static final GreenScheduler SCHEDULER = new GreenScheduler("heddle-leftover-fibers", Seams.SYSTEM, 1);

        static {
            SCHEDULER.release();
        }
    }

    private final Seams seams;
    private final VirtualThreads threads;
    private final Parker parker = NotingParker.of(new FiberParker(), trace);
    private final AtomicInteger blockingCalls = new AtomicInteger();
    private volatile boolean released;

    ContinuationFiberHeddle(Options options) {
        super(options);
        seams = options.seams();
        threads = VirtualThreads.on(this, this::resume, name(), this::liveThreads);
        loop.join(backing());
        opened();
    }

    @Override
    FiberBacking backing() {
        return FiberBacking.CONTINUATION;
    }

    @Override
    int osThreads() {
        return 1;
    }

    // ---- running

    @Override
    protected void launch(TaskCore<?> task) {
        Thread thread = threads.unstarted(task);
        task.attachment = new Fiber(this, thread, task); // stands for the one that is about to be queued
        threads.launch(thread);
    }

    private void resume(Runnable continuation) {
        if (trace != Trace.OFF) {
            trace.record(
                    Trace.Event.WAKE,
                    VirtualThreads.idOf(continuation),
                    Thread.currentThread().threadId());
        }
        if (released) {
            Leftovers.SCHEDULER.resume(continuation);
            return;
        }
        if (loop.addRunning(continuation)) {
            return; // a yield, for which nothing need be made
        }
        Fiber fiber = new Fiber(this, VirtualThreads.threadOf(continuation), continuation);
        loop.add(fiber);
        if (released && loop.takeBack(fiber)) {
            Leftovers.SCHEDULER.resume(continuation);
        }
    }

    @Override
    boolean goOn(Fiber fiber) {
        fiber.goOn.run();
        return false; // the JDK has cleared it, and the loop has heard of it
    }

    @Override
    Reason whyLeft(Fiber fiber) {
        return VirtualThreads.whyUnmounted(fiber.goOn);
    }

    // ---- switching

    @Override
    protected Parker parkerOfTasks() {
        return parker;
    }

    /** How fibers wait in Heddle's own primitives. */
    private final class FiberParker implements Parker {
        @Override
        public void park(Object blocker, long nanos) {
            boolean returnsAtOnce =
                    VirtualThreads.isUnparked() || Thread.currentThread().isInterrupted();
            long before = switches();
            if (!released) {
                LockSupport.unpark(loop.owner()); // or else a park under a native frame would put it to sleep
            }
            THREAD.park(blocker, nanos);
            if (!returnsAtOnce && hasNotSwitchedSince(before) && !canSwitch()) { // it may also have been woken just now
                throw stuck("wait");
            }
        }

        @Override
        public @Nullable RuntimeException cannotPark() {
            return canSwitch() ? null : stuck("wait");
        }

        @Override
        public void yield() {
            if (!canSwitch()) {
                throw stuck("yield");
            }
        }

        /** Only trying tells. */
        private boolean canSwitch() {
            long before = switches();
            Thread.yield();
            return !hasNotSwitchedSince(before);
        }

        private boolean hasNotSwitchedSince(long before) {
            return switches() == before && !released; // what is left over is run by others, who do not count
        }

        private IllegalStateException stuck(String what) {
            return new IllegalStateException("a fiber of heddle " + name() + " cannot " + what
                    + ": native code that has called back into Java, or a class initializer, is on its stack, and a"
                    + " continuation cannot leave that behind. Do it elsewhere, or open the heddle with"
                    + " fiberBacking(FiberBacking.OS_THREAD)");
        }

        @Override
        public long nanoTime() {
            return THREAD.nanoTime();
        }
    }

    /** Another thread makes the call, since the owner's would block all fibers. */
    @Override
    protected <T extends @Nullable Object> T blockingTask(Callable<T> work) throws Exception {
        FutureTask<T> call = new FutureTask<>(work);
        Thread caller = seams.threads().newThread(call);
        caller.setName(name() + "-blocking-" + blockingCalls.incrementAndGet());
        caller.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    leaves = Reason.BLOCKED;
                    return call.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    caller.interrupt(); // how the call takes it decides
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                interrupted = false; // the exception stands for it
            }
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        } finally {
            leaves = null; // it may have been there already
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- ending

    @Override
    protected void release() {
        released = true; // before the loop is emptied; resume does it the other way round
        for (Fiber fiber : loop.takeAll(this)) {
            Leftovers.SCHEDULER.resume(fiber.goOn);
        }
        super.release();
        threads.close();
    }
}
