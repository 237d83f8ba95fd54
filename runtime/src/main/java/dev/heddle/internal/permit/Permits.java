package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import dev.heddle.internal.Parker;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.Serializable;

/**
 * A number of permits, as the calling thread sees them: those of this process, or of another. In one process there is just one
 * object for the same permits.
 */
public abstract class Permits implements Serializable {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected Permits() {}

    /** {@return how many permits there are, those that are held included} */
    protected abstract int total();

    /**
     * Gets permits, all at once, waiting for them.
     *
     * @param n how many, no more than there are
     * @param nanos the longest time to wait, more than 0, or {@link Parker#FOREVER}
     * @return how
     * @throws InterruptedException if interrupted before it got them; it has none
     */
    protected abstract Acquired take(int n, long nanos) throws InterruptedException;

    /**
     * Gets permits, if they are to be had without waiting.
     *
     * @param n how many, no more than there are
     * @return how
     */
    protected abstract Acquired tryTake(int n);

    /**
     * Gives permits back, which the calling thread holds.
     *
     * @param n how many
     */
    protected abstract void giveBack(int n);

    /**
     * The same at the death of the task that held them.
     *
     * @param n how many
     */
    protected abstract void abandon(int n);

    final Acquired acquire(int n, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanos <= 0) {
            return tryAcquire(n);
        }
        if (Holdings.of(this) > total() - n) {
            throw new IllegalStateException("the calling thread holds " + this + " already and would wait for itself:"
                    + " let it go first, or do the rest in the same hold");
        }
        return noted(n, take(n, nanos));
    }

    final Acquired tryAcquire(int n) {
        return noted(n, tryTake(n));
    }

    private Acquired noted(int n, Acquired how) {
        if (how.isHeld()) {
            Holdings.add(this, n);
        }
        return how;
    }

    final void release(int n) {
        int held = Holdings.of(this);
        if (held < n) {
            throw new IllegalStateException((held == 0
                            ? this + " is not held by the calling thread"
                            : "the calling thread holds only " + held + " permits of " + this)
                    + ": let the thread that has acquired let go, once");
        }
        Holdings.remove(this, n);
        giveBack(n);
    }

    /** {@return which permits, to the user} */
    @Override
    public abstract String toString();

    /**
     * What stands for the permits in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if they cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a mutex or semaphore that was not made by the PROCESS heddle it is used in: make"
                        + " it with mutex() or semaphore(permits) of that heddle");
    }
}
