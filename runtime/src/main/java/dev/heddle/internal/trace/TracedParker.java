package dev.heddle.internal.trace;

import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How an OS thread waits whose task's waits are recorded: while it waits, the task is not mounted. All belongs to its thread. What
 * sleeps by itself, and not by {@link #park}, is between {@link #leave} and {@link #comeBack}.
 */
public final class TracedParker implements Parker {
    private final Trace trace;
    private final LongSupplier subject;
    private final long lane;

    /**
     * @param trace where to
     * @param subject who waits, as MOUNT has it; 0 for nobody
     * @param lane where, as MOUNT has it
     */
    public TracedParker(Trace trace, LongSupplier subject, long lane) {
        this.trace = trace;
        this.subject = subject;
        this.lane = lane;
    }

    /**
     * Calls code of whose waits nothing is recorded, as one wait.
     *
     * @param work the code
     * @param reason why it waits
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public <T extends @Nullable Object> T away(Callable<T> work, Reason reason) throws Exception {
        enter();
        leave(reason);
        try {
            return work.call();
        } finally {
            comeBack();
        }
    }

    /**
     * The task is about to wait.
     *
     * @param reason why
     */
    public void leave(Reason reason) {
        if (subject.getAsLong() != 0) {
            trace.unmounted(subject.getAsLong(), lane, reason);
        }
    }

    /** It goes on. */
    public void comeBack() {
        if (subject.getAsLong() != 0) {
            trace.record(Trace.Event.MOUNT, subject.getAsLong(), lane);
        }
    }

    @Override
    public void enter() {
        if (subject.getAsLong() != 0) {
            trace.waits(subject.getAsLong());
        }
    }

    @Override
    public void park(Object blocker, long nanos) {
        leave(Blocker.reasonOf(blocker));
        THREAD.park(blocker, nanos);
        comeBack();
    }

    @Override
    public void yield() {
        leave(Reason.YIELD);
        THREAD.yield();
        comeBack();
    }

    @Override
    public long nanoTime() {
        return THREAD.nanoTime();
    }
}
