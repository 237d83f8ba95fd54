package dev.heddle.lab.timeline;

import java.util.ArrayList;
import java.util.List;

/**
 * How long some tasks, or a lane, were at each state in each bin of time, at several levels: a bin of one level is two of the level
 * below, so that a picture of any width is drawn from about as many bins as it has pixels. Bins are powers of two of nanoseconds
 * wide and begin at 0. Sums are exact.
 */
final class Levels {
    static final int STATES = State.values().length;

    /** Levels end where a row has no more than this many bins. */
    private static final int COARSEST = 64;

    private final int finest;
    private final List<long[]> nanos = new ArrayList<>();

    private Levels(int finest) {
        this.finest = finest;
    }

    /**
     * {@return the levels of what is shown in one row}
     *
     * @param rows the states of its tasks
     * @param end when the recording ends
     * @param bins how many bins the finest level may have at most
     */
    static Levels of(Iterable<Spans> rows, long end, int bins) {
        int shift = 0;
        while ((end >> shift) + 1 > bins) {
            shift++;
        }
        Levels levels = new Levels(shift);
        long[] sums = new long[(int) ((end >> shift) + 1) * STATES];
        for (Spans spans : rows) {
            for (int i = 0; i < spans.size(); i++) {
                if (spans.state(i) != State.NONE) {
                    add(sums, shift, spans.from(i), spans.to(i), spans.state(i).number());
                }
            }
        }
        levels.nanos.add(sums);
        while (sums.length / STATES > COARSEST) {
            sums = pairs(sums);
            levels.nanos.add(sums);
        }
        return levels;
    }

    private static void add(long[] sums, int shift, long from, long to, int state) {
        for (long bin = from >> shift; from < to; bin++) {
            long until = Math.min(to, (bin + 1) << shift);
            sums[(int) bin * STATES + state] += until - from;
            from = until;
        }
    }

    private static long[] pairs(long[] sums) {
        int bins = (sums.length / STATES + 1) / 2;
        long[] pairs = new long[bins * STATES];
        for (int i = 0; i < sums.length; i++) {
            pairs[i / STATES / 2 * STATES + i % STATES] += sums[i];
        }
        return pairs;
    }

    /** {@return how many levels there are; 0 is the finest} */
    int count() {
        return nanos.size();
    }

    /** {@return the power of two that a bin's width is, in nanoseconds} */
    int shift(int level) {
        return finest + level;
    }

    /** {@return how many bins a level has} */
    int bins(int level) {
        return nanos.get(level).length / STATES;
    }

    /** {@return for how many nanoseconds something was at the state in the bin} */
    long nanos(int level, int bin, State state) {
        return nanos.get(level)[bin * STATES + state.number()];
    }

    /** {@return the state that took most of the bin; NONE if there was nothing in it} */
    State dominant(int level, int bin) {
        State most = State.NONE;
        long largest = 0;
        for (State state : State.values()) {
            long here = nanos(level, bin, state);
            if (here > largest) {
                largest = here;
                most = state;
            }
        }
        return most;
    }

    /** {@return how many tasks there were at once in the fullest bin of the finest level, at least 1} */
    double most() {
        double most = 1;
        long[] sums = nanos.getFirst();
        for (int bin = 0; bin * STATES < sums.length; bin++) {
            long sum = 0;
            for (int state = 0; state < STATES; state++) {
                sum += sums[bin * STATES + state];
            }
            most = Math.max(most, (double) sum / (1L << finest));
        }
        return most;
    }
}
