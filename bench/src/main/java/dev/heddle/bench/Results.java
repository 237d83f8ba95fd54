package dev.heddle.bench;

import dev.heddle.bench.Row.Verdict;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of all processes, the table of their medians, and what came of the bars. */
final class Results {
    private static final List<String> HEADERS = List.of(
            "shape", "unit", "heddle", "bar", "jdk", "ratio to jdk", "bar", "go", "ratio to go", "bar", "verdict");

    private static final DecimalFormatSymbols ENGLISH = DecimalFormatSymbols.getInstance(Locale.ROOT);

    private final Map<Competitor, Map<String, List<Double>>> values = new EnumMap<>(Competitor.class);
    private final Map<Competitor, String> absent = new EnumMap<>(Competitor.class);
    private final Map<Shape, Map<Competitor, String>> failures = new EnumMap<>(Shape.class);

    void add(Competitor competitor, Map<String, Double> numbers) {
        numbers.forEach((row, number) -> values.computeIfAbsent(competitor, c -> new HashMap<>())
                .computeIfAbsent(row, r -> new ArrayList<>())
                .add(number));
    }

    /** The competitor takes no part, for a reason that its column says. */
    void absent(Competitor competitor, String why) {
        absent.put(competitor, why);
    }

    boolean isAbsent(Competitor competitor) {
        return absent.containsKey(competitor);
    }

    /** A process did not end well: the shape has no numbers of this competitor, whatever other processes gave. */
    void failed(Competitor competitor, Shape shape) {
        failures.computeIfAbsent(shape, s -> new EnumMap<>(Competitor.class)).put(competitor, "failed");
    }

    boolean hasFailed(Competitor competitor, Shape shape) {
        return failures.getOrDefault(shape, Map.of()).containsKey(competitor);
    }

    /** {@return the median over the processes, or NaN} */
    private double median(Competitor competitor, Shape shape, Row row) {
        List<Double> all = values.getOrDefault(competitor, Map.of()).getOrDefault(row.name(), List.of());
        return all.isEmpty() || hasFailed(competitor, shape) ? Double.NaN : Measurement.median(all);
    }

    private Verdict verdict(Shape shape, Row row) {
        if (hasFailed(Competitor.HEDDLE, shape)) {
            return Verdict.NOT_MEASURED; // also where nothing is asked: a hang is no information
        }
        return row.verdict(
                median(Competitor.HEDDLE, shape, row),
                median(Competitor.JDK, shape, row),
                median(Competitor.GO, shape, row));
    }

    /** {@return the exit code: 0 all bars met, 1 some bar not met, 2 some could not be checked} */
    int exitCode(List<Shape> shapes) {
        List<Verdict> verdicts = shapes.stream()
                .flatMap(shape -> shape.rows().stream().map(row -> verdict(shape, row)))
                .toList();
        if (verdicts.contains(Verdict.NOT_MET)) {
            return 1;
        }
        return verdicts.contains(Verdict.NOT_MEASURED) ? 2 : 0;
    }

    /** {@return the table, as Markdown} */
    String table(List<Shape> shapes) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADERS);
        for (Shape shape : shapes) {
            for (Row row : shape.rows()) {
                double heddle = median(Competitor.HEDDLE, shape, row);
                lines.add(List.of(
                        row.name(),
                        row.unit(),
                        cell(Competitor.HEDDLE, shape, row),
                        bar(row.most()),
                        cell(Competitor.JDK, shape, row),
                        ratio(heddle / median(Competitor.JDK, shape, row)),
                        bar(row.mostOfJdk()),
                        cell(Competitor.GO, shape, row),
                        ratio(heddle / median(Competitor.GO, shape, row)),
                        bar(row.mostOfGo()),
                        verdict(shape, row).toString()));
            }
        }
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            line(table, lines, lines.get(i), ' ');
            if (i == 0) {
                line(table, lines, HEADERS.stream().map(h -> "").toList(), '-');
            }
        }
        return table.toString();
    }

    /** Names and verdicts to the left, numbers to the right. */
    private static void line(StringBuilder table, List<List<String>> lines, List<String> cells, char fill) {
        for (int column = 0; column < HEADERS.size(); column++) {
            int at = column;
            int width =
                    lines.stream().mapToInt(line -> line.get(at).length()).max().orElse(0);
            String padding = String.valueOf(fill).repeat(width - cells.get(at).length());
            boolean left = column < 2 || column == HEADERS.size() - 1;
            table.append("| ")
                    .append(left ? cells.get(at) + padding : padding + cells.get(at))
                    .append(' ');
        }
        table.append("|\n");
    }

    private String cell(Competitor competitor, Shape shape, Row row) {
        String why = absent.get(competitor);
        if (why != null) {
            return why;
        }
        double median = median(competitor, shape, row);
        if (Double.isNaN(median)) {
            return "failed";
        }
        if (median == Measurement.NEVER) {
            return "never";
        }
        return String.format(Locale.ROOT, Math.abs(median) >= 100 ? "%,.0f" : "%.2f", median);
    }

    private static String ratio(double ratio) {
        return Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.3f", ratio) : "";
    }

    private static String bar(double bar) {
        return bar == Row.NO_BAR ? "" : "<= " + new DecimalFormat("#,##0.##", ENGLISH).format(bar);
    }
}
