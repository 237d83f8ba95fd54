package dev.heddle.lab.measure;

import dev.heddle.lab.measure.ProcFs.MachineTime;
import dev.heddle.lab.measure.ProcFs.Switches;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads what this process and its descendants cost between {@link #start} and {@link #stop}.
 *
 * <p>Processor time is continuous whoever ends meanwhile: a child that has ended is counted by the kernel's account of
 * ended children, with all it ever used, and until then by its own. Context switches of a descendant's threads that
 * ended before they were read are missed; workers keep theirs.
 *
 * <p>Not thread-safe; one thread starts and stops it.
 */
final class Meter {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Descendants are looked for once a second, since that reads all of /proc; workers seldom come and go. */
    private static final int LOOKS_PER_SEARCH = 100;

    private final long self = ProcessHandle.current().pid();
    private final Usage before;
    private final Thread sampler;
    private volatile boolean stopped;
    private long maxThreads; // of the sampler; read after joining it

    private final Runnable eachLook;

    private record Usage(long cpuNanos, long switches, long forced, MachineTime machine) {}

    private Meter(Runnable eachLook) {
        this.eachLook = eachLook;
        for (long pid : processes()) {
            ProcFs.resetPeakRss(pid);
        }
        sampler = Thread.ofPlatform().daemon().name("meter").start(this::sampleThreads);
        before = usage();
    }

    static Meter start() {
        return start(() -> {});
    }

    /** @param eachLook is called every 10 ms by one thread, and no more when {@link #stop} has returned */
    static Meter start(Runnable eachLook) {
        return new Meter(eachLook);
    }

    /**
     * What the interval cost.
     *
     * @param cpuNanos as in {@link Sample}, and so are the others
     * @param forcedSwitches as in {@link Scheduling}
     */
    record Reading(
            long cpuNanos,
            long switches,
            long forcedSwitches,
            long peakRssBytes,
            long osThreads,
            long foreignNanos,
            long capacityNanos) {}

    Reading stop() throws InterruptedException {
        Usage after = usage();
        stopped = true;
        LockSupport.unpark(sampler);
        sampler.join();
        long cpu = after.cpuNanos - before.cpuNanos;
        long used = after.machine.used() - before.machine.used();
        long rss = 0;
        for (long pid : processes()) {
            rss += ProcFs.peakRssBytes(pid);
        }
        return new Reading(
                cpu,
                after.switches - before.switches,
                after.forced - before.forced,
                rss,
                maxThreads,
                Math.max(0, used - cpu),
                after.machine.total() - before.machine.total());
    }

    private void sampleThreads() {
        List<Long> processes = processes();
        for (int look = 1; !stopped; look++) {
            long threads = 0;
            for (long pid : processes) {
                threads += ProcFs.threads(pid);
            }
            maxThreads = Math.max(maxThreads, threads);
            eachLook.run();
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (look % LOOKS_PER_SEARCH == 0) {
                processes = processes();
            }
        }
    }

    private Usage usage() {
        Rusage own = Rusage.self();
        Rusage ended = Rusage.endedChildren();
        long cpu = own.cpuNanos() + ended.cpuNanos();
        long switches = own.switches() + ended.switches();
        long forced = own.forced() + ended.forced();
        for (long pid : processes()) {
            if (pid != self) {
                cpu += ProcFs.cpuNanos(pid);
                Switches living = ProcFs.switches(pid);
                switches += living.all();
                forced += living.forced();
            }
        }
        return new Usage(cpu, switches, forced, ProcFs.machine());
    }

    /** This process and its descendants. */
    private List<Long> processes() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .map(ProcessHandle::pid)
                .toList();
    }
}
