package dev.heddle.internal.green;

import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long each task has been mounted. A carrier notes when it begins to run a virtual thread, and adds what has passed to
 * the thread's task when it has been unmounted; a task that ends adds its last stretch itself, so that whoever joins it sees
 * all of it.
 *
 * <p>{@link TaskCore#mountedNanos} is written by the carrier that runs the task's thread, or by the task on it; from one carrier to
 * the next with the thread.
 */
final class MountedTimes {
    private final Parker clock;

    /** Tasks by their thread, from their beginning to their end. */
    private final Map<Thread, TaskCore<?>> tasks = new ConcurrentHashMap<>();

    MountedTimes(Parker clock) {
        this.clock = clock;
    }

    /** The calling virtual thread executes this task from now on. */
    void began(TaskCore<?> task) {
        tasks.put(Thread.currentThread(), task);
    }

    /** The calling virtual thread has executed its task. */
    void ending(Carrier carrier) {
        TaskCore<?> task = tasks.remove(Thread.currentThread());
        if (task != null) {
            add(task, carrier);
        }
    }

    /** A carrier is about to run a virtual thread. */
    void mount(Carrier carrier) {
        carrier.mountedAt = clock.nanoTime();
    }

    /** It has been unmounted. */
    void unmount(Carrier carrier, Runnable continuation) {
        Thread thread = VirtualThreads.threadOf(continuation);
        TaskCore<?> task = thread == null ? null : tasks.get(thread);
        if (task != null) {
            add(task, carrier);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // see above
    private void add(TaskCore<?> task, Carrier carrier) {
        task.mountedNanos += clock.nanoTime() - carrier.mountedAt;
    }

    /**
     * {@return for how long a task has been mounted}
     *
     * @param carrier where it is mounted now, or null
     */
    long nanos(TaskCore<?> task, @Nullable Carrier carrier) {
        long since = carrier == null ? 0 : clock.nanoTime() - carrier.mountedAt;
        return task.mountedNanos + since;
    }
}
