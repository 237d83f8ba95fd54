package dev.heddle.internal;

import dev.heddle.internal.os.Machine;
import dev.heddle.internal.trace.Trace;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What the schedulers ask for rather than call statically, so that a test can drive them. How the threads of users wait, and
 * by which clock, is {@link Parker#current}.
 *
 * @param trace where every scheduler event goes
 * @param seeds a seed for each random source that is needed
 * @param threads makes carriers and other OS threads of a heddle; the scheduler names them
 * @param parker how carriers and the like wait and are woken, and by which clock
 * @param machine what the operating system tells
 */
public record Seams(Trace trace, LongSupplier seeds, ThreadFactory threads, Parker parker, Machine machine) {
    /** The real ones. */
    public static final Seams SYSTEM = new Seams(
            Trace.OFF,
            () -> ThreadLocalRandom.current().nextLong(),
            Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).factory(),
            Parker.THREAD,
            Machine.THIS);

    /** {@return these, but with another trace} */
    public Seams with(Trace other) {
        return new Seams(other, seeds, threads, parker, machine);
    }

    /** {@return these, but on another machine} */
    public Seams with(Machine other) {
        return new Seams(trace, seeds, threads, parker, other);
    }
}
