package dev.heddle.internal.green;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Prints a line about a scheduler again and again, in the words of Go's {@code GODEBUG=schedtrace}, until it is closed. */
final class SchedTrace implements Runnable {
    private final GreenScheduler scheduler;
    private final long everyNanos;
    private final long start = System.nanoTime();

    SchedTrace(GreenScheduler scheduler, long everyMillis) {
        this.scheduler = scheduler;
        this.everyNanos = TimeUnit.MILLISECONDS.toNanos(everyMillis);
    }

    @Override
    public void run() {
        long next = start;
        while (!scheduler.isReleased()) {
            System.err.println(line());
            next += everyNanos;
            long left = next - System.nanoTime();
            while (left > 0 && !scheduler.isReleased()) {
                LockSupport.parkNanos(scheduler, left);
                left = next - System.nanoTime();
            }
        }
    }

    private String line() {
        Processor[] processors = scheduler.processors().all();
        return "SCHED " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + "ms: heddle=" + scheduler.name()
                + " processors=" + scheduler.size()
                + " idleprocs=" + Arrays.stream(processors).filter(p -> p.idle).count()
                + " threads=" + scheduler.carriers()
                + " spinningthreads=" + scheduler.searching()
                + " idlethreads=" + scheduler.carriers.idle()
                + " runqueue=" + scheduler.globalSize()
                + Arrays.stream(processors)
                        .map(p -> String.valueOf(p.waiting()))
                        .collect(Collectors.joining(" ", " [", "]"));
    }
}
