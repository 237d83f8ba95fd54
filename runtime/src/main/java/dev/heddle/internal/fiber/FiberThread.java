package dev.heddle.internal.fiber;

import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.vthread.Timers;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fiber that is an OS thread, of which the one that has the turn runs; the owner's thread waits until it comes back.
 *
 * <p>Problem: threads that run one at a time, in an order that is the same each time, though the operating system wakes
 * threads as it likes. Rejected: a lock that all take, which orders them as they happen to arrive; to pass the turn from fiber to
 * fiber, which saves one of two switches, but then the owner's condition is not looked at in between and fibers run in another
 * order than with continuations. Approach: the owner's loop gives the turn to one fiber and takes it back, just as it mounts a
 * continuation. Whoever wakes a fiber does not unpark the thread but enters it in the loop's queue, at that moment; the thread
 * sleeps on until the loop gives it the turn. Interrupts do the same.
 *
 * <p>The race that matters is a wake-up from a thread outside against a fiber that is about to wait: the one sets {@link #permit}
 * and then reads {@link #state}, the other announces {@link #WAITING} and then reads the permit. One of them enters the fiber
 * in the queue, by compare-and-set.
 *
 * <pre>{@code
 * READY   -> RUNNING   goOn(): the owner gives it the turn
 * RUNNING -> READY     it yields, having entered itself in the queue; or it has ended, and is never entered again
 * RUNNING -> WAITING   it waits in Heddle
 * WAITING -> READY     wake(): entered in the queue by whoever wakes it
 * RUNNING -> AWAY      it makes a blocking call, without the turn
 * AWAY    -> READY     and is back, and about to enter itself in the queue
 * }</pre>
 */
final class FiberThread extends Thread implements Parker.Wakeable {
    private static final int READY = 0;
    private static final int RUNNING = 1;
    private static final int WAITING = 2;
    private static final int AWAY = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FiberThread.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ThreadFiberHeddle heddle;
    private final FiberLoop loop;
    private final TaskCore<?> task;
    private final Fiber fiber;

    /** Whoever writes anything else into RUNNING gives the turn away by that. */
    private volatile int state = READY;

    /** Whether it was woken since it last waited. */
    private volatile boolean permit;

    FiberThread(ThreadFiberHeddle heddle, TaskCore<?> task) {
        super(heddle.name() + "-" + task.id());
        setDaemon(true); // as virtual threads are: nobody would give it the turn when the owner has ended
        this.heddle = heddle;
        this.loop = heddle.loop;
        this.task = task;
        this.fiber = new Fiber(heddle, this, () -> {});
    }

    Fiber fiber() {
        return fiber;
    }

    /** {@return whether the caller, which is this thread, runs in that loop} */
    boolean hasTurn(FiberLoop where) {
        return loop == where && state == RUNNING;
    }

    // ---- the owner

    /**
     * Gives it the turn and waits until it gives it back.
     *
     * @return whether the owner was interrupted meanwhile, which it is no more
     */
    boolean goOn() {
        boolean interrupted = false;
        state = RUNNING;
        LockSupport.unpark(this);
        while (state == RUNNING) {
            LockSupport.park(this);
            interrupted |= loop.interrupted();
        }
        return interrupted;
    }

    // ---- the fiber

    @Override
    public void run() {
        awaitTurn(loop);
        try {
            heddle.runsIn(this);
            task.run();
        } finally {
            giveTurn(READY);
        }
    }

    private void giveTurn(int next) {
        state = next;
        LockSupport.unpark(loop.owner());
    }

    /** Interrupts can wait: they are seen when it has the turn. */
    private void awaitTurn(Object blocker) {
        boolean interrupted = false;
        while (state != RUNNING) {
            LockSupport.park(blocker);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            super.interrupt();
        }
    }

    /** Makes a call without the turn. */
    <T extends @Nullable Object> T away(Callable<T> work) throws Exception {
        if (state == AWAY) {
            return work.call();
        }
        heddle.leaves = Reason.BLOCKED;
        giveTurn(AWAY);
        try {
            return work.call();
        } finally {
            state = READY; // before the owner can give it the turn
            heddle.enqueue(this);
            awaitTurn(loop);
        }
    }

    /** How it waits and yields in Heddle's own primitives. */
    final Parker parker = new Parker() {
        @Override
        public void park(Object blocker, long nanos) {
            if (permit || isInterrupted()) {
                permit = false;
            } else if (state == AWAY) {
                THREAD.park(blocker, nanos);
            } else if (nanos == FOREVER) {
                waitForTurn(blocker);
            } else if (nanos > 0) {
                Future<?> timer = Timers.OF_JVM.schedule(FiberThread.this::wake, nanos, TimeUnit.NANOSECONDS);
                waitForTurn(blocker);
                timer.cancel(false);
            }
        }

        @Override
        public void yield() {
            if (state == RUNNING) {
                heddle.enqueue(FiberThread.this);
                heddle.leaves = Reason.YIELD;
                giveTurn(READY);
                awaitTurn(loop);
            }
        }

        @Override
        public long nanoTime() {
            return THREAD.nanoTime();
        }
    };

    private void waitForTurn(Object blocker) {
        heddle.leaves = Blocker.reasonOf(blocker);
        giveTurn(WAITING);
        if (permit) {
            wake();
        }
        awaitTurn(blocker);
        permit = false;
    }

    // ---- anybody

    @Override
    public void wake() {
        permit = true; // before the state is read; who waits does it the other way round
        if (STATE.compareAndSet(this, WAITING, READY)) {
            heddle.enqueue(this);
        } else if (state == AWAY) {
            LockSupport.unpark(this);
        }
    }

    @Override
    public void interrupt() {
        super.interrupt();
        wake();
    }
}
