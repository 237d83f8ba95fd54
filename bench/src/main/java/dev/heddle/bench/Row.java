package dev.heddle.bench;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A line of the table: one number of a shape, less being better, and what is asked of Heddle's.
 *
 * @param name of the shape, and where it has several numbers, which
 * @param unit of the number
 * @param most the number itself may be at most this
 * @param mostOfJdk its ratio to the JDK's may be at most this
 * @param mostOfGo its ratio to Go's may be at most this; where nothing is asked each of the three is {@link #NO_BAR}
 */
record Row(String name, String unit, double most, double mostOfJdk, double mostOfGo) {
    static final double NO_BAR = Double.POSITIVE_INFINITY;

    /** What came of a row; the later, the more it weighs. */
    enum Verdict {
        /** Nothing is asked. */
        INFORMATION(""),
        /** All bars are met. */
        MET("met"),
        /** A bar could not be checked. */
        NOT_MEASURED("not measured"),
        /** A bar is not met, whatever the others are. */
        NOT_MET("NOT MET");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A row for information, to which bars may be added. */
    static Row of(String name, String unit) {
        return new Row(name, unit, NO_BAR, NO_BAR, NO_BAR);
    }

    Row atMost(double bar) {
        return new Row(name, unit, bar, mostOfJdk, mostOfGo);
    }

    Row ofJdk(double bar) {
        return new Row(name, unit, most, bar, mostOfGo);
    }

    Row ofGo(double bar) {
        return new Row(name, unit, most, mostOfJdk, bar);
    }

    /** Whether so much is still within the bar; NaN, which stands for a number that is missing, is not. */
    private static Verdict check(double value, double bar) {
        if (bar == NO_BAR) {
            return Verdict.INFORMATION;
        }
        if (Double.isNaN(value)) {
            return Verdict.NOT_MEASURED;
        }
        return value <= bar ? Verdict.MET : Verdict.NOT_MET;
    }

    /**
     * @param heddle the medians; NaN where there is none
     * @return what came of it
     */
    Verdict verdict(double heddle, double jdk, double go) {
        return Stream.of(check(heddle, most), check(heddle / jdk, mostOfJdk), check(heddle / go, mostOfGo))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
