package dev.heddle.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final long SEED = 42;

    @Test
    void theMedianIsTheMiddleBySize() {
        assertThat(Statistics.median(new double[] {9, 1, 5})).isEqualTo(5);
        assertThat(Statistics.median(new double[] {9, 1, 5, 7})).isEqualTo(6);
        assertThat(Statistics.median(new double[] {3})).isEqualTo(3);
    }

    @Test
    void noValuesHaveNoMedian() {
        assertThatThrownBy(() -> Statistics.median(new double[0])).hasMessageContaining("no median of no values");
    }

    @Test
    void theMedianDoesNotReorderItsInput() {
        double[] values = {3, 1, 2};
        Statistics.median(values);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] values = {10, 11, 12, 13, 14, 15, 16, 17, 18, 30};
        assertThat(Statistics.medianInterval(values, SEED)).isEqualTo(Statistics.medianInterval(values, SEED));
    }

    @Test
    void theIntervalHoldsTheMedianAndStaysWithinTheValues() {
        double[] values = {10, 11, 12, 13, 14, 15, 16, 17, 18, 30};
        Interval interval = Statistics.medianInterval(values, SEED);
        assertThat(interval.low()).isBetween(10.0, 14.5);
        assertThat(interval.high()).isBetween(14.5, 18.0);
    }

    @Test
    void equalValuesLeaveNoDoubt() {
        assertThat(Statistics.medianInterval(new double[] {7, 7, 7}, SEED)).isEqualTo(new Interval(7, 7));
    }

    @Test
    void aRatioOfSteadyTimesIsKnownExactly() {
        assertThat(Statistics.ratioInterval(new double[] {20, 20}, new double[] {10, 10, 10}, SEED))
                .isEqualTo(new Interval(2, 2));
    }

    /** The property that the interval is for: of many, about 95% hold the true median. */
    @Test
    void theIntervalCoversTheTrueMedianAboutAsOftenAsItSays() {
        Random random = new Random(SEED);
        int covered = 0;
        int trials = 400;
        for (int trial = 0; trial < trials; trial++) {
            double[] values = random.doubles(15).toArray();
            Interval interval = Statistics.medianInterval(values, trial);
            if (interval.low() <= 0.5 && 0.5 <= interval.high()) {
                covered++;
            }
        }
        assertThat((double) covered / trials).isCloseTo(0.95, within(0.04));
    }

    @Test
    void intervalsThatTouchOverlap() {
        assertThat(new Interval(1, 2).overlaps(new Interval(2, 3))).isTrue();
        assertThat(new Interval(1, 2).overlaps(new Interval(2.1, 3))).isFalse();
        assertThat(new Interval(1, 9).overlaps(new Interval(4, 5))).isTrue();
    }

    @Test
    void quantilesOfLatencies() {
        assertThat(new Latencies().count()).isZero();
        Latencies latencies =
                Latencies.merge(java.util.List.of(new Latencies(4, 2), new Latencies(), new Latencies(3, 1)));
        assertThat(latencies.count()).isEqualTo(4);
        assertThat(latencies.quantile(0.5)).isEqualTo(2);
        assertThat(latencies.quantile(0.99)).isEqualTo(4);
        assertThat(latencies.quantile(1)).isEqualTo(4);
    }
}
