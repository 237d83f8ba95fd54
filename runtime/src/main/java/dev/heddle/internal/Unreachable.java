package dev.heddle.internal;

import dev.heddle.internal.TaskRegistry.Hidden;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tasks that nothing can wake any more: what they wait for can be reached from themselves alone.
 *
 * <p>Problem: only the garbage collector knows what can be reached. Rejected: to hold parked tasks weakly at all times, which
 * loses them with their {@code finally} blocks; a heap dump, which is as large as the heap. Approach: for the time of one
 * collection the heddle forgets those of its tasks that wait in a join or a channel without a limit, and each of them gets
 * an object with a finalizer. The collector finalizes what nobody else reaches, and keeps whatever such an object refers to
 * until then, so the finalizer gives the task back to the heddle: it is found, and not lost.
 *
 * <p>The race that matters is a task that goes on meanwhile: it is reachable then, and is shown to the heddle again, or has
 * ended; {@link TaskRegistry} settles which under its lock.
 *
 * <p>A task counts as reachable if somebody holds its {@link dev.heddle.Task}, who could cancel it. Weak references to what
 * only such a task reaches are cleared, thread-locals included.
 */
final class Unreachable {
    private static final long PATIENCE_SECONDS = 10;

    /** Whether finalizers were seen to run: {@code --finalization=disabled} and {@code -XX:+DisableExplicitGC} exist. */
    private static volatile boolean finalizersRun;

    private final @Nullable List<Long> ids;

    private Unreachable(@Nullable List<Long> ids) {
        this.ids = ids;
    }

    /** {@return what was found, or null if no task is in question} */
    static @Nullable Unreachable in(HeddleCore heddle) {
        if (heddle.liveTasks().stream().noneMatch(Unreachable::isInQuestion)) {
            return null;
        }
        return new Unreachable(finalizersRun() ? heddle.registry().whileProbing(Unreachable::collect) : null);
    }

    /** Platform threads are always reachable. */
    private static boolean isInQuestion(TaskCore<?> task) {
        Thread thread = task.runner();
        return thread != null && thread.isVirtual() && Sighting.isAsleep(task);
    }

    private static List<Long> collect(TaskRegistry registry) {
        Queue<Long> found = new ConcurrentLinkedQueue<>();
        Semaphore finds = new Semaphore(0);
        List<Hidden> hidden = registry.hide(
                Unreachable::isInQuestion,
                task -> new Canary(task, () -> {
                    if (registry.show(task)) {
                        found.add(task.id());
                    } // else it ended before it was hidden from the collector
                    finds.release();
                }));
        System.gc();
        int missing = 0;
        for (Hidden one : hidden) {
            if (!registry.show(one)) {
                missing++;
            }
        }
        await(finds, missing);
        return found.stream().sorted().toList();
    }

    private static boolean finalizersRun() {
        if (!finalizersRun) {
            Semaphore ran = new Semaphore(0);
            abandonCanary(ran);
            System.gc();
            finalizersRun = await(ran, 1);
        }
        return finalizersRun;
    }

    @SuppressWarnings("unused") // that is the point
    private static void abandonCanary(Semaphore ran) {
        Canary canary = new Canary(null, ran::release);
    }

    /** Waits for finalizers, which are late only where other finalizers block. */
    private static boolean await(Semaphore permits, int count) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return permits.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        if (ids == null) {
            return "whether something can still wake the tasks that wait is not known: this JVM does not run finalizers on"
                    + " demand; leave out --finalization=disabled and -XX:+DisableExplicitGC to know it";
        }
        return ids.isEmpty()
                ? "tasks that nothing can wake any more: none"
                : "tasks that nothing can wake any more, since nobody else has what they wait for: "
                        + HeddleDump.list(ids);
    }

    /** Notices that nobody reaches the task that holds it. */
    private static final class Canary {
        private final @Nullable TaskCore<?> task;
        private final Runnable whenAbandoned;

        Canary(@Nullable TaskCore<?> task, Runnable whenAbandoned) {
            this.task = task;
            this.whenAbandoned = whenAbandoned;
        }

        @Override
        @SuppressWarnings({"removal", "deprecation", "Finalize"}) // nothing else keeps what is about to be collected
        protected void finalize() {
            if (task == null || task.attachment == this) { // else the task has been shown, and let it go
                whenAbandoned.run();
            }
        }
    }
}
