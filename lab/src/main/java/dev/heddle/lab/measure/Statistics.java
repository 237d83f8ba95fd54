package dev.heddle.lab.measure;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Medians, and how sure they are. No means: one slow repetition, which is common, moves a mean and not a median.
 *
 * <p>Intervals are percentile bootstrap intervals: the values are drawn again, with replacement, {@value #RESAMPLES}
 * times, and the interval holds the middle 95% of what that yields. The same seed gives the same interval.
 */
public final class Statistics {
    private static final int RESAMPLES = 2_000;
    private static final double CONFIDENCE = 0.95;

    private Statistics() {}

    /**
     * @param values at least one
     * @return the middle one by size, or the mean of the two in the middle
     */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return medianOfSorted(sorted);
    }

    private static double medianOfSorted(double[] sorted) {
        int n = sorted.length;
        if (n == 0) {
            throw new IllegalArgumentException("there is no median of no values");
        }
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    /**
     * @param values at least one
     * @param seed of the resampling
     * @return the bootstrap interval of their median
     */
    public static Interval medianInterval(double[] values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return bootstrap(r -> resampledMedian(values, r), random);
    }

    /**
     * @param slower at least one value
     * @param faster at least one value, none of them 0
     * @param seed of the resampling
     * @return the bootstrap interval of the ratio of the two medians
     */
    public static Interval ratioInterval(double[] slower, double[] faster, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return bootstrap(r -> resampledMedian(slower, r) / resampledMedian(faster, r), random);
    }

    private static Interval bootstrap(ToDoubleFunction<SplittableRandom> resample, SplittableRandom random) {
        double[] results = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            results[i] = resample.applyAsDouble(random);
        }
        Arrays.sort(results);
        double tail = (1 - CONFIDENCE) / 2;
        return new Interval(
                results[(int) Math.floor(tail * (RESAMPLES - 1))],
                results[(int) Math.ceil((1 - tail) * (RESAMPLES - 1))]);
    }

    private static double resampledMedian(double[] values, SplittableRandom random) {
        double[] drawn = new double[values.length];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = values[random.nextInt(values.length)];
        }
        Arrays.sort(drawn);
        return medianOfSorted(drawn);
    }
}
