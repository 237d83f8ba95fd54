package dev.heddle.internal.trace;

import dev.heddle.internal.Parker;
import org.jspecify.annotations.Nullable;

/**
 * Waits as another does, and has it noted where, for threads whose id is what MOUNT has as subject.
 *
 * @param parker how to wait
 * @param trace where to note it
 */
public record NotingParker(Parker parker, Trace trace) implements Parker {
    /** {@return a parker that notes where its users wait, if that is wanted, else the given one} */
    public static Parker of(Parker parker, Trace trace) {
        return trace.notesStacks() ? new NotingParker(parker, trace) : parker;
    }

    @Override
    public void enter() {
        trace.waits(Thread.currentThread().threadId());
        parker.enter();
    }

    @Override
    public @Nullable RuntimeException cannotPark() {
        return parker.cannotPark();
    }

    @Override
    public void park(Object blocker, long nanos) {
        parker.park(blocker, nanos);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        parker.unpark(thread);
    }

    @Override
    public boolean interrupted() {
        return parker.interrupted();
    }

    @Override
    public void yield() {
        parker.yield();
    }

    @Override
    public long nanoTime() {
        return parker.nanoTime();
    }
}
