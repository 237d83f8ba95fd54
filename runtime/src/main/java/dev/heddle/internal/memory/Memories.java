package dev.heddle.internal.memory;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * The shared memory of one heddle, which it frees when it closes.
 *
 * <p>The race that matters is new memory against the close: whoever makes it adds it and then reads {@link #closed}; the close
 * sets that and then takes out what is there. Whoever takes it out frees it.
 */
public final class Memories {
    private final String heddle;
    private final Queue<MemoryCore> all = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** @param heddle the name of the heddle */
    public Memories(String heddle) {
        this.heddle = heddle;
    }

    /** Makes memory. */
    @FunctionalInterface
    public interface Maker {
        /**
         * {@return new memory}
         *
         * @param bytes how much
         */
        MemoryCore make(long bytes);
    }

    /**
     * Makes memory, to be freed by {@link #free}.
     *
     * @param what the call, for messages
     * @param count how many elements
     * @param each the bytes of one
     * @param maker makes it
     * @return the memory
     * @throws IllegalArgumentException if there are less than 1 elements, or too many
     * @throws RejectedExecutionException if the heddle has been closed
     */
    public MemoryCore make(String what, long count, long each, Maker maker) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    what + "(" + count + "): shared memory cannot grow, so it needs 1 element or more");
        }
        if (count > Long.MAX_VALUE / each) {
            throw new IllegalArgumentException(what + "(" + count + "): no machine has so much memory");
        }
        refuseIfClosed();
        MemoryCore memory = maker.make(count * each);
        all.add(memory);
        if (closed && all.remove(memory)) {
            memory.free();
            refuseIfClosed();
        }
        return memory;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new RejectedExecutionException("heddle " + heddle + " is closed and makes no more shared memory: make"
                    + " it before close(), or open another heddle");
        }
    }

    /**
     * Frees all; none can be made from now on.
     *
     * @throws IllegalStateException if a native call has some in use; all else has been freed
     */
    public void free() {
        closed = true;
        IllegalStateException inUse = null;
        for (MemoryCore memory = all.poll(); memory != null; memory = all.poll()) {
            try {
                memory.free();
            } catch (IllegalStateException e) {
                inUse = new IllegalStateException(
                        memory + " cannot be freed, since a native call or a read or write of a file is using it: let"
                                + " that end before close()",
                        e);
            }
        }
        if (inUse != null) {
            throw inUse;
        }
    }
}
