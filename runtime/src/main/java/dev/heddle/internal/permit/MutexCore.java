package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import dev.heddle.Mutex;
import dev.heddle.internal.Parker;
import java.time.Duration;

/** A mutex: one permit. */
public final class MutexCore implements Mutex {
    private static final long serialVersionUID = 1L;

    private final Permits permit;

    /** @param permit of which there is one */
    public MutexCore(Permits permit) {
        this.permit = permit;
    }

    @Override
    public Acquired lock() throws InterruptedException {
        return permit.acquire(1, Parker.FOREVER);
    }

    @Override
    public Acquired lock(Duration timeout) throws InterruptedException {
        return permit.acquire(1, Parker.nanos(timeout));
    }

    @Override
    public Acquired tryLock() {
        return permit.tryAcquire(1);
    }

    @Override
    public void unlock() {
        permit.release(1);
    }

    @Override
    public String toString() {
        return permit.toString();
    }
}
