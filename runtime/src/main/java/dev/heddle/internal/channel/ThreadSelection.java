package dev.heddle.internal.channel;

import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.trace.TraceEvent.Reason;
import org.jspecify.annotations.Nullable;

/** A select of a thread, of any kind. */
abstract class ThreadSelection extends Selection implements Blocker {
    private final Thread thread = Thread.currentThread();

    /** @param size how many operations there are */
    ThreadSelection(int size) {
        super(size);
    }

    /**
     * Waits until one of the operations has been done, where {@link #atOneMoment} has found none to do.
     *
     * @param nanos the longest time to wait, or {@link Parker#FOREVER}
     * @return the operation, or null if the time is over; then none will be done
     * @throws InterruptedException if interrupted before one was done; none will be
     */
    final @Nullable Branch await(long nanos) throws InterruptedException {
        Parker.awaitOrGiveUp(this, this::isDecided, nanos, () -> withdraw() == null);
        return withdraw();
    }

    @Override
    public Reason reason() {
        return Reason.CHANNEL;
    }

    @Override
    public String purpose() {
        return toString();
    }

    @Override
    protected void wake() {
        Parker.wake(thread);
    }
}
