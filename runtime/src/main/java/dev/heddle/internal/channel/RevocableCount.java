package dev.heddle.internal.channel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A count in memory that two processes share. One of them may count on, one at a time, until the other revokes that; whatever
 * happens to either, both know how far it got.
 *
 * <p>Problem: a process is to use something of another's without asking, and the other must be able to have the rest back at
 * any moment, without waiting for a process that may be busy, stopped or dead. Rejected: a message that asks for it back; a lock
 * in shared memory. Approach: count and revocation are one word. To count on is a compare-and-set that fails once the revocation
 * is there, and the revocation returns the count for good.
 *
 * <p>The same word says whether the owner wants to be called when it is counted on, for the same reason: either the owner sees
 * the new count when it asks for the call, or who counts sees the wish afterwards.
 *
 * <p>A process that is not trusted can write what it likes there; so the owner bounds what it reads.
 */
public final class RevocableCount {
    /** How much memory it takes. */
    public static final long BYTES = Long.BYTES;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long REVOKED = 1L << 62;
    private static final long CALL = 1L << 61;
    private static final long FLAGS = REVOKED | CALL;

    private final MemorySegment word;

    /** @param word {@link #BYTES} of memory, aligned, zeroed before either process uses it */
    public RevocableCount(MemorySegment word) {
        this.word = word;
    }

    /** Begins anew at 0. Called by the owner, while the other process waits for its answer. */
    void renew() {
        WORD.setVolatile(word, 0L, 0L);
    }

    /**
     * Counts from {@code n} to {@code n + 1}, unless that has been done or was revoked before. Either process may do so.
     *
     * @param n from 0
     * @return whether it has been counted
     */
    public boolean count(int n) {
        while (true) {
            long now = (long) WORD.getVolatile(word, 0L);
            if ((int) now > n) {
                return true;
            }
            if ((now & REVOKED) != 0) {
                return false;
            }
            if (WORD.compareAndSet(word, 0L, now, (now & FLAGS) | (n + 1))) {
                return true;
            }
        }
    }

    /** {@return whether the owner wants to be called} Takes the wish back: whoever sees it calls. */
    public boolean takeCall() {
        return ((long) WORD.getVolatile(word, 0L) & CALL) != 0
                && ((long) WORD.getAndBitwiseAnd(word, 0L, ~CALL) & CALL) != 0;
    }

    /** {@return the count} The owner will be called when it grows. */
    int countAndCall() {
        return (int) (long) WORD.getAndBitwiseOr(word, 0L, CALL);
    }

    /** {@return the count} */
    int count() {
        return (int) (long) WORD.getVolatile(word, 0L);
    }

    /** {@return the count, which does not grow any more} */
    int revoke() {
        return (int) (long) WORD.getAndBitwiseOr(word, 0L, REVOKED);
    }
}
