package dev.heddle.internal.memory;

import dev.heddle.SharedLongs;
import dev.heddle.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** Longs in shared memory. What crosses to a worker is the memory; the array is made anew around it. */
public final class LongArray implements SharedLongs {
    private static final long serialVersionUID = 1L;
    private static final VarHandle ELEMENT = ValueLayout.JAVA_LONG.varHandle();

    private final MemoryCore memory;
    private final transient MemorySegment segment;
    private final transient long length;

    /** @param memory whose size is a multiple of that of an element */
    public LongArray(MemoryCore memory) {
        this.memory = memory;
        this.segment = memory.segment();
        this.length = segment.byteSize() / Long.BYTES;
    }

    private Object readResolve() {
        return new LongArray(memory);
    }

    private long offset(long index) {
        return Objects.checkIndex(index, length) * Long.BYTES;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long get(long index) {
        try {
            return segment.get(ValueLayout.JAVA_LONG, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void set(long index, long value) {
        try {
            segment.set(ValueLayout.JAVA_LONG, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public long getAcquire(long index) {
        try {
            return (long) ELEMENT.getAcquire(segment, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void setRelease(long index, long value) {
        try {
            ELEMENT.setRelease(segment, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public boolean compareAndSet(long index, long expected, long value) {
        try {
            return ELEMENT.compareAndSet(segment, offset(index), expected, value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public long getAndAdd(long index, long delta) {
        try {
            return (long) ELEMENT.getAndAdd(segment, offset(index), delta);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public SharedMemory memory() {
        return memory;
    }
}
