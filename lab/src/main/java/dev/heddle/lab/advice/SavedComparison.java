package dev.heddle.lab.advice;

import dev.heddle.lab.advice.Compared.Candidate;
import dev.heddle.lab.advice.Compared.Finding;
import dev.heddle.lab.measure.Interval;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** Reads what {@code heddle compare} has saved: its JSON, or the page, which carries the same. */
public final class SavedComparison {
    private static final String SCHEMA = "heddle-compare/1";
    private static final String IN_PAGE = "<script type=\"application/json\" id=\"data\">";

    private SavedComparison() {}

    /** The text is no saved comparison; the message is a sentence without a full stop, about "it". */
    public static final class NotComparedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotComparedException(String message) {
            super(message);
        }
    }

    static List<Compared> read(String text) throws NotComparedException {
        Map<String, @Nullable Object> json;
        try {
            json = map(JSON.std.mapFrom(data(text)));
        } catch (JacksonException e) {
            throw new NotComparedException("it holds no JSON of a comparison");
        }
        if (!SCHEMA.equals(json.get("schema"))) {
            throw new NotComparedException("it should have the schema " + SCHEMA + ", and has "
                    + Objects.requireNonNullElse(json.get("schema"), "none"));
        }
        List<Compared> all = new ArrayList<>();
        for (Map<String, @Nullable Object> workload : objects(json, "workloads")) {
            all.add(compared(workload, object(json, "context"), "complete".equals(json.get("ending"))));
        }
        return all;
    }

    private static String data(String text) {
        int start = text.indexOf(IN_PAGE);
        int end = text.indexOf("</script>", start);
        return start < 0 || end < 0 ? text : text.substring(start + IN_PAGE.length(), end);
    }

    private static Compared compared(
            Map<String, @Nullable Object> workload, Map<String, @Nullable Object> context, boolean complete)
            throws NotComparedException {
        Map<String, @Nullable Object> verdict = object(workload, "verdict");
        List<Map<String, @Nullable Object>> rows = objects(workload, "rows");
        List<Candidate> candidates = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows) {
            candidates.add(candidate(row, label(row, rows), "finding".equals(verdict.get("kind"))));
        }
        List<String> title = new ArrayList<>(List.of(String.valueOf(workload.get("workload"))));
        list(workload, "args").forEach(arg -> title.add(String.valueOf(arg)));
        return new Compared(
                String.join(" ", title),
                String.valueOf(context.get("command")),
                (int) number(context.get("cpus")),
                (long) number(context.get("seed")),
                complete,
                String.valueOf(verdict.get("sentence")),
                List.copyOf(candidates));
    }

    /** The model, and the number of processors where that tells rows apart. */
    private static String label(Map<String, @Nullable Object> row, List<Map<String, @Nullable Object>> rows) {
        String model = String.valueOf(row.get("model"));
        boolean ambiguous =
                rows.stream().filter(other -> model.equals(other.get("model"))).count() > 1;
        return ambiguous ? model + " with " + (long) number(row.get("processors")) : model;
    }

    private static Candidate candidate(Map<String, @Nullable Object> row, String label, boolean aboutFindings)
            throws NotComparedException {
        int processors = (int) number(row.get("processors"));
        if (row.get("timeNanos") == null) {
            String why = row.get("unavailable") == null ? "not measured" : "unavailable: " + row.get("unavailable");
            return Candidate.missing(label, processors, why);
        }
        Map<String, @Nullable Object> time = object(row, "timeNanos");
        List<Double> times =
                list(time, "all").stream().map(SavedComparison::number).toList();
        if (times.isEmpty()) {
            throw new NotComparedException("it has no times of " + label);
        }
        Map<String, @Nullable Object> latency =
                row.get("latencyNanos") == null ? Map.of() : object(row, "latencyNanos");
        return new Candidate(
                label,
                processors,
                String.valueOf(row.get("quality")),
                row.get("qualityReason") == null ? "" : String.valueOf(row.get("qualityReason")),
                times,
                number(time.get("median")),
                new Interval(number(time.get("low")), number(time.get("high"))),
                number(row.get("cpuNanos")),
                number(row.get("peakRssBytes")),
                number(row.get("tasksAtOnce")),
                number(row.get("foreignShare")),
                number(latency.get("p50")),
                number(latency.get("p99")),
                aboutFindings ? findings(object(row, "facts")) : List.of());
    }

    private static List<Finding> findings(Map<String, @Nullable Object> facts) {
        List<Finding> findings = new ArrayList<>();
        facts.forEach((name, value) -> {
            if (value instanceof Map<?, ?> range) {
                findings.add(new Finding(
                        name, "from " + grouped(range.get("min")) + " to " + grouped(range.get("max")), false));
            } else if (value instanceof Number) {
                findings.add(new Finding(name, grouped(value), true));
            }
        });
        return findings;
    }

    private static String grouped(@Nullable Object number) {
        return Units.grouped((long) number(number));
    }

    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> in, String name)
            throws NotComparedException {
        if (in.get(name) instanceof Map<?, ?> map) {
            return map(map);
        }
        throw lacks(name);
    }

    private static List<Map<String, @Nullable Object>> objects(Map<String, @Nullable Object> in, String name)
            throws NotComparedException {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (Object each : list(in, name)) {
            if (!(each instanceof Map<?, ?> map)) {
                throw lacks(name);
            }
            objects.add(map(map));
        }
        return objects;
    }

    private static List<?> list(Map<String, @Nullable Object> in, String name) throws NotComparedException {
        if (in.get(name) instanceof List<?> list) {
            return list;
        }
        throw lacks(name);
    }

    private static NotComparedException lacks(String name) {
        return new NotComparedException("it lacks the member " + name + " that a comparison has");
    }

    @SuppressWarnings("unchecked") // the names of an object of JSON are strings
    private static Map<String, @Nullable Object> map(Map<?, ?> json) {
        return (Map<String, @Nullable Object>) json;
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Sample.UNKNOWN;
    }
}
