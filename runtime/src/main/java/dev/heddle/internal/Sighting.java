package dev.heddle.internal;

import dev.heddle.internal.vthread.VirtualThreads;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a task was seen to do, from outside, while it may go on.
 *
 * @param task the task
 * @param doing what it does, in words
 * @param joined the task that it waits for, or null
 * @param stack of its code; empty if that does not run in this JVM
 */
record Sighting(TaskCore<?> task, String doing, @Nullable TaskCore<?> joined, List<StackTraceElement> stack) {
    static Sighting of(TaskCore<?> task) {
        Thread thread = task.runner();
        if (thread == null) {
            return new Sighting(task, task.heddle().whereabouts(task), null, List.of());
        }
        Thread.State state = thread.getState();
        Object blocker = LockSupport.getBlocker(thread);
        return new Sighting(
                task,
                doing(thread, state, blocker),
                state == Thread.State.WAITING && blocker instanceof Blocker b ? b.joined() : null,
                List.of(thread.getStackTrace()));
    }

    private static String doing(Thread thread, Thread.State state, @Nullable Object blocker) {
        return switch (state) {
            case WAITING -> "waits" + reason(blocker);
            case TIMED_WAITING -> "waits, for a limited time," + reason(blocker);
            case BLOCKED -> "waits for a monitor";
            case NEW, RUNNABLE -> running(thread);
            case TERMINATED -> "is about to end";
        };
    }

    private static String reason(@Nullable Object blocker) {
        return switch (blocker) {
            case null -> " for nothing that has a name: see its stack";
            case Blocker b -> " to " + b.purpose();
            default -> " for a " + blocker.getClass().getName();
        };
    }

    private static String running(Thread thread) {
        if (!thread.isVirtual()) {
            return "executes on thread " + thread.getName();
        }
        Thread carrier = VirtualThreads.carrierOf(thread);
        return carrier == null ? "could run and has no processor" : "executes on " + carrier.getName();
    }

    /** {@return whether the task waits, without a limit, in a join or a channel} */
    static boolean isAsleep(TaskCore<?> task) {
        Thread thread = task.runner();
        return thread != null
                && thread.getState() == Thread.State.WAITING
                && LockSupport.getBlocker(thread) instanceof Blocker;
    }
}
