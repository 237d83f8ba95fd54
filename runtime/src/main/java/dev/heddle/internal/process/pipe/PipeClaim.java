package dev.heddle.internal.process.pipe;

import dev.heddle.internal.channel.PipeEnd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Who uses an end of a {@link RingPipe}: one thread of one process at a time, and whose death is the end of the pipe.
 *
 * <p>Problem: two writers would tear each other's elements, and the other side must be told when the process dies that has the
 * end, also while it is busy with something else. But an end is handed on, from a task to the next in another worker. Rejected:
 * to bind an end to the process that uses it first, which then could not be recycled; a lock that is only held during an
 * operation, which does not tell who dies between two. Approach: a word of shared memory with the process that has used the end
 * last, and whether it still does. Who comes takes it over, if it does not; a worker clears it when its task has ended.
 *
 * <pre>{@code
 * 0                free
 * 2 * pid + 1      in use: an operation is going on, or an element has been received in part
 * 2 * pid          idle: the process has used it last, and its death will close the pipe
 * }</pre>
 *
 * <p>The race that matters is a close against a send that has seen the pipe open: the sender marks the end as in use, then looks
 * whether the pipe is closed; the receiver sees that it is closed, then looks whether the end is in use, and waits as long as it
 * is. So what was sent is received.
 *
 * <p>Invariant: between {@link #enter} and {@link #leave} no other thread of any process has the end. The word is not trusted:
 * whoever overwrites it spoils this pipe only.
 */
final class PipeClaim {
    private static final long FREE = 0;
    private static final long IN_USE = 1;
    private static final long MINE = ProcessHandle.current().pid() << 1;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment word;
    private final PipeEnd here;

    /**
     * @param word 8 zeroed bytes of shared memory, aligned
     * @param use what is done there, for messages
     */
    PipeClaim(MemorySegment word, String use) {
        this.word = word;
        this.here = new PipeEnd(use);
    }

    /**
     * The calling thread begins an operation; {@link #leave} must follow.
     *
     * @return whether another process may have used the end since this one did
     * @throws IllegalStateException if another thread has not ended its own yet, here or in another process
     */
    boolean enter() {
        here.enter();
        try {
            while (true) {
                long now = get();
                if ((now & IN_USE) != 0 && now != (MINE | IN_USE)) {
                    throw here.inUse("process " + (now >>> 1));
                }
                if (WORD.compareAndSet(word, 0L, now, MINE | IN_USE)) {
                    return now >>> 1 != MINE >>> 1;
                }
            }
        } catch (Throwable t) {
            here.leave();
            throw t;
        }
    }

    /**
     * The operation has ended.
     *
     * @param inPart whether this process must go on before another can
     */
    void leave(boolean inPart) {
        if (!inPart) {
            WORD.setVolatile(word, 0L, MINE); // passes on what the operation did to the next process, see Ring.resume
        }
        here.leave();
    }

    /** {@return whether an operation is going on, in whichever process} */
    boolean isInUse() {
        return (get() & IN_USE) != 0;
    }

    /** The task has ended that may have used the end: the death of this process does not matter any more. */
    void letGo() {
        WORD.compareAndSet(word, 0L, MINE, FREE);
    }

    /**
     * Frees the end if a process had it.
     *
     * @param pid of a process that is dead
     * @return whether it had it
     */
    boolean takeFrom(long pid) {
        long now = get();
        return now >>> 1 == pid && WORD.compareAndSet(word, 0L, now, FREE);
    }

    private long get() {
        return (long) WORD.getVolatile(word, 0L);
    }
}
