package dev.heddle.bench;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A line of the table: one number of a shape, less being better unless there is a least, and what is asked of Heddle's.
 *
 * @param name of the shape, and where it has several numbers, which
 * @param unit of the number
 * @param least the number itself may be no less, NaN where nothing is asked
 * @param most the number itself may be no more, NaN where nothing is asked
 * @param mostOf its ratio to the number of each of these may be no more
 */
record Row(String name, String unit, double least, double most, Map<Competitor, Double> mostOf) {
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
        return new Row(name, unit, Double.NaN, Double.NaN, Map.of());
    }

    /** More of this row is better, and so much is asked. */
    Row atLeast(double bar) {
        return new Row(name, unit, bar, most, mostOf);
    }

    Row atMost(double bar) {
        return new Row(name, unit, least, bar, mostOf);
    }

    /** At most so much of what a peer takes. */
    Row atMost(double ratio, Competitor peer) {
        Map<Competitor, Double> more = new EnumMap<>(Competitor.class);
        more.putAll(mostOf);
        more.put(peer, ratio);
        return new Row(name, unit, least, most, more);
    }

    /** Whether so much is still within the bar; NaN stands for a number that is missing, or for no bar. */
    private static Verdict check(double value, double bar) {
        if (Double.isNaN(bar)) {
            return Verdict.INFORMATION;
        }
        if (Double.isNaN(value)) {
            return Verdict.NOT_MEASURED;
        }
        return value <= bar ? Verdict.MET : Verdict.NOT_MET;
    }

    /**
     * @param subject of whom something is asked
     * @param median of each competitor; NaN where there is none
     * @return what came of it
     */
    Verdict verdict(Competitor subject, ToDoubleFunction<Competitor> median) {
        double heddle = median.applyAsDouble(subject);
        Stream<Verdict> itself = Stream.of(check(-heddle, -least), check(heddle, most));
        Stream<Verdict> ratios = mostOf.entrySet().stream()
                .map(bar -> check(heddle / median.applyAsDouble(bar.getKey()), bar.getValue()));
        return Stream.concat(itself, ratios).max(Comparator.naturalOrder()).orElseThrow();
    }
}
