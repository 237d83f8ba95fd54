package dev.heddle.internal;

import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.Task;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.heddle.HeddleBuilder} collected.
 *
 * @param model the model
 * @param name the name; null becomes the model and a number
 * @param processors how many, or 0 for as many as the CPUs that this JVM may use, at any time
 * @param spareCarriers how many carriers beyond the processors GREEN may have
 * @param schedTraceMillis how often GREEN prints a line about its scheduler, or 0
 * @param deadlockDetection whether GREEN ends waits that cannot end otherwise
 * @param taskCpuTime whether GREEN measures how long tasks execute
 * @param fiberBacking what FIBER's tasks are made of
 * @param maxTasks how many tasks may be live, or 0 for any number
 * @param limitPolicy what happens to the next
 * @param lockIntervalNanos after what time a task that computes drops the global lock, or 0 if there is none
 * @param jmx whether JMX shows the heddle
 * @param uncaughtHandler told of failures that nobody joins
 * @param workers what PROCESS's workers are like
 * @param seams what a test may replace
 */
public record Options(
        Model model,
        @Nullable String name,
        int processors,
        int spareCarriers,
        long schedTraceMillis,
        boolean deadlockDetection,
        boolean taskCpuTime,
        FiberBacking fiberBacking,
        int maxTasks,
        LimitPolicy limitPolicy,
        long lockIntervalNanos,
        boolean jmx,
        BiConsumer<Task<?>, Throwable> uncaughtHandler,
        WorkerOptions workers,
        Seams seams) {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    String nameOrDefault() {
        return name != null ? name : model.name().toLowerCase(Locale.ROOT) + "-" + NUMBERS.incrementAndGet();
    }

    @Nullable
    TaskLimit limit() {
        return maxTasks > 0 ? new TaskLimit(maxTasks, limitPolicy) : null;
    }

    /** {@return how many processors to begin with} */
    public int processorsOrDefault() {
        return processors > 0 ? processors : Math.min(seams.machine().cpus(), Heddle.MOST_PROCESSORS);
    }
}
