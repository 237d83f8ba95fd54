package dev.heddle.internal.vthread;

import dev.heddle.internal.os.CpuAffinity;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The sleeps and timed waits of green threads and fibers: one heap and one thread for all heddles of this JVM.
 *
 * <p>Commands of the JDK only make a virtual thread runnable, so one thread serves many. They take a lock of the waiting
 * thread that {@link #schedule}'s caller may hold; no command runs while the heap's own lock is held, so the two are never
 * taken in the other order. Cancelling removes the entry at once, in logarithmic time: most timed waits are cancelled. The
 * thread ends when nothing has been due for a while.
 */
final class Timers {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private static final ScheduledThreadPoolExecutor EXECUTOR = create();

    private Timers() {}

    private static ScheduledThreadPoolExecutor create() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1,
                work -> Thread.ofPlatform()
                        .daemon()
                        .name("heddle-timers")
                        .inheritInheritableThreadLocals(false)
                        .unstarted(() -> {
                            CpuAffinity.unconfineCurrentThread(); // it may have been started by a confined carrier
                            work.run();
                        }));
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * @param command quick, does not block
     * @param delay how much later to run it
     * @param unit the unit of the delay
     * @return cancels it
     */
    static ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return EXECUTOR.schedule(command, delay, unit);
    }
}
