package dev.heddle.internal;

import dev.heddle.FiberBacking;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.internal.os.Machine;
import dev.heddle.internal.trace.Trace;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;

/** Options of heddles with unusual insides. */
public final class TestOptions {
    private TestOptions() {}

    /** @param processors 0 follows the CPUs */
    public static Options of(Model model, int processors, Seams seams) {
        return of(model, null, processors, Failures::printUncaught, seams);
    }

    static Options of(
            Model model, String name, int processors, BiConsumer<Task<?>, Throwable> uncaughtHandler, Seams seams) {
        return of(model, name, processors, 0, uncaughtHandler, seams);
    }

    /** @param interval that of the global lock */
    public static Options locked(Model model, Duration interval, Seams seams) {
        return of(model, null, 2, interval.toNanos(), Failures::printUncaught, seams);
    }

    private static Options of(
            Model model,
            String name,
            int processors,
            long lockIntervalNanos,
            BiConsumer<Task<?>, Throwable> uncaughtHandler,
            Seams seams) {
        return new Options(
                model,
                name,
                processors,
                4,
                0,
                true,
                false,
                FiberBacking.CONTINUATION,
                0,
                LimitPolicy.BLOCK,
                lockIntervalNanos,
                false,
                uncaughtHandler,
                WorkerOptions.DEFAULT,
                seams);
    }

    public static Seams traced(Trace trace) {
        return Seams.SYSTEM.with(trace);
    }

    /** On a machine like this one but with so many CPUs. */
    static Seams withCpus(IntSupplier cpus) {
        return Seams.SYSTEM.with(new Machine() {
            @Override
            public int cpus() {
                return cpus.getAsInt();
            }

            @Override
            public boolean isBlocked(int threadId) {
                return THIS.isBlocked(threadId);
            }

            @Override
            public Map<String, Long> stopsIfAllSleep() {
                return THIS.stopsIfAllSleep();
            }
        });
    }
}
