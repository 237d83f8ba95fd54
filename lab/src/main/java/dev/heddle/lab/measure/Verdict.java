package dev.heddle.lab.measure;

import dev.heddle.lab.measure.Quality.Grade;
import dev.heddle.lab.measure.Summary.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a table shows, in one sentence, computed from its rows.
 *
 * @param kind what kind of sentence
 * @param sentence it
 * @param ratio how many times as long the next takes as the fastest; 0 unless there is a winner
 * @param ratioInterval of that ratio; both bounds 0 unless there is a winner
 * @param fastest labels of the rows that lead: one winner, or those that cannot be told apart; may be empty
 */
public record Verdict(Kind kind, String sentence, double ratio, Interval ratioInterval, List<String> fastest) {
    private static final Interval NONE = new Interval(0, 0);

    /** What kind of sentence. */
    public enum Kind {
        /** One row is faster than all others. */
        WINNER,
        /** Rows lead whose intervals overlap. */
        NO_DIFFERENCE,
        /** The workload is about what it finds. */
        FINDING,
        /** There is but one row. */
        NOTHING_TO_COMPARE,
        /** Too few rows can be believed for a comparison, but not none. */
        UNSURE,
        /** No row can be believed. */
        INVALID
    }

    /** {@return whether nothing valid can be said} */
    public boolean isInvalid() {
        return kind == Kind.INVALID;
    }

    /**
     * @param rows all rows of one table
     * @param seed of the bootstrap
     */
    static Verdict of(List<Row> rows, long seed) {
        List<Row> measured =
                rows.stream().filter(row -> row.summary().isPresent()).toList();
        if (measured.isEmpty()) {
            return simple(Kind.INVALID, "Nothing was measured.");
        }
        if (measured.stream().flatMap(row -> summary(row).facts().stream()).anyMatch(Found::finding)) {
            return finding(measured);
        }
        List<Row> good =
                measured.stream().filter(row -> grade(row) == Grade.GOOD).toList();
        List<Row> leftOut =
                measured.stream().filter(row -> grade(row) != Grade.GOOD).toList();
        if (measured.stream().allMatch(row -> grade(row) == Grade.INVALID)) {
            return simple(Kind.INVALID, "No winner is named, since no row is valid: " + reasons(leftOut, rows) + ".");
        }
        if (measured.size() == 1) {
            return simple(
                    Kind.NOTHING_TO_COMPARE,
                    "Only " + label(measured.getFirst(), rows) + " was measured, so there is nothing to compare"
                            + (leftOut.isEmpty() ? "" : "; " + reasons(leftOut, rows)) + ".");
        }
        if (good.size() < 2) {
            return simple(Kind.UNSURE, "No winner is named: " + reasons(leftOut, rows) + ".");
        }
        return ranking(good, leftOut, rows, seed);
    }

    private static Verdict ranking(List<Row> good, List<Row> leftOut, List<Row> rows, long seed) {
        List<Row> ranked = good.stream()
                .sorted(Comparator.comparingDouble(row -> summary(row).median()))
                .toList();
        Row first = ranked.getFirst();
        Interval best = summary(first).interval();
        List<Row> leaders = ranked.stream()
                .filter(row -> summary(row).interval().overlaps(best))
                .toList();
        List<Row> others = ranked.stream().filter(row -> !leaders.contains(row)).toList();
        List<String> labels = leaders.stream().map(row -> label(row, rows)).toList();
        String tail = leftOut.isEmpty() ? "." : "; left out: " + reasons(leftOut, rows) + ".";
        if (others.isEmpty()) {
            return new Verdict(
                    Kind.NO_DIFFERENCE, "No difference shown between " + list(labels) + tail, 0, NONE, labels);
        }
        Row next = others.getFirst();
        double ratio = summary(next).median() / summary(first).median();
        Interval interval =
                Statistics.ratioInterval(Summary.times(next.samples()), Summary.times(first.samples()), seed);
        String times = String.format(
                Locale.ROOT,
                "%.2f times as fast as %s (95%% interval %.2f to %.2f)",
                ratio,
                label(next, rows),
                interval.low(),
                interval.high());
        if (leaders.size() == 1) {
            return new Verdict(
                    Kind.WINNER,
                    labels.getFirst() + " is fastest: " + times + (others.size() > 1 ? ", the next" : "") + tail,
                    ratio,
                    interval,
                    labels);
        }
        return new Verdict(
                Kind.NO_DIFFERENCE,
                "No difference shown between " + list(labels) + ", which lead; " + labels.getFirst() + " is " + times
                        + tail,
                0,
                NONE,
                labels);
    }

    /** What was found in each row; chance may decide it, so nothing is said beyond what was seen. */
    private static Verdict finding(List<Row> rows) {
        List<String> parts = new ArrayList<>();
        String name = "";
        for (Row row : rows) {
            for (Found found : summary(row).facts()) {
                if (found.finding() && found.isNumber()) {
                    name = found.name();
                    parts.add(
                            label(row, rows) + " " + range(found, row.samples().size()));
                }
            }
        }
        return simple(Kind.FINDING, capital(name) + ": " + String.join("; ", parts) + ".");
    }

    private static String range(Found found, int repetitions) {
        if (found.min() == found.max()) {
            return found.min() + " always";
        }
        return "from " + number(found.min()) + " to " + number(found.max()) + " (not 0 in " + found.seen() + " of "
                + repetitions + " runs)";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** What is wrong with these rows, cause by cause; the notes below a table have the details. */
    private static String reasons(List<Row> rows, List<Row> all) {
        Map<String, List<String>> byCause = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.quality().orElseThrow().cause(),
                        LinkedHashMap::new,
                        Collectors.mapping(row -> label(row, all), Collectors.toList())));
        return byCause.entrySet().stream()
                .map(entry -> (entry.getValue().size() == all.size() ? "every row" : list(entry.getValue())) + " ("
                        + entry.getKey() + ")")
                .collect(Collectors.joining(", "));
    }

    /** The model, and the number of processors where that tells rows apart. */
    static String label(Row row, List<Row> all) {
        boolean ambiguous =
                all.stream().filter(other -> other.model() == row.model()).count() > 1;
        return ambiguous
                ? row.model() + " with " + row.processors()
                : row.model().toString();
    }

    private static String list(List<String> items) {
        return items.size() == 1
                ? items.getFirst()
                : String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static Verdict simple(Kind kind, String sentence) {
        return new Verdict(kind, sentence, 0, NONE, List.of());
    }

    private static Summary summary(Row row) {
        return row.summary().orElseThrow();
    }

    private static Grade grade(Row row) {
        return row.quality().orElseThrow().grade();
    }
}
