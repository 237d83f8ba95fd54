package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for permits: a thread, or a request of a worker. */
public abstract class PermitWaiter {
    final int wanted;
    final Object holder;

    /** Written once, under the queue's lock, by whoever ends the wait; read by the waiter without it. */
    private volatile @Nullable Acquired outcome;

    /**
     * @param wanted how many permits
     * @param holder who it is, for dumps: the number of a thread of this process, or words
     */
    protected PermitWaiter(int wanted, Object holder) {
        this.wanted = wanted;
        this.holder = holder;
    }

    /**
     * The permits have been given to it. Called once, without a lock, by whoever gave them; must be quick, must not wait and must
     * not throw.
     */
    protected abstract void wake();

    final void give(Acquired how) {
        outcome = how;
    }

    /** {@return how many permits it wants, or has got} */
    public final int wanted() {
        return wanted;
    }

    /** {@return how it got them; null if it has not} */
    public final @Nullable Acquired outcome() {
        return outcome;
    }
}
