package dev.heddle.lab.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The states of a task, or of a lane, one after the other without a gap: each lasts until the next begins. Kept in columns,
 * since a recording has a million of them. Filled by one thread, and not changed afterwards.
 */
public final class Spans {
    /** No other end: the task was on no lane, the lane had no task. */
    public static final int NOBODY = -1;

    private static final State[] STATES = State.values();

    /**
     * One of them.
     *
     * @param state what it was at
     * @param from since when, in nanoseconds of the recording
     * @param to until when
     * @param other of a task: the index of its lane; of a lane: the index of its task; or {@link #NOBODY}
     */
    public record Span(State state, long from, long to, int other) {
        /** {@return how long, in nanoseconds} */
        public long nanos() {
            return to - from;
        }
    }

    private long[] froms = new long[4];
    private byte[] states = new byte[4];
    private int[] others = new int[4];
    private int size;
    private long end;

    /** Begins another state. What would have lasted no time at all is forgotten. */
    void begin(long nanos, State state, int other) {
        if (size > 0 && states[size - 1] == state.number() && others[size - 1] == other) {
            return;
        }
        if (size > 0 && froms[size - 1] >= nanos) {
            size--;
            nanos = froms[size];
            if (size > 0 && states[size - 1] == state.number() && others[size - 1] == other) {
                return;
            }
        }
        if (size == froms.length) {
            int larger = size + (size >> 1) + 4;
            froms = Arrays.copyOf(froms, larger);
            states = Arrays.copyOf(states, larger);
            others = Arrays.copyOf(others, larger);
        }
        froms[size] = nanos;
        states[size] = (byte) state.number();
        others[size++] = other;
    }

    /** Nothing comes any more: the last state ends. */
    void finish(long nanos) {
        end = size == 0 ? nanos : Math.max(nanos, froms[size - 1]);
    }

    /** {@return how many there are} */
    public int size() {
        return size;
    }

    /** {@return when span i begins} */
    long from(int i) {
        return froms[i];
    }

    /** {@return when span i ends} */
    long to(int i) {
        return i + 1 < size ? froms[i + 1] : end;
    }

    /** {@return the state of span i} */
    State state(int i) {
        return STATES[states[i]];
    }

    /** {@return the other end of span i} */
    int other(int i) {
        return others[i];
    }

    /** {@return the state begun last} */
    State last() {
        return size == 0 ? State.NONE : state(size - 1);
    }

    /** {@return span i} */
    public Span get(int i) {
        return new Span(state(i), from(i), to(i), other(i));
    }

    /** {@return the span during which the time is, or the nearest} */
    public int at(long nanos) {
        int found = Arrays.binarySearch(froms, 0, size, nanos);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    /** {@return all of them, with those in which nothing was there} */
    public List<Span> list() {
        List<Span> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(get(i));
        }
        return list;
    }

    /** {@return for how many nanoseconds it was at each state; without those that it never was at} */
    public Map<State, Long> nanosByState() {
        long[] nanos = new long[STATES.length];
        for (int i = 0; i < size; i++) {
            nanos[states[i]] += to(i) - froms[i];
        }
        Map<State, Long> byState = new EnumMap<>(State.class);
        for (State state : STATES) {
            if (state != State.NONE && nanos[state.number()] > 0) {
                byState.put(state, nanos[state.number()]);
            }
        }
        return byState;
    }
}
