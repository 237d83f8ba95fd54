package dev.heddle.bench;

import dev.heddle.bench.Row.Verdict;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of all processes, the table of their medians, and what came of the bars. */
final class Results {
    private static final DecimalFormatSymbols ENGLISH = DecimalFormatSymbols.getInstance(Locale.ROOT);

    private final Table table;
    private final Map<Competitor, Map<String, List<Double>>> values = new EnumMap<>(Competitor.class);
    private final Map<Competitor, String> absent = new EnumMap<>(Competitor.class);
    private final Map<Shape, Map<Competitor, String>> failures = new HashMap<>();

    Results(Table table) {
        this.table = table;
    }

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
        if (hasFailed(table.subject(), shape)) {
            return Verdict.NOT_MEASURED; // also where nothing is asked: a hang is no information
        }
        return row.verdict(table.subject(), competitor -> median(competitor, shape, row));
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
        lines.add(headers());
        for (Shape shape : shapes) {
            for (Row row : shape.rows()) {
                lines.add(line(shape, row));
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            append(text, lines, lines.get(i), ' ');
            if (i == 0) {
                append(text, lines, Collections.nCopies(lines.getFirst().size(), ""), '-');
            }
        }
        return text.toString();
    }

    private List<String> headers() {
        List<String> headers = new ArrayList<>(List.of("shape", "unit"));
        for (Competitor competitor : table.competitors()) {
            headers.add(competitor.toString());
            if (competitor == table.subject()) {
                headers.add("bar");
            } else if (table.comparedWith().contains(competitor)) {
                headers.addAll(List.of("ratio to " + competitor, "bar"));
            }
        }
        headers.add("verdict");
        return headers;
    }

    private List<String> line(Shape shape, Row row) {
        List<String> cells = new ArrayList<>(List.of(row.name(), row.unit()));
        for (Competitor competitor : table.competitors()) {
            cells.add(cell(competitor, shape, row));
            if (competitor == table.subject()) {
                cells.add(bar(">= ", row.least()) + bar("<= ", row.most()));
            } else if (table.comparedWith().contains(competitor)) {
                cells.add(ratio(median(table.subject(), shape, row) / median(competitor, shape, row)));
                cells.add(bar("<= ", row.mostOf().getOrDefault(competitor, Double.NaN)));
            }
        }
        cells.add(verdict(shape, row).toString());
        return cells;
    }

    /** Names and verdicts to the left, numbers to the right. */
    private static void append(StringBuilder text, List<List<String>> lines, List<String> cells, char fill) {
        for (int column = 0; column < cells.size(); column++) {
            int at = column;
            int width =
                    lines.stream().mapToInt(line -> line.get(at).length()).max().orElse(0);
            String padding = String.valueOf(fill).repeat(width - cells.get(at).length());
            boolean left = column < 2 || column == cells.size() - 1;
            text.append("| ")
                    .append(left ? cells.get(at) + padding : padding + cells.get(at))
                    .append(' ');
        }
        text.append("|\n");
    }

    private String cell(Competitor competitor, Shape shape, Row row) {
        if (shape.absent().contains(competitor)) {
            return "";
        }
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

    private static String bar(String sign, double bar) {
        return Double.isNaN(bar) ? "" : sign + new DecimalFormat("#,##0.###", ENGLISH).format(bar);
    }
}
