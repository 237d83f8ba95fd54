package dev.heddle.internal.thread;

import dev.heddle.GlobalLockStats;
import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.os.CpuAffinity;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One OS thread per task, scheduled by the operating system.
 *
 * <p>The number of processors is the number of CPUs that the threads are confined to. The race that matters is a thread
 * that starts while the number changes: the thread first publishes its id in the task's attachment and then reads
 * {@link #cpus}, sets its mask, and reads again until it has set what it reads; {@link #resize} first writes
 * {@link #cpus} and then visits the live tasks. Whichever of the two sets the mask last sets the newest.
 */
public final class ThreadHeddle extends HeddleCore {
    private volatile int processors;
    private volatile BitSet cpus;
    private final @Nullable TimeSlicedLock lock;

    /** @param options what the builder collected */
    public ThreadHeddle(Options options) {
        super(options);
        lock = newLock(options);
        processors = options.processorsOrDefault();
        cpus = CpuAffinity.choose(processors);
        opened();
    }

    @Override
    protected void launch(TaskCore<?> task) {
        followCpus();
        Thread.ofPlatform().name(name() + "-" + task.id()).start(() -> {
            confine(task);
            runsHere();
            task.run();
        });
    }

    private void confine(TaskCore<?> task) {
        int threadId = CpuAffinity.currentThreadId();
        task.attachment = threadId;
        BitSet mine;
        do {
            mine = cpus;
            // A thread inherits its starter's mask, so once masks are in use even an unconfined heddle sets its own.
            if (CpuAffinity.isUsed() || !mine.equals(CpuAffinity.allowed())) {
                CpuAffinity.set(threadId, mine);
            }
        } while (!mine.equals(cpus)); // resize may have set a newer mask before we set ours
    }

    @Override
    protected @Nullable Object call(TaskCore<?> task, boolean onItsOwn) throws Exception {
        if (lock == null) {
            return task.beginAndCall(onItsOwn);
        }
        LockCounts counts = new LockCounts();
        task.lockCounts = counts;
        return HeldLocks.<@Nullable Object>hold(lock, counts, () -> task.beginAndCall(onItsOwn));
    }

    @Override
    public int processors() {
        return processors;
    }

    @Override
    protected int resize(int n) {
        int previous = processors;
        processors = n;
        BitSet chosen = CpuAffinity.choose(n);
        cpus = chosen;
        for (TaskCore<?> task : liveTasks()) {
            if (task.attachment instanceof Integer threadId) {
                CpuAffinity.set(threadId, chosen); // false means that the thread has ended meanwhile
            }
        }
        return previous;
    }

    @Override
    protected void release() {
        // Each thread ends with its task.
    }

    @Override
    protected GlobalLockStats lockStats() {
        return lock == null ? GlobalLockStats.NONE : lock.stats();
    }

    @Override
    public Stats stats() {
        int running = 0;
        int parked = 0;
        int threads = 0;
        for (TaskCore<?> task : liveTasks()) {
            Thread thread = task.runner();
            if (thread != null) {
                threads++;
                if (thread.getState() == Thread.State.RUNNABLE) {
                    running++;
                } else if (lock == null || LockSupport.getBlocker(thread) != lock) {
                    parked++;
                }
            }
        }
        return stats(
                running, Math.max(0, liveCount() - running - parked), parked, 0, 0, 0, threads, WaitHistogram.NONE);
    }
}
