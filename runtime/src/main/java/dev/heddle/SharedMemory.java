package dev.heddle;

import dev.heddle.internal.memory.MemoryCore;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;

/**
 * Memory outside of the heap that all tasks of a heddle see, in every model, those in workers too. Made by
 * {@link Heddle#sharedMemory}; a job that captures it gets the same bytes, and no copy of them. For arrays of numbers see
 * {@link SharedInts}, {@link SharedLongs} and {@link SharedDoubles}.
 *
 * <p>It begins zeroed, and is there until its heddle closes; then it is freed, also if the process of the heddle dies, in
 * whichever way. A task that dies while it writes leaves what it has written.
 *
 * <p>Nothing orders the accesses of different tasks, be they threads or processes: a {@link Mutex}, a channel, or the ordered
 * accesses of the arrays do.
 */
public sealed interface SharedMemory extends Serializable permits MemoryCore {
    /** {@return how many bytes it has} */
    long byteSize();

    /**
     * {@return the memory, to be accessed by any thread of the process that asks} Its address differs between processes, so
     * store no addresses in it. A segment kept beyond the close of the heddle throws an IllegalStateException when it is
     * accessed.
     *
     * @throws IllegalStateException if the heddle has been closed
     */
    MemorySegment segment();
}
