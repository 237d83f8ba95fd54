package dev.heddle.lab.report;

import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Lint;
import dev.heddle.lab.measure.Quality;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Result.Context;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Summary;
import dev.heddle.lab.measure.Summary.Found;
import dev.heddle.lab.measure.Verdict;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/** A comparison as JSON. The schema is described in docs/compare-json.md. */
public final class JsonReport {
    private static final String SCHEMA = "heddle-compare/1";

    private JsonReport() {}

    /** {@return the JSON text, indented} */
    public static String pretty(Result result) {
        return JSON.std
                        .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                        .asString(map(result)) + "\n";
    }

    /** {@return the JSON text without white space} */
    static String compact(Result result) {
        return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(map(result));
    }

    private static Map<String, @Nullable Object> map(Result result) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("ending", lower(result.ending()));
        map.put("failure", result.failure().orElse(null));
        map.put("context", context(result.context()));
        map.put("workloads", result.tables().stream().map(JsonReport::table).toList());
        return map;
    }

    private static Map<String, @Nullable Object> context(Context context) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("started", context.started());
        map.put("command", context.command());
        map.put("version", context.version());
        map.put("cpus", context.cpus());
        map.put("os", context.os());
        map.put("jdk", context.jdk());
        map.put("flags", context.flags());
        map.put("seed", context.seed());
        map.put("repeats", context.repeats());
        map.put("order", "rows in a new random order each round");
        return map;
    }

    private static Map<String, @Nullable Object> table(Table table) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("workload", table.workload());
        map.put("args", table.args());
        map.put("description", table.description());
        map.put("rows", table.rows().stream().map(JsonReport::row).toList());
        map.put("verdict", verdict(table.verdict()));
        return map;
    }

    private static Map<String, @Nullable Object> row(Row row) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("model", row.model().toString());
        map.put("processors", row.processors());
        map.put("collector", row.jvm().collector());
        map.put("jvmFlags", row.jvm().flags());
        map.put("unavailable", row.unavailable().orElse(null));
        map.put(
                "quality",
                row.quality().map(Quality::grade).map(JsonReport::lower).orElse(null));
        map.put(
                "qualityReason",
                row.quality()
                        .filter(q -> q.grade() != Quality.Grade.GOOD)
                        .map(q -> q.cause() + ": " + q.details())
                        .orElse(null));
        map.put("lints", row.lints().stream().map(JsonReport::lint).toList());
        map.put("warmUps", row.warmUps());
        map.put("repetitions", row.samples().size());
        row.summary().ifPresent(summary -> {
            map.put("timeNanos", time(row, summary));
            map.put("cpuNanos", known(summary.cpuNanos()));
            map.put("contextSwitches", known(summary.switches()));
            map.put("peakRssBytes", known(summary.peakRssBytes()));
            map.put("osThreads", known(summary.osThreads()));
            map.put("tasksAtOnce", known(summary.tasksAtOnce()));
            map.put("foreignShare", summary.foreignShare());
            map.put(
                    "latencyNanos",
                    summary.latencies().map(JsonReport::latencies).orElse(null));
            map.put("facts", facts(summary));
        });
        return map;
    }

    static Map<String, Object> lint(Lint.Warning warning) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("term", warning.lint().term());
        map.put("summary", warning.lint().summary());
        map.put("evidence", warning.evidence());
        return map;
    }

    private static Map<String, Object> time(Row row, Summary summary) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("median", Math.round(summary.median()));
        map.put("low", Math.round(summary.interval().low()));
        map.put("high", Math.round(summary.interval().high()));
        map.put("min", summary.min());
        map.put("max", summary.max());
        map.put("all", row.samples().stream().map(Sample::nanos).toList());
        return map;
    }

    private static Map<String, Object> latencies(Latencies latencies) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("count", latencies.count());
        map.put("p50", latencies.quantile(0.50));
        map.put("p99", latencies.quantile(0.99));
        map.put("max", latencies.quantile(1));
        return map;
    }

    private static Map<String, Object> facts(Summary summary) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Found found : summary.facts()) {
            if (found.values().size() == 1) {
                map.put(found.name(), found.values().getFirst());
            } else if (found.isNumber()) {
                map.put(found.name(), Map.of("min", found.min(), "max", found.max()));
            } else {
                map.put(found.name(), found.values());
            }
        }
        return map;
    }

    private static Map<String, Object> verdict(Verdict verdict) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", lower(verdict.kind()));
        map.put("sentence", verdict.sentence());
        map.put("fastest", verdict.fastest());
        if (verdict.kind() == Verdict.Kind.WINNER) {
            map.put("ratio", verdict.ratio());
            map.put("low", verdict.ratioInterval().low());
            map.put("high", verdict.ratioInterval().high());
        }
        return map;
    }

    private static @Nullable Long known(long value) {
        return value == Sample.UNKNOWN ? null : (Long) value;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
