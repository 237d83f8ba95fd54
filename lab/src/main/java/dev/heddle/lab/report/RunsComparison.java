package dev.heddle.lab.report;

import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.measure.Interval;
import dev.heddle.lab.measure.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** Two files that {@code heddle answers --json} has written, cell by cell: did the second run go faster, or slower? */
public final class RunsComparison {
    /** What may come from the place of code and data in memory, and no repetition within a run shows. */
    static final double SMALLEST = 0.03;

    private static final long SEED = 1;

    /** The family of cells that are the same whatever is changed in Heddle. */
    private static final String REFERENCE = Family.C.name();

    private static final String MEND = ": name two files that `heddle answers --json FILE` has written";

    private RunsComparison() {}

    /**
     * One cell of both runs.
     *
     * @param experiment its name
     * @param cell its label
     * @param family what it is one of, such as {@code GREEN} or {@code C}
     * @param says {@code faster}, {@code slower}, {@code no difference shown}, or {@code cannot be compared}
     * @param times how many times as fast the second is, 0 if they cannot be compared
     * @param interval of that
     * @param why why they cannot be compared; nothing if they can
     */
    public record Line(
            String experiment, String cell, String family, String says, double times, Interval interval, String why) {
        /** {@return whether there was something to compare} */
        public boolean isComparable() {
            return why.isEmpty();
        }
    }

    /** A file that is none of {@code heddle answers}. */
    public static final class NotAnswersException extends Exception {
        private static final long serialVersionUID = 1L;

        NotAnswersException(String message) {
            super(message);
        }
    }

    /**
     * @param first the text of the first file
     * @param second the text of the second file
     * @return a line for each cell of the first that the second has as well
     * @throws NotAnswersException if one of them is not what {@code heddle answers} writes
     */
    public static List<Line> compare(String first, String second) throws NotAnswersException {
        Map<String, Map<String, Object>> before = experiments(first, "the first file");
        Map<String, Map<String, Object>> after = experiments(second, "the second file");
        List<Line> lines = new ArrayList<>();
        before.forEach((name, experiment) -> {
            Map<String, Object> other = after.get(name);
            if (other != null && Boolean.TRUE.equals(experiment.get("timed"))) {
                lines.addAll(cells(name, experiment, other));
            }
        });
        return List.copyOf(lines);
    }

    private static Map<String, Map<String, Object>> experiments(String text, String which) throws NotAnswersException {
        Map<String, Object> json;
        try {
            json = JSON.std.mapFrom(text);
        } catch (JacksonException e) {
            throw new NotAnswersException(which + " holds no JSON of a run" + MEND);
        }
        if (!AnswersJson.SCHEMA.equals(json.get("schema"))) {
            throw new NotAnswersException(which + " should have the schema " + AnswersJson.SCHEMA + ", and has "
                    + Objects.requireNonNullElse(json.get("schema"), "none") + MEND);
        }
        Map<String, Map<String, Object>> experiments = new LinkedHashMap<>();
        for (Map<String, Object> experiment : maps(json.get("experiments"))) {
            experiments.put(String.valueOf(experiment.get("name")), experiment);
        }
        return experiments;
    }

    private static List<Line> cells(String name, Map<String, Object> first, Map<String, Object> second) {
        Map<String, Map<String, Object>> after = new LinkedHashMap<>();
        maps(second.get("cells")).forEach(cell -> after.put(String.valueOf(cell.get("label")), cell));
        List<Line> lines = new ArrayList<>();
        for (Map<String, Object> cell : maps(first.get("cells"))) {
            String label = String.valueOf(cell.get("label"));
            Map<String, Object> other = after.get(label);
            if (other != null) {
                lines.add(line(name, label, first, cell, second, other));
            }
        }
        return lines;
    }

