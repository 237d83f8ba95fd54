package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import dev.heddle.Semaphore;
import dev.heddle.internal.Parker;
import java.time.Duration;

/** A semaphore. */
public final class SemaphoreCore implements Semaphore {
    private static final long serialVersionUID = 1L;

    private final Permits permits;

    /** @param permits the permits */
    public SemaphoreCore(Permits permits) {
        this.permits = permits;
    }

    @Override
    public int permits() {
        return permits.total();
    }

    @Override
    public Acquired acquire(int n) throws InterruptedException {
        return permits.acquire(require(n), Parker.FOREVER);
    }

    @Override
    public Acquired acquire(int n, Duration timeout) throws InterruptedException {
        return permits.acquire(require(n), Parker.nanos(timeout));
    }

    @Override
    public Acquired tryAcquire(int n) {
        return permits.tryAcquire(require(n));
    }

    @Override
    public void release(int n) {
        permits.release(require(n));
    }

    private int require(int n) {
        if (n < 1 || n > permits.total()) {
            throw new IllegalArgumentException(n + " permits of " + permits + ", which has " + permits.total()
                    + ": ask for 1 at least, and no more than there are");
        }
        return n;
    }

    @Override
    public String toString() {
        return permits.toString();
    }
}
