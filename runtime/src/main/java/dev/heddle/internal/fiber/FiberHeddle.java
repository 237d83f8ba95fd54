package dev.heddle.internal.fiber;

import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.CurrentTask;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that take turns with their owner's thread, the one that opened the heddle: one runs at a time, whenever the owner waits,
 * see {@link FiberLoop}. A fiber runs until it waits, yields or ends, so without outside events a run is repeatable.
 *
 * <p>If the owner's thread never waits again, or ends, without having closed the heddle, its fibers never run again. What a
 * fiber is made of is up to the subclass.
 */
public abstract class FiberHeddle extends HeddleCore {
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

    final FiberLoop loop;
    final Trace trace;

    /** Why the fiber that runs is about to give the turn back; for traces. Of whoever has the turn. */
    @Nullable
    Reason leaves;

    /** How many times a fiber began or went on. Written by the owner; others read it opaque, for statistics only. */
    private long switches;

    /** How many of its fibers are in the owner's queue. As {@link #switches}. */
    private int waiting;

    FiberHeddle(Options options) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a FIBER heddle was opened on a virtual thread, on which fibers cannot run: open"
                            + " it on a platform thread, or use Model.GREEN here");
        }
        super(options);
        trace = options.seams().trace();
        loop = FiberLoop.ofCurrentThread();
    }

    /**
     * @param options what the builder collected
     * @return a heddle whose owner is the calling thread
     * @throws IllegalStateException if opened on a virtual thread, or if the JVM does not let us schedule virtual threads and the
     *     fibers are to be such
     */
    public static FiberHeddle open(Options options) {
        return switch (options.fiberBacking()) {
            case CONTINUATION -> new ContinuationFiberHeddle(options);
            case OS_THREAD -> new ThreadFiberHeddle(options);
        };
    }

    // ---- what a backing adds

    abstract FiberBacking backing();

    /**
     * Has a fiber go on until it switches. On the owner's thread.
     *
     * @param fiber runnable
     * @return whether the owner was interrupted meanwhile, as far as that could be seen
     */
    abstract boolean goOn(Fiber fiber);

    /** {@return why a fiber has just given the turn back, where it has not said so in {@link #leaves}} For traces. */
    abstract Reason whyLeft(Fiber fiber);

    /** {@return how many OS threads there are for the fibers} */
    abstract int osThreads();

    // ---- switching

    /** For the loop, on the owner's thread. */
    final boolean run(Fiber fiber) {
        SWITCHES.setOpaque(this, switches + 1);
        if (trace == Trace.OFF) {
            return goOn(fiber);
        }
        long id = Objects.requireNonNull(fiber.thread).threadId();
        trace.record(Trace.Event.MOUNT, id, 0);
        leaves = null;
        boolean interrupted = goOn(fiber);
        trace.unmounted(id, 0, leaves == null ? whyLeft(fiber) : leaves);
        return interrupted;
    }

    /** {@return how many times a fiber began or went on} Exact for the owner and the fiber that runs. */
    final long switches() {
        return switches;
    }

    /** For the loop, on the owner's thread. */
    final void countWaiting(int change) {
        WAITING.setOpaque(this, waiting + change);
    }

    @Override
    protected void ending(TaskCore<?> task, boolean joined) {
        task.attachment = null; // which was the Fiber, for switchTo
    }

    /**
     * See {@link Heddle#switchTo}.
     *
     * @param task where to
     * @return whether it could run
     */
    public static boolean switchTo(TaskCore<?> task) {
        if (!(task.heddle() instanceof FiberHeddle target)) {
            throw new IllegalArgumentException("switchTo(" + task + "), which is no fiber: tasks of "
                    + task.heddle().model()
                    + " run when their scheduler says; use Heddle.yield(), or open that heddle as Model.FIBER");
        }
        if (!target.loop.hasTurn()) {
            throw new IllegalStateException("switchTo(" + task + ") was called by thread "
                    + Thread.currentThread().getName() + ", which has no turn to give away: only the fibers of thread "
                    + target.loop.owner().getName() + " and that thread itself switch to one another");
        }
        Fiber fiber = null;
        Object known = task.attachment;
        Thread thread = task.runner();
        if (known instanceof Fiber lately) {
            fiber = target.loop.putFirst(lately);
        } else if (thread != null) { // whoever looked for unreachable tasks has lost the fiber
            fiber = target.loop.putFirst(new Fiber(target, thread, () -> {}));
        }
        if (fiber != null && fiber != known) {
            task.attachment = fiber;
        }
        CurrentTask.yield();
        return fiber != null;
    }

    @Override
    protected String laneName(int lane) {
        return loop.owner().getName();
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
        loop.leave();
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
                osThreads(),
                WaitHistogram.NONE);
    }
}
