package dev.heddle.internal.green;

import dev.heddle.GlobalLockStats;
import dev.heddle.Stats;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.lock.CarriedLock;
import dev.heddle.internal.vthread.VirtualThreads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as the JDK's virtual threads on a {@link GreenScheduler} of this heddle's own. A virtual thread that a task starts runs
 * there, too, and is counted in {@link #stats} but is no task: nobody waits for it, and it goes on after {@link #close}.
 */
public final class GreenHeddle extends HeddleCore implements CarriedLock {
    private final GreenScheduler scheduler;
    private final VirtualThreads threads;
    private final boolean deadlockDetection;

    /**
     * @param options what the builder collected
     * @throws IllegalStateException if the JVM does not let us schedule virtual threads; the message names the flag
     */
    public GreenHeddle(Options options) {
        this(options, GreenScheduler.Tuning.DEFAULT.withSpareCarriers(options.spareCarriers()));
    }

    GreenHeddle(Options options, GreenScheduler.Tuning tuning) {
        super(options);
        deadlockDetection = options.deadlockDetection();
        scheduler = new GreenScheduler(
                name(),
                options.seams(),
                options.processorsOrDefault(),
                tuning,
                options.taskCpuTime(),
                newLock(options),
                new Owner());
        threads = VirtualThreads.on(this, scheduler, name(), this::liveThreads);
        if (scheduler.lock == null) { // whoever has the lock would keep them waiting
            threads.hostPollers();
        }
        if (options.schedTraceMillis() > 0) {
            scheduler.startSchedTrace(options.schedTraceMillis());
        }
        opened();
    }

    private final class Owner implements GreenScheduler.Owner {
        @Override
        public void followCpus() {
            GreenHeddle.this.followCpus();
        }

        @Override
        public void outOfCarriers() {
            threads.withdrawPollers();
        }

        @Override
        public boolean mayDeadlock() {
            return deadlockDetection && liveCount() > 0;
        }

        @Override
        public void endDeadlock() {
            GreenHeddle.this.endDeadlock();
        }
    }

    @Override
    protected void launch(TaskCore<?> task) {
        threads.start(task);
    }

    @Override
    public int processors() {
        return scheduler.size();
    }

    @Override
    protected int resize(int n) {
        return scheduler.resize(n);
    }

    @Override
    protected <T extends @Nullable Object> T blockingTask(Callable<T> work) throws Exception {
        return scheduler.blocking(work);
    }

    @Override
    protected void began(TaskCore<?> task) {
        MountedTimes times = scheduler.times;
        if (times != null) {
            times.began(task);
        }
        if (scheduler.lock != null) {
            scheduler.lock.began(task);
        }
    }

    @Override
    protected @Nullable Object call(TaskCore<?> task, boolean onItsOwn) throws Exception {
        return scheduler.lock == null ? task.beginAndCall(onItsOwn) : scheduler.lock.call(task, onItsOwn);
    }

    @Override
    protected void ending(TaskCore<?> task, boolean joined) {
        scheduler.ending(joined);
        if (scheduler.lock != null) {
            scheduler.lock.ending();
        }
    }

    // ---- the global lock, if there is one, as the seam of all waits knows it

    @Override
    public boolean leave(boolean handOver) {
        return scheduler.lock != null && scheduler.lock.leave(handOver);
    }

    @Override
    public void comeBack() {
        if (scheduler.lock != null) {
            scheduler.lock.comeBack();
        }
    }

    @Override
    public void checkpoint() {
        if (scheduler.lock != null) {
            scheduler.lock.checkpoint();
        }
    }

    @Override
    protected GlobalLockStats lockStats() {
        return scheduler.lock == null ? GlobalLockStats.NONE : scheduler.lock.stats();
    }

    @Override
    protected Optional<Duration> cpuTime(TaskCore<?> task) {
        return scheduler.mountedNanos(task).map(Duration::ofNanos);
    }

    @Override
    protected String laneName(int lane) {
        return scheduler.carriers.name(lane);
    }

    @Override
    protected void release() {
        threads.withdrawPollers();
        scheduler.release();
        threads.close();
    }

    @Override
    protected boolean isExecutedBy(Thread thread) {
        return scheduler.isExecutedBy(thread);
    }

    /** Threads that libraries have started are not known to wait for anything of ours. */
    @Override
    protected boolean isAsleep() {
        return scheduler.running() == 0 && scheduler.runnable() == 0 && scheduler.children() == 0 && super.isAsleep();
    }

    @Override
    protected List<String> describeThreads() {
        return scheduler.carriers.describe(liveTasks());
    }

    /** For tests. */
    GreenScheduler scheduler() {
        return scheduler;
    }

    @Override
    public Stats stats() {
        // In the order that a task takes, and twice how many there are: one that moves on meanwhile is left out rather
        // than taken for parked.
        long existed = liveCount() + scheduler.children();
        int runnable = scheduler.runnable();
        int busy = scheduler.busy();
        long exist = liveCount() + scheduler.children();
        return stats(
                scheduler.running(),
                runnable,
                Math.max(0, Math.min(existed, exist) - runnable - busy),
                scheduler.switches(),
                scheduler.steals(),
                scheduler.handoffs(),
                scheduler.carriers(),
                scheduler.waits());
    }
}
