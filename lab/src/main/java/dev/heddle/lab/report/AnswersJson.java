package dev.heddle.lab.report;

import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Conclusion;
import dev.heddle.lab.experiment.Measured;
import dev.heddle.lab.experiment.Picture;
import dev.heddle.lab.experiment.Picture.Column;
import dev.heddle.lab.experiment.Picture.Curve;
import dev.heddle.lab.experiment.Picture.Point;
import dev.heddle.lab.experiment.Sheet;
import dev.heddle.lab.measure.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/** Answers as JSON, with every sample. The schema is described in docs/answers-json.md. */
public final class AnswersJson {
    /** Names the schema and its version. */
    public static final String SCHEMA = "heddle-answers/1";

    private AnswersJson() {}

    /** {@return the JSON text, indented} */
    public static String pretty(Answers answers) {
        return JSON.std
                        .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                        .asString(map(answers))
                + "\n";
    }

    /** {@return what the page's script draws, without white space} */
    static String pictures(Answers answers) {
        return JSON.std.asString(Map.of(
                "pictures",
                answers.conclusions().stream()
                        .map(conclusion -> picture(conclusion.answer().picture()))
                        .toList()));
    }

    private static Map<String, @Nullable Object> map(Answers answers) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("started", answers.circumstances().started());
        context.put("version", answers.circumstances().version());
        context.put("machine", answers.circumstances().machine());
        context.put("flags", answers.circumstances().flags());
        context.put("size", answers.circumstances().size());
        context.put("seed", answers.circumstances().seed());
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("schema", SCHEMA);
        map.put("context", context);
        map.put(
                "experiments",
                answers.conclusions().stream()
                        .map(conclusion -> experiment(answers, conclusion))
                        .toList());
        return map;
    }

    private static Map<String, @Nullable Object> experiment(Answers answers, Conclusion conclusion) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("question", conclusion.experiment().question().name());
        map.put("asks", conclusion.experiment().question().text());
        map.put("name", conclusion.experiment().name());
        map.put("measures", conclusion.experiment().measures());
        map.put("timed", conclusion.experiment().isTimed());
        map.put("quantity", conclusion.experiment().quantity().name());
        map.put("unit", lower(conclusion.experiment().quantity().unit()));
        map.put("command", answers.circumstances().command(conclusion));
        map.put("standing", lower(conclusion.standing()));
        map.put("answer", conclusion.sentences());
        map.put(
                "beliefs",
                conclusion.answer().beliefs().stream().map(AnswersJson::belief).toList());
        map.put("foreignShare", conclusion.findings().foreignShare());
        map.put("nanos", conclusion.nanos());
        map.put("schedule", conclusion.schedule().rounds());
        map.put("table", sheet(conclusion.answer().sheet()));
        map.put("notes", AnswersText.notes(conclusion));
        map.put(
                "cells",
                conclusion.findings().rows().stream().map(AnswersJson::cell).toList());
        return map;
    }

    private static Map<String, Object> belief(Belief belief) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("saying", belief.saying());
        map.put("holds", belief.holds());
        map.put("evidence", belief.evidence());
        return map;
    }

    private static Map<String, Object> sheet(Sheet sheet) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("headers", sheet.headers());
        map.put(
                "lines",
                sheet.lines().stream()
                        .map(line -> line.stream()
                                .map(entry -> Map.of("text", entry.text(), "evidence", entry.evidence()))
                                .toList())
                        .toList());
        return map;
    }

    private static Map<String, @Nullable Object> cell(Measured row) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("label", row.label());
        map.put("family", row.cell().family().name());
        map.put("runs", row.cell().subject().describe());
        map.put("collector", row.jvm().collector());
        map.put("jvmFlags", row.jvm().flags());
        map.put("warmUps", row.warmUp().count());
        map.put("quality", row.quality().map(q -> lower(q.grade())).orElse(null));
        map.put("lints", row.lints().stream().map(JsonReport::lint).toList());
        map.put("missing", row.missing().orElse(null));
        map.put("failed", row.failed());
        map.put("samples", row.samples().stream().map(AnswersJson::sample).toList());
        return map;
    }

    private static Map<String, @Nullable Object> sample(Sample sample) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("nanos", sample.nanos());
        map.put("cpuNanos", known(sample.cpuNanos()));
        map.put("contextSwitches", known(sample.switches()));
        map.put("peakRssBytes", known(sample.peakRssBytes()));
        map.put("osThreads", known(sample.osThreads()));
        map.put("foreignNanos", sample.foreignNanos());
        map.put("capacityNanos", sample.capacityNanos());
        Map<String, Object> facts = new LinkedHashMap<>();
        for (Fact fact : sample.facts()) {
            facts.put(fact.name(), fact.value());
        }
        map.put("facts", facts);
        if (sample.latencies().count() > 0) {
            map.put(
                    "latencyNanos",
                    Map.of(
                            "count",
                            sample.latencies().count(),
                            "p50",
                            sample.latencies().quantile(0.50),
                            "p99",
                            sample.latencies().quantile(0.99),
                            "max",
                            sample.latencies().quantile(1)));
        }
        return map;
    }

    private static Map<String, Object> picture(Picture picture) {
        Map<String, Object> map = new LinkedHashMap<>();
        switch (picture) {
            case Picture.Strip strip -> {
                map.put("kind", "strip");
                map.put("unit", lower(strip.unit()));
                map.put(
                        "columns",
                        strip.columns().stream().map(AnswersJson::column).toList());
            }
            case Picture.Curves curves -> {
                map.put("kind", "curves");
                map.put("unit", lower(curves.unit()));
                map.put("across", curves.across());
                map.put("lines", curves.lines().stream().map(AnswersJson::curve).toList());
            }
        }
        return map;
    }

    private static Map<String, Object> column(Column column) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("label", column.label());
        map.put("family", column.family().name());
        map.put("values", column.values());
        map.put("median", column.median());
        map.put("low", column.low());
        map.put("high", column.high());
        return map;
    }

    private static Map<String, Object> curve(Curve curve) {
        List<Map<String, Double>> points = curve.points().stream()
                .map((Point point) ->
                        Map.of("x", point.x(), "value", point.value(), "low", point.low(), "high", point.high()))
                .toList();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("label", curve.label());
        map.put("family", curve.family().name());
        map.put("points", points);
        return map;
    }

    private static @Nullable Long known(long value) {
        return value == Sample.UNKNOWN ? null : (Long) value;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
