package dev.heddle.internal.memory;

import dev.heddle.SharedDoubles;
import dev.heddle.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/** Doubles in shared memory. What crosses to a worker is the memory; the array is made anew around it. */
public final class DoubleArray implements SharedDoubles {
    private static final long serialVersionUID = 1L;
    private static final VarHandle ELEMENT = ValueLayout.JAVA_DOUBLE.varHandle();

    private final MemoryCore memory;
    private final transient MemorySegment segment;
    private final transient long length;

    /** @param memory whose size is a multiple of that of an element */
    public DoubleArray(MemoryCore memory) {
        this.memory = memory;
        this.segment = memory.segment();
        this.length = segment.byteSize() / Double.BYTES;
    }

    private Object readResolve() {
        return new DoubleArray(memory);
    }

    private long offset(long index) {
        return Objects.checkIndex(index, length) * Double.BYTES;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public double get(long index) {
        try {
            return segment.get(ValueLayout.JAVA_DOUBLE, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void set(long index, double value) {
        try {
            segment.set(ValueLayout.JAVA_DOUBLE, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public double getAcquire(long index) {
        try {
            return (double) ELEMENT.getAcquire(segment, offset(index));
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public void setRelease(long index, double value) {
        try {
            ELEMENT.setRelease(segment, offset(index), value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public boolean compareAndSet(long index, double expected, double value) {
        try {
            return ELEMENT.compareAndSet(segment, offset(index), expected, value);
        } catch (IllegalStateException e) {
            throw memory.closed(e);
        }
    }

    @Override
    public double getAndAdd(long index, double delta) {
        while (true) {
            double value = getAcquire(index);
            if (compareAndSet(index, value, value + delta)) {
                return value;
            }
        }
    }

    @Override
    public SharedMemory memory() {
        return memory;
    }
}
