package dev.heddle.internal.fiber;

import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.Seams;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.fiber.FiberLoop.Ready;
import dev.heddle.internal.green.GreenScheduler;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.vthread.VirtualThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that run on their owner's thread, the one that opened the heddle, one at a time, whenever the owner waits: see
 * {@link FiberLoop}. A fiber runs until it waits, yields or ends, so without outside events a run is repeatable.
 *
 * <p>If the owner's thread never waits again, or ends, without having closed the heddle, its fibers never run again. A fiber
 * that blocks the OS thread itself, in a native call or under a native frame, blocks all of them;
 * {@link dev.heddle.Heddle#blocking} is for that.
 *
 * <p>Threads that a library has started inside of a fiber, and that outlive the heddle, go on elsewhere: on {@link Leftovers}.
 * The race there is a wake-up against {@link #release}: the one adds to the loop and then reads {@link #released}, the other
 * sets it and then empties the loop; whoever removes the entry passes it on.
 */
public final class FiberHeddle extends HeddleCore {
    private static final VarHandle SWITCHES;
    private static final VarHandle WAITING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SWITCHES = lookup.findVarHandle(FiberHeddle.class, "switches", long.class);
            WAITING = lookup.findVarHandle(FiberHeddle.class, "waiting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Runs what is left of closed heddles; its threads end as soon as they are idle. */
    private static final class Leftovers {
        static final GreenScheduler SCHEDULER = new GreenScheduler("heddle-leftover-fibers", Seams.SYSTEM, 1);

        static {
            SCHEDULER.release();
        }
    }

    private final Seams seams;
    private final Trace trace;
    private final VirtualThreads threads;
    private final FiberLoop loop;
    private final AtomicInteger blockingCalls = new AtomicInteger();
    private volatile boolean released;

    /** How many times a fiber began or went on. Written by the owner, opaque: read for statistics only. */
    private long switches;

    /** How many of its fibers are in the owner's queue. As {@link #switches}. */
    private int waiting;

    /**
     * @param options what the builder collected
     * @throws IllegalStateException if opened on a virtual thread, or if the JVM does not let us schedule virtual threads
     */
    public FiberHeddle(Options options) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a FIBER heddle was opened on a virtual thread, on which fibers cannot run: open"
                            + " it on a platform thread, or use Model.GREEN here");
        }
        super(options);
        seams = options.seams();
        trace = seams.trace();
        threads = VirtualThreads.on(this, this::resume, name(), this::liveThreads);
        loop = FiberLoop.ofCurrentThread();
        loop.join();
        opened();
    }

    // ---- running

    @Override
    protected void launch(TaskCore<?> task) {
        threads.start(task);
    }

    private void resume(Runnable continuation) {
        if (trace != Trace.OFF) {
            trace.record(Trace.Event.WAKE, VirtualThreads.idOf(continuation), 0);
        }
        if (released) {
            Leftovers.SCHEDULER.resume(continuation);
            return;
        }
        Ready fiber = new Ready(this, continuation);
        loop.add(fiber);
        if (released && loop.takeBack(fiber)) {
            Leftovers.SCHEDULER.resume(continuation);
        }
    }

    /** Runs a fiber until it unmounts. On the owner's thread. */
    void run(Runnable continuation) {
        SWITCHES.setOpaque(this, switches + 1);
        if (trace == Trace.OFF) {
            continuation.run();
            return;
        }
        long id = VirtualThreads.idOf(continuation);
        trace.record(Trace.Event.MOUNT, id, 0);
        continuation.run();
        trace.record(Trace.Event.UNMOUNT, id, 0);
    }

    /** For the loop, on the owner's thread. */
    void countWaiting(int change) {
        WAITING.setOpaque(this, waiting + change);
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
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- the one processor

    @Override
    public int processors() {
        return 1;
    }

    @Override
    protected int resize(int n) {
        return 1;
    }

    // ---- ending

    @Override
    protected void checkMayClose() {
        super.checkMayClose();
        if (Thread.currentThread() != loop.owner()) {
            throw new IllegalStateException("close() of FIBER heddle " + name() + " was called by thread "
                    + Thread.currentThread().getName() + ", but its fibers run only while thread "
                    + loop.owner().getName() + " waits, which opened it: let that thread close it");
        }
    }

    @Override
    protected void release() {
        released = true; // before the loop is emptied; resume does it the other way round
        for (Ready fiber : loop.takeAll(this)) {
            Leftovers.SCHEDULER.resume(fiber.continuation());
        }
        loop.leave();
        threads.close();
    }

    @Override
    public Stats stats() {
        int running = loop.isRunning(this) ? 1 : 0;
        int runnable = (int) WAITING.getOpaque(this) + loop.inboxCount(this);
        return stats(
                running,
                runnable,
                liveCount() - running - runnable,
                (long) SWITCHES.getOpaque(this),
                0,
                0,
                1,
                WaitHistogram.NONE);
    }
}
