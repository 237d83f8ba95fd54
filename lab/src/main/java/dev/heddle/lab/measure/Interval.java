package dev.heddle.lab.measure;

/**
 * Between which bounds a quantity lies, with 95% confidence.
 *
 * @param low the lower bound
 * @param high the upper bound
 */
public record Interval(double low, double high) {
    /** {@return whether a value may lie in both} */
    public boolean overlaps(Interval other) {
        return low <= other.high && other.low <= high;
    }

    /** {@return the distance of the bounds} */
    public double width() {
        return high - low;
    }
}
