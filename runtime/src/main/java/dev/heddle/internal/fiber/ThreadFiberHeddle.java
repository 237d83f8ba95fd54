package dev.heddle.internal.fiber;

import dev.heddle.FiberBacking;
import dev.heddle.internal.CurrentTask;
import dev.heddle.internal.Options;
import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.trace.NotingParker;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Fibers that are OS threads, which take turns: see {@link FiberThread}. */
final class ThreadFiberHeddle extends FiberHeddle {
    ThreadFiberHeddle(Options options) {
        super(options);
        loop.join(backing());
        opened();
    }

    @Override
    FiberBacking backing() {
        return FiberBacking.OS_THREAD;
    }

    @Override
    int osThreads() {
        return 1 + (int) liveCount();
    }

    // ---- running

    @Override
    protected void launch(TaskCore<?> task) {
        FiberThread fiber = new FiberThread(this, task);
        task.attachment = fiber.fiber();
        fiber.start();
        enqueue(fiber);
    }

    /** For the fiber itself: it can go on. */
    void enqueue(FiberThread fiber) {
        if (trace != Trace.OFF) {
            trace.record(
                    Trace.Event.WAKE, fiber.threadId(), Thread.currentThread().threadId());
        }
        loop.add(fiber.fiber());
    }

    /** For the fiber itself, which begins. */
    void runsIn(FiberThread fiber) {
        CurrentTask.setHeddle(this);
        Parker.OF_PLATFORM_THREAD.set(NotingParker.of(fiber.parker, trace));
    }

    @Override
    boolean goOn(Fiber fiber) {
        return ((FiberThread) Objects.requireNonNull(fiber.thread)).goOn();
    }

    @Override
    Reason whyLeft(Fiber fiber) {
        return Reason.DONE;
    }

    /** The caller is a fiber, so it has a thread that may block, while others have the turn. */
    @Override
    protected <T extends @Nullable Object> T blockingTask(Callable<T> work) throws Exception {
        return ((FiberThread) Thread.currentThread()).away(work);
    }
}
