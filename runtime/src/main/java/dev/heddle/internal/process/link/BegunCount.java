package dev.heddle.internal.process.link;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The number of the next task that a worker begins, in memory that it shares with the parent. The worker begins task n by changing the
 * word from n to n + 1, the parent takes back all that were not begun by changing it to the number of the task that it will give
 * next; each in one instruction. So every task has been begun or taken back, and both know which, whatever becomes of
 * either at which instruction.
 */
public final class BegunCount {
    /** How much memory it takes. */
    static final long BYTES = Long.BYTES;

    // Of buffers and not of segments, as in Ring.
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer word;

    /** @param word {@link #BYTES} of memory, aligned and zeroed */
    BegunCount(MemorySegment word) {
        this.word = word.asByteBuffer();
    }

    /** {@return whether the task is to be executed; if not, it has been taken back} Called by the worker, for each in turn. */
    public boolean begin(long number) {
        return WORD.compareAndSet(word, 0, number, number + 1);
    }

    /**
     * Sees to it that no task below {@code next} begins any more. Called by the parent.
     *
     * @return the number of the first that was not begun; a worker can make it any number
     */
    public long takeBack(long next) {
        return (long) WORD.getAndSet(word, 0, next);
    }
}