    private static Line line(
            String name,
            String label,
            Map<String, Object> first,
            Map<String, Object> cell,
            Map<String, Object> second,
            Map<String, Object> other) {
        String family = String.valueOf(cell.get("family"));
        if (!Objects.equals(cell.get("runs"), other.get("runs"))) {
            return incomparable(
                    name,
                    label,
                    family,
                    "they did not run the same: " + cell.get("runs") + ", and " + other.get("runs"));
        }
        for (Map<String, Object> run : List.of(first, second)) {
            if (!"answered".equals(run.get("standing"))) {
                return incomparable(
                        name,
                        label,
                        family,
                        (run == first ? "the first" : "the second") + " run was "
                                + String.valueOf(run.get("standing")).replace('_', ' '));
            }
        }
        double[] before = values(first, cell);
        double[] after = values(second, other);
        if (before.length == 0 || after.length == 0) {
            return incomparable(name, label, family, "it was not measured in both");
        }
        boolean moreIsBetter = "rate".equals(first.get("unit"));
        double[] slower = moreIsBetter ? after : before;
        double[] faster = moreIsBetter ? before : after;
        double times = Statistics.median(slower) / Statistics.median(faster);
        Interval interval = Statistics.ratioInterval(slower, faster, SEED);
        String says = interval.low() > 1 + SMALLEST
                ? "faster"
                : interval.high() < 1 - SMALLEST ? "slower" : "no difference shown";
        return new Line(name, label, family, says, times, interval, "");
    }

    private static Line incomparable(String name, String label, String family, String why) {
        return new Line(name, label, family, "cannot be compared", 0, new Interval(0, 0), why);
    }

    /** What the experiment is about, of each sample. */
    private static double[] values(Map<String, Object> experiment, Map<String, Object> cell) {
        String quantity = String.valueOf(experiment.get("quantity"));
        return maps(cell.get("samples")).stream()
                .map(sample -> quantity.equals("time")
                        ? sample.get("nanos")
                        : sample.get("facts") instanceof Map<?, ?> facts ? facts.get(quantity) : null)
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .filter(value -> value > 0)
                .toArray();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(@Nullable Object list) {
        return list instanceof List<?> ? (List<Map<String, Object>>) list : List.of();
    }

    /** {@return the lines as a table, and a sentence that counts them} */
    public static String text(List<Line> lines) {
        StringBuilder out = new StringBuilder();
        int experiment = width(lines.stream().map(Line::experiment).toList());
        int cell = width(lines.stream().map(Line::cell).toList());
        for (Line line : lines) {
            String figures = line.isComparable()
                    ? String.format(
                            Locale.ROOT,
                            "%.2f times as fast (95%% interval %.2f to %.2f)",
                            line.times(),
                            line.interval().low(),
                            line.interval().high())
                    : line.why();
            out.append(String.format(
                    Locale.ROOT,
                    "%-" + experiment + "s  %-" + cell + "s  %-19s  %s%n",
                    line.experiment(),
                    line.cell(),
                    line.says(),
                    figures));
        }
        out.append(String.format(
                Locale.ROOT,
                "Of %d cells %d are faster in the second run, %d slower, and of %d no difference was shown; %d cannot be"
                        + " compared.%n",
                lines.size(),
                count(lines, "faster"),
                count(lines, "slower"),
                count(lines, "no difference shown"),
                count(lines, "cannot be compared")));
        return out.append(machine(lines)).toString();
    }

    /** What has changed everywhere is the machine: the clock of a laptop or of a shared host is not the same from hour to hour. */
    private static String machine(List<Line> lines) {
        double[] reference = lines.stream()
                .filter(line -> line.family().equals(REFERENCE) && line.isComparable())
                .mapToDouble(Line::times)
                .toArray();
        double times = reference.length == 0 ? 1 : Statistics.median(reference);
        return Math.abs(times - 1) <= SMALLEST
                ? ""
                : String.format(
                        Locale.ROOT,
                        "The machine was %s then: programs in C, which know nothing of Heddle, were %.2f times as fast in the"
                                + " second run.%n",
                        times < 1 ? "slower" : "faster",
                        times);
    }

    private static int width(List<String> texts) {
        return Math.max(1, texts.stream().mapToInt(String::length).max().orElse(1));
    }

    private static long count(List<Line> lines, String says) {
        return lines.stream().filter(line -> line.says().equals(says)).count();
    }
}
