package dev.heddle.internal.lock;

/**
 * The global lock of a scheduler of virtual threads, which each of them has while it is mounted: it is asked for the lock of the
 * calling thread, which is one of its virtual threads.
 */
public interface CarriedLock extends Left {
    /**
     * Leaves the lock.
     *
     * @param handOver whether another shall have it first if one waits
     * @return whether the caller had it, and must {@linkplain #comeBack come back}
     */
    boolean leave(boolean handOver);

    /** Lets another have the lock, if that is requested. */
    void checkpoint();
}
