package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Interval;

/**
 * What a quantity is, and how sure that is.
 *
 * @param value the median, or a ratio of medians
 * @param interval its 95% bootstrap interval
 * @param unit in what it is measured
 */
public record Estimate(double value, Interval interval, Unit unit) {
    /**
     * A speed-up that is surely above this is one; two tasks on two CPUs should come to 2. More than 1, since intervals of few
     * repetitions are somewhat too narrow; not much more, since two CPUs may be one core, where 1.3 is all there is to gain.
     */
    static final double GAIN = 1.1;

    /** {@return whether it is surely above} */
    boolean isAbove(double bound) {
        return interval.low() > bound;
    }

    /** {@return whether it is surely below} */
    boolean isBelow(double bound) {
        return interval.high() < bound;
    }

    /** {@return the value as people read it} */
    String text() {
        return unit.text(value);
    }

    /** {@return the interval, as a column of a table has it} */
    String range() {
        return unit.text(interval.low()) + " - " + unit.text(interval.high());
    }

    /** {@return the value and its interval} */
    String withInterval() {
        return text() + " (" + unit.text(interval.low()) + " to " + unit.text(interval.high()) + ")";
    }
}
