package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Interval;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Statistics;
import java.util.List;
import java.util.Optional;

/**
 * All that an experiment has measured.
 *
 * @param rows one for each cell, in their order
 * @param scale how much was to be done
 * @param seed of the bootstrap
 */
public record Findings(List<Measured> rows, Scale scale, long seed) {
    /** {@return the rows with something to judge} */
    List<Measured> present() {
        return rows.stream().filter(Measured::isThere).toList();
    }

    /** {@return the row of this label, if there is something to judge} */
    Optional<Measured> row(String label) {
        return present().stream().filter(row -> row.label().equals(label)).findFirst();
    }

    /** {@return the median of a quantity of a row, if the row and the quantity are there} */
    Optional<Estimate> median(String label, Quantity quantity) {
        return row(label).flatMap(row -> median(row, quantity));
    }

    /** {@return the median of a quantity of a row, if the quantity is there} */
    Optional<Estimate> median(Measured row, Quantity quantity) {
        double[] values = row.values(quantity);
        return values.length == 0
                ? Optional.empty()
                : Optional.of(new Estimate(
                        Statistics.median(values), Statistics.medianInterval(values, seed), quantity.unit()));
    }

    /** {@return how many times as large the quantity is in one row as in another, if both have it} */
    Optional<Estimate> ratio(String above, String below, Quantity quantity) {
        double[] over = row(above).map(row -> row.values(quantity)).orElse(new double[0]);
        double[] under = row(below).map(row -> row.values(quantity)).orElse(new double[0]);
        if (over.length == 0 || under.length == 0) {
            return Optional.empty();
        }
        Interval interval = Statistics.ratioInterval(over, under, seed);
        return Optional.of(new Estimate(Statistics.median(over) / Statistics.median(under), interval, Unit.TIMES));
    }

    /** {@return which share of the machine other programs had while it was measured, 0 to 1} */
    public double foreignShare() {
        long foreign = 0;
        long capacity = 0;
        for (Measured row : rows) {
            for (Sample sample : row.samples()) {
                foreign += sample.foreignNanos();
                capacity += sample.capacityNanos();
            }
        }
        return capacity == 0 ? 0 : (double) foreign / capacity;
    }
}
