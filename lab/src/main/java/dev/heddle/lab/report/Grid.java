package dev.heddle.lab.report;

import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Lint;
import dev.heddle.lab.measure.Quality.Grade;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.measure.Summary;
import dev.heddle.lab.measure.Summary.Found;
import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A table as texts: what the terminal and the page show alike.
 *
 * @param headers of the columns; the first column is the model
 * @param rows as many cells each
 * @param notes what is the same in all rows, and what has to be said about single rows
 */
record Grid(List<String> headers, List<List<String>> rows, List<String> notes) {
    private static final List<String> HEADERS = List.of(
            "model", "procs", "median", "95% interval", "max", "CPU time", "switches", "peak RSS", "OS threads");

    static Grid of(Table table) {
        boolean latencies = table.rows().stream()
                .anyMatch(row -> row.summary().flatMap(Summary::latencies).isPresent());
        List<String> headers = new ArrayList<>(HEADERS);
        if (latencies) {
            headers.addAll(List.of("latency p50", "p99", "max"));
        }
        List<String> notes = new ArrayList<>();
        collectors(table).ifPresent(notes::add);
        List<String> differing = new ArrayList<>();
        for (String fact : factNames(table)) {
            Optional<String> common = common(table, fact);
            if (common.isPresent()) {
                notes.add(fact + ": " + common.get() + (table.rows().size() > 1 ? " in every row" : ""));
            } else {
                differing.add(fact);
            }
        }
        headers.addAll(differing);
        List<List<String>> rows = new ArrayList<>();
        Map<String, List<Lint.Warning>> lints = new LinkedHashMap<>();
        for (Row row : table.rows()) {
            rows.add(cells(row, headers.size(), latencies, differing));
            row.unavailable().ifPresent(why -> notes.add(row.model() + " is not available here: " + why));
            row.quality()
                    .filter(quality -> quality.grade() != Grade.GOOD)
                    .map(quality -> quality.cause() + ": " + quality.details())
                    .ifPresent(reason -> notes.add("* " + row.model() + ", " + row.processors() + ": " + reason));
            lints.put(row.model() + " with " + row.processors(), row.lints());
        }
        notes.addAll(Lint.lines(lints));
        return new Grid(List.copyOf(headers), List.copyOf(rows), List.copyOf(notes));
    }

    private static List<String> cells(Row row, int columns, boolean latencies, List<String> differing) {
        List<String> cells = new ArrayList<>();
        boolean doubtful = row.quality().filter(q -> q.grade() != Grade.GOOD).isPresent();
        cells.add(row.model() + (doubtful ? " *" : ""));
        cells.add(String.valueOf(row.processors()));
        if (row.summary().isPresent()) {
            Summary summary = row.summary().get();
            cells.add(Units.time(summary.median()));
            cells.add(Units.time(summary.interval().low()) + " - "
                    + Units.time(summary.interval().high()));
            cells.add(Units.time((double) summary.max()));
            cells.add(Units.time((double) summary.cpuNanos()));
            cells.add(Units.count(summary.switches()));
            cells.add(Units.bytes(summary.peakRssBytes()));
            cells.add(Units.count(summary.osThreads()));
            if (latencies) {
                for (double share : new double[] {0.50, 0.99, 1}) {
                    cells.add(
                            summary.latencies().map(all -> quantile(all, share)).orElse(""));
                }
            }
            for (String fact : differing) {
                cells.add(found(summary, fact).map(Grid::text).orElse(""));
            }
        } else {
            cells.add(row.unavailable().isPresent() ? "unavailable" : "-");
            IntStream.range(cells.size(), columns).forEach(i -> cells.add(""));
        }
        return List.copyOf(cells);
    }

    private static String quantile(Latencies latencies, double share) {
        return Units.time((double) latencies.quantile(share));
    }

    /** Which garbage collector ran; the models' JVMs have the same, unless flags made it differ. */
    private static Optional<String> collectors(Table table) {
        List<String> collectors = table.rows().stream()
                .map(row -> row.jvm().collector())
                .filter(collector -> !collector.isEmpty())
                .distinct()
                .toList();
        return collectors.isEmpty()
                ? Optional.empty()
                : Optional.of("garbage collector: " + String.join(", ", collectors));
    }

    private static Set<String> factNames(Table table) {
        Set<String> names = new LinkedHashSet<>();
        for (Row row : table.rows()) {
            row.summary().ifPresent(s -> s.facts().forEach(fact -> names.add(fact.name())));
        }
        return names;
    }

    /** The value of a fact, if all rows that were measured found this one value and no other. */
    private static Optional<String> common(Table table, String fact) {
        List<Optional<Found>> all = table.rows().stream()
                .filter(row -> row.summary().isPresent())
                .map(row -> row.summary().flatMap(s -> found(s, fact)))
                .toList();
        List<Object> values = all.stream()
                .flatMap(Optional::stream)
                .flatMap(found -> found.values().stream())
                .distinct()
                .toList();
        boolean everywhere = all.stream().allMatch(Optional::isPresent);
        return everywhere && values.size() == 1
                ? Optional.of(text(Objects.requireNonNull(values.getFirst())))
                : Optional.empty();
    }

    private static Optional<Found> found(Summary summary, String fact) {
        return summary.facts().stream().filter(f -> f.name().equals(fact)).findFirst();
    }

    private static String text(Found found) {
        if (found.values().size() == 1) {
            return text(found.values().getFirst());
        }
        return found.isNumber() ? Units.grouped(found.min()) + " - " + Units.grouped(found.max()) : "differs";
    }

    private static String text(Object value) {
        return value instanceof Long number ? Units.grouped(number) : value.toString();
    }
}
