package dev.heddle.trace;

import dev.heddle.trace.TraceEvent.Kind;
import java.util.Arrays;

/** Events in columns, which grow. */
final class Events {
    private static final Kind[] KINDS = Kind.values();

    private long[] nanos;
    private byte[] kinds;
    private long[] tasks;
    private int[] lanes;
    private long[] details;
    private int size;

    /** @param capacity how many there will be, as far as that is known */
    Events(int capacity) {
        nanos = new long[capacity];
        kinds = new byte[capacity];
        tasks = new long[capacity];
        lanes = new int[capacity];
        details = new long[capacity];
    }

    @SuppressWarnings("EnumOrdinal") // of an enum of ours, and read again by the same
    void add(long at, Kind kind, long task, int lane, long detail) {
        if (size == nanos.length) {
            int more = Math.max(1024, size + (size >> 1));
            nanos = Arrays.copyOf(nanos, more);
            kinds = Arrays.copyOf(kinds, more);
            tasks = Arrays.copyOf(tasks, more);
            lanes = Arrays.copyOf(lanes, more);
            details = Arrays.copyOf(details, more);
        }
        nanos[size] = at;
        kinds[size] = (byte) kind.ordinal();
        tasks[size] = task;
        lanes[size] = lane;
        details[size] = detail;
        size++;
    }

    void add(TraceEvent event) {
        add(event.nanos(), event.kind(), event.task(), event.lane(), event.detail());
    }

    void setTask(int i, long task) {
        tasks[i] = task;
    }

    int size() {
        return size;
    }

    long nanos(int i) {
        return nanos[i];
    }

    Kind kind(int i) {
        return KINDS[kinds[i]];
    }

    long task(int i) {
        return tasks[i];
    }

    int lane(int i) {
        return lanes[i];
    }

    long detail(int i) {
        return details[i];
    }
}
