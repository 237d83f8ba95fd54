package dev.heddle.internal.thread;

import dev.heddle.GlobalLockStats;
import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import dev.heddle.internal.CurrentTask;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.Parker;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.LockCounts;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.TracedParker;
import dev.heddle.internal.trace.TracedThread;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.BitSet;
import java.util.concurrent.Callable;
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
    private final Trace trace;
    private final @Nullable TimeSlicedLock lock;

    /** @param options what the builder collected */
    public ThreadHeddle(Options options) {
        super(options);
        trace = options.seams().trace();
        lock = newLock(options);
        processors = options.processorsOrDefault();
        cpus = CpuAffinity.choose(processors);
        opened();
    }

    @Override
    protected void launch(TaskCore<?> task) {
        followCpus();
        String name = name() + "-" + task.id();
        if (trace == Trace.OFF) {
            Thread.ofPlatform().name(name).start(() -> run(task));
        } else {
            new TracedThread(trace, name, () -> runTraced(task)).start();
        }
    }

    private void run(TaskCore<?> task) {
        confine(task);
        CurrentTask.setHeddle(this);
        task.run();
    }

    private void runTraced(TaskCore<?> task) {
        long thread = Thread.currentThread().threadId();
        Parker.OF_PLATFORM_THREAD.set(new TracedParker(trace, () -> thread, task.id()));
        trace.record(Trace.Event.MOUNT, thread, task.id());
        try {
            run(task);
        } finally {
            trace.unmounted(thread, task.id(), Reason.DONE);
        }
    }

    @Override
    protected <T extends @Nullable Object> T blockingTask(Callable<T> work) throws Exception {
        return Parker.current() instanceof TracedParker parker ? parker.away(work, Reason.BLOCKED) : work.call();
    }

    @Override
    protected String laneName(int lane) {
        return name() + "-" + lane; // the thread's, whose lane has the number of the task
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
