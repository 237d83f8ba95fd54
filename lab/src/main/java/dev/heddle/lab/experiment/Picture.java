package dev.heddle.lab.experiment;

import dev.heddle.lab.experiment.Cell.Family;
import java.util.Arrays;
import java.util.List;

/** What is drawn of an experiment. */
public sealed interface Picture {
    /** {@return in words what is drawn, for those who do not see it} */
    String alternative();

    /**
     * A column for each row: its values as points, their median as a bar, the interval of that as a box.
     *
     * @param alternative in words what is drawn
     * @param unit of the values
     * @param columns from left to right
     */
    record Strip(String alternative, Unit unit, List<Column> columns) implements Picture {}

    /**
     * A column of a strip.
     *
     * @param label below it
     * @param family decides the colour
     * @param values in the order of measurement
     * @param median of the values
     * @param low of its interval
     * @param high of its interval
     */
    record Column(String label, Family family, List<Double> values, double median, double low, double high) {}

    /**
     * Lines over a number.
     *
     * @param alternative in words what is drawn
     * @param across what the horizontal axis is
     * @param unit of the vertical axis
     * @param lines the lines
     */
    record Curves(String alternative, String across, Unit unit, List<Curve> lines) implements Picture {}

    /**
     * A line.
     *
     * @param label its name
     * @param family decides the colour
     * @param points from left to right
     */
    record Curve(String label, Family family, List<Point> points) {}

    /**
     * A point of a line.
     *
     * @param x across
     * @param value up
     * @param low of the value's interval
     * @param high of the value's interval
     */
    record Point(double x, double value, double low, double high) {}

    /**
     * Draws a quantity of all rows that have it.
     *
     * @param findings what was measured
     * @param quantity what to draw
     * @param alternative in words what is drawn
     * @return the picture
     */
    static Strip strip(Findings findings, Quantity quantity, String alternative) {
        List<Column> columns = findings.present().stream()
                .flatMap(row -> findings.median(row, quantity).stream()
                        .map(median -> new Column(
                                row.label(),
                                row.cell().family(),
                                Arrays.stream(row.values(quantity)).boxed().toList(),
                                median.value(),
                                median.interval().low(),
                                median.interval().high())))
                .toList();
        return new Strip(alternative, quantity.unit(), columns);
    }
}
