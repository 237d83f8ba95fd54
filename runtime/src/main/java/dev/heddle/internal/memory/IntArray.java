package dev.heddle.internal.memory;

import dev.heddle.SharedInts;
import dev.heddle.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** Ints in shared memory. What crosses to a worker is the memory; the array is made anew around it. */
public final class IntArray implements SharedInts {
    private static final long serialVersionUID = 1L;
    private static final VarHandle ELEMENT = ValueLayout.JAVA_INT.varHandle();

    private final MemoryCore memory;
    private final transient MemorySegment segment;
    private final transient long length;

    /** @param memory whose size is a multiple of that of an element */
    public IntArray(MemoryCore memory) {
        this.memory = memory;
        this.segment = memory.segment();
        this.length = segment.byteSize() / Integer.BYTES;
    }

    private Object readResolve() {
        return new IntArray(memory);
    }

    private long offset(long index) {
        return Objects.checkIndex(index, length) * Integer.BYTES;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int get(long index) {
        try {
            return segment.get(ValueLayout.JAVA_INT, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void set(long index, int value) {
        try {
            segment.set(ValueLayout.JAVA_INT, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public int getAcquire(long index) {
        try {
            return (int) ELEMENT.getAcquire(segment, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void setRelease(long index, int value) {
        try {
            ELEMENT.setRelease(segment, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public boolean compareAndSet(long index, int expected, int value) {
        try {
            return ELEMENT.compareAndSet(segment, offset(index), expected, value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public int getAndAdd(long index, int delta) {
        try {
            return (int) ELEMENT.getAndAdd(segment, offset(index), delta);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public SharedMemory memory() {
        return memory;
    }
}
