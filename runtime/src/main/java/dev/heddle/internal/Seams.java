package dev.heddle.internal;

import dev.heddle.internal.trace.Trace;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What the schedulers ask for rather than call statically, so that a test can drive them: where events go, where random
 * choices come from, how OS threads are made, how many CPUs there are. How a thread waits, and by which clock, is {@link Parker}.
 *
 * @param trace where every scheduler event goes
 * @param seeds a seed for each random source that is needed
 * @param threads makes carriers and other OS threads of a heddle; the scheduler names them
 * @param cpus how many CPUs this JVM may use now, at least 1
 */
public record Seams(Trace trace, LongSupplier seeds, ThreadFactory threads, IntSupplier cpus) {
    /** The real ones. */
    public static final Seams SYSTEM = new Seams(
            Trace.OFF,
            () -> ThreadLocalRandom.current().nextLong(),
            Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).factory(),
            Runtime.getRuntime()::availableProcessors);
}
