package dev.heddle.lab.advice;

import dev.heddle.lab.advice.Compared.Candidate;
import dev.heddle.lab.advice.Compared.Finding;
import dev.heddle.lab.measure.Interval;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Which model to take for one workload. All of it follows from what was measured, never from what the workload is called.
 *
 * <p>The fastest leads, together with all whose intervals overlap with its own. Among those it goes by what else was measured, as
 * far as they are far apart there: latency, then memory, then processor time.
 *
 * @param title the workload and its arguments
 * @param models those to take: one, or several between which no difference was shown, or none if there is no advice
 * @param sentence what to take, or why there is no advice
 * @param reasons from which measured figures that follows
 * @param doubts how sure that is
 * @param changes what would change it
 */
public record Advice(
        String title,
        List<String> models,
        String sentence,
        List<String> reasons,
        List<String> doubts,
        List<String> changes) {
    /** Tasks that compute at least this share of their processors' time are limited by the CPUs. */
    static final double COMPUTING = 0.75;

    /** Tasks that compute at most this share of it mostly wait. */
    static final double WAITING = 0.25;

    /** What is not measured with an interval is only told apart where it is this many times as much. */
    private static final double APART = 1.25;

    /** How much more may be kept busy than one CPU by a JVM that compiles and collects beside one task. */
    private static final double MORE_THAN_ONE_CPU = 1.3;

    private static final String NOT_MEASURED =
            "Not measured: what happens when a task crashes, leaks or has to be killed. If that must touch no other task,"
                    + " take PROCESS, whatever the times say.";

    /** A quantity of which less is better, and how it is told. */
    private record Cost(String name, ToDoubleFunction<Candidate> of, boolean bytes) {
        String text(Candidate row) {
            double value = of.applyAsDouble(row);
            return bytes ? Units.bytes(Math.round(value)) : Units.time(value);
        }
    }

    private static final List<Cost> COSTS = List.of(
            new Cost("99th percentile of its latencies", Candidate::p99, false),
            new Cost("peak of resident memory", Candidate::peakRssBytes, true),
            new Cost("processor time", Candidate::cpuNanos, false));

    /**
     * Reads a saved comparison and advises on each of its workloads.
     *
     * @param text what {@code heddle compare} has written, JSON or page
     * @return one for each workload
     * @throws SavedComparison.NotComparedException if it is nothing of the kind
     */
    public static List<Advice> of(String text) throws SavedComparison.NotComparedException {
        return SavedComparison.read(text).stream().map(Advice::of).toList();
    }

    static Advice of(Compared compared) {
        if (compared.isAboutFindings()) {
            return byFindings(compared);
        }
        List<Candidate> ranked = compared.rows().stream()
                .filter(Candidate::isGood)
                .sorted(Comparator.comparingDouble(Candidate::median))
                .toList();
        if (ranked.size() < 2) {
            return none(compared);
        }
        Candidate fastest = ranked.getFirst();
        List<Candidate> leaders = ranked.stream()
                .filter(row -> row.interval().overlaps(fastest.interval()))
                .toList();
        List<String> reasons = new ArrayList<>(List.of(times(compared, ranked, leaders)));
        List<Candidate> taken = narrowed(leaders, reasons);
        Candidate first = taken.getFirst();
        nature(compared, first, ranked).ifPresent(reasons::add);
        latencies(taken).ifPresent(reasons::add);
        memory(first, ranked).ifPresent(reasons::add);
        List<String> labels = labels(taken);
        String sentence = labels.size() == 1
                ? "Take " + labels.getFirst() + "."
                : "Take any of " + list(labels) + ": no difference between them was shown.";
        return new Advice(
                compared.title(),
                labels,
                sentence,
                reasons,
                doubts(compared, ranked, leaders),
                changes(compared, first, taken, leaders, ranked));
    }

    // ---- why

    private static String times(Compared compared, List<Candidate> ranked, List<Candidate> leaders) {
        Candidate fastest = ranked.getFirst();
        String said = leaders.stream().map(Advice::time).collect(Collectors.joining(", "));
        if (leaders.size() > 1) {
            said += ": their 95% intervals overlap, so none of them was shown to be faster";
        }
        Optional<Candidate> next =
                ranked.stream().filter(row -> !leaders.contains(row)).findFirst();
        if (next.isPresent()) {
            Interval ratio = next.get().timesAsLongAs(fastest, compared.seed());
            said += String.format(
                    Locale.ROOT,
                    "; %s, the next, takes %.2f times as long as %s (%.2f to %.2f)",
                    next.get().label(),
                    next.get().median() / fastest.median(),
                    fastest.label(),
                    ratio.low(),
                    ratio.high());
        }
        return "Time: " + said + ".";
    }

    private static String time(Candidate row) {
        return row.label() + " " + Units.time(row.median()) + " ("
                + Units.time(row.interval().low()) + " to "
                + Units.time(row.interval().high()) + ")";
    }

    /** Of those that are equally fast, the ones that cost less, as far as that is clear. */
    private static List<Candidate> narrowed(List<Candidate> leaders, List<String> reasons) {
        List<Candidate> left = leaders;
        for (Cost cost : COSTS) {
            if (left.size() > 1 && left.stream().allMatch(row -> cost.of.applyAsDouble(row) > 0)) {
                double least = left.stream().mapToDouble(cost.of).min().orElseThrow();
                List<Candidate> cheap = left.stream()
                        .filter(row -> cost.of.applyAsDouble(row) < APART * least)
                        .toList();
                if (cheap.size() < left.size()) {
                    reasons.add("Among these it goes by the " + cost.name + ": "
                            + left.stream()
                                    .map(row -> row.label() + " " + cost.text(row))
                                    .collect(Collectors.joining(", "))
                            + ".");
                    left = cheap;
                }
            }
        }
        return left;
    }

    /** Whether the tasks compute or wait, and whether it helps that several run at once. */
    private static Optional<String> nature(Compared compared, Candidate row, List<Candidate> ranked) {
        double computing = row.computing(compared.cpus());
        if (computing == Sample.UNKNOWN) {
            return Optional.empty();
        }
        int usable = Math.min(row.processors(), compared.cpus());
        String kind = computing >= COMPUTING
                ? "CPU-bound"
                : computing <= WAITING ? "it mostly waits" : "it computes and waits";
        String said = String.format(
                Locale.ROOT,
                "What it does: %s. Under %s it computed %s of the time of %s, and waited %s",
                kind,
                row.label(),
                percent(computing),
                usable == 1 ? "1 processor" : usable + " processors",
                percent(1 - computing));
        Optional<Candidate> alone =
                ranked.stream().filter(other -> other.processors() == 1).findFirst();
        if (alone.isPresent() && row.processors() > 1) {
            Interval gain = alone.get().timesAsLongAs(row, compared.seed());
            said += String.format(
                    Locale.ROOT,
                    "; with 1 processor, under %s, it takes %.2f times as long (%.2f to %.2f)",
                    alone.get().label(),
                    alone.get().median() / row.median(),
                    gain.low(),
                    gain.high());
        }
        return Optional.of(said + ".");
    }

    private static Optional<String> latencies(List<Candidate> taken) {
        String said = taken.stream()
                .filter(row -> row.p99() >= 0)
                .map(row -> row.label() + " half below " + Units.time(row.p50()) + ", 99 of 100 below "
                        + Units.time(row.p99()))
                .collect(Collectors.joining("; "));
        return said.isEmpty() ? Optional.empty() : Optional.of("Latency: " + said + ".");
    }

    private static Optional<String> memory(Candidate row, List<Candidate> ranked) {
        if (row.peakRssBytes() <= 0) {
            return Optional.empty();
        }
        String others = ranked.stream()
                .filter(other -> other != row && other.peakRssBytes() > 0)
                .map(other -> other.label() + " " + memoryText(other))
                .collect(Collectors.joining(", "));
        return Optional.of("Memory, with the JVM's own: " + row.label() + " " + memoryText(row)
                + (others.isEmpty() ? "" : "; " + others) + ".");
    }

    private static String memoryText(Candidate row) {
        String peak = Units.bytes(Math.round(row.peakRssBytes()));
        return row.tasksAtOnce() < 1
                ? peak
                : String.format(
                        Locale.ROOT,
                        "%s, %,.0f KiB for each of %,.0f tasks at once",
                        peak,
                        row.peakRssBytes() / 1024 / row.tasksAtOnce(),
                        row.tasksAtOnce());
    }

    // ---- how sure

    private static List<String> doubts(Compared compared, List<Candidate> ranked, List<Candidate> leaders) {
        List<String> doubts = new ArrayList<>();
        Candidate fastest = ranked.getFirst();
        double foreign =
                ranked.stream().mapToDouble(Candidate::foreignShare).max().orElse(0);
        doubts.add(String.format(
                Locale.ROOT,
                "Measured on %d CPUs, %d times each, while other programs had at most %s of the machine.",
                compared.cpus(),
                fastest.times().size(),
                percent(foreign)));
        if (leaders.size() > 1) {
            double width = leaders.stream()
                    .mapToDouble(row -> row.interval().width() / row.median())
                    .max()
                    .orElse(0);
            doubts.add("Among " + list(labels(leaders)) + " a difference below about " + percent(width)
                    + " could not be seen. Memory is a single maximum, so only what is " + APART
                    + " times as much counts as more.");
        }
        for (Candidate row : compared.rows()) {
            if (!row.isGood()) {
                doubts.add(row.label() + " was left out (" + row.reason() + "), and might do better.");
            }
        }
        if (!compared.complete()) {
            doubts.add("The comparison did not come to its end.");
        }
        return doubts;
    }

    // ---- what would change it

    private static List<String> changes(
            Compared compared,
            Candidate first,
            List<Candidate> taken,
            List<Candidate> leaders,
            List<Candidate> ranked) {
        List<String> changes = new ArrayList<>();
        load(compared, first).ifPresent(changes::add);
        if (leaders.size() > 1) {
            changes.add("More repetitions may tell the fastest apart: `" + compared.command() + "` with --repeats "
                    + 4 * first.times().size() + ".");
        }
        for (Cost cost : COSTS) {
            cheaper(cost, first, taken, ranked).ifPresent(changes::add);
        }
        changes.add(NOT_MEASURED);
        return changes;
    }

    private static Optional<String> load(Compared compared, Candidate row) {
        double computing = row.computing(compared.cpus());
        if (computing == Sample.UNKNOWN) {
            return Optional.empty();
        }
        if (computing >= COMPUTING) {
            return Optional.of(
                    row.processors() > 1
                            ? "Another number of CPUs: here they are what limits it, and with one nothing runs at the same"
                                    + " time. Compare again with --processors."
                            : "Work that can be shared out: now one task computes at a time, so more CPUs change nothing.");
        }
        String now = row.tasksAtOnce() < 1
                ? ""
                : String.format(Locale.ROOT, " than the %,.0f that were live at most", row.tasksAtOnce());
        if (computing <= WAITING) {
            return Optional.of(
                    "More tasks at once" + now + ": then memory for each counts for more. Or tasks that compute:"
                            + " above " + percent(COMPUTING) + " of the time the CPUs are the limit.");
        }
        String said = "Another share of computing, now " + percent(computing) + ", or more tasks at once" + now + ".";
        return Optional.of(
                row.busyCpus() <= MORE_THAN_ONE_CPU && row.processors() > 1
                        ? said + " Little more than one CPU is busy, so more CPUs change little."
                        : said);
    }

    /** Another that is slower, or as fast, and has much less of this cost. */
    private static Optional<String> cheaper(Cost cost, Candidate first, List<Candidate> taken, List<Candidate> ranked) {
        double mine = cost.of.applyAsDouble(first);
        return ranked.stream()
                .filter(row -> !taken.contains(row))
                .filter(row -> cost.of.applyAsDouble(row) > 0 && cost.of.applyAsDouble(row) * APART < mine)
                .min(Comparator.comparingDouble(cost.of))
                .map(row -> String.format(
                        Locale.ROOT,
                        "If the %s counts for more than the time: %s has %s instead of %s, and takes %.2f times as long.",
                        cost.name,
                        row.label(),
                        cost.text(row),
                        cost.text(first),
                        row.median() / first.median()));
    }

    // ---- where times do not decide

    private static Advice none(Compared compared) {
        List<String> doubts = compared.rows().stream()
                .filter(row -> !row.isGood())
                .map(row -> row.label() + ": " + row.reason() + ".")
                .toList();
        return new Advice(
                compared.title(),
                List.of(),
                "No advice. " + compared.verdict(),
                List.of(),
                doubts,
                List.of("Rows that can be believed, at least two: `" + compared.command()
                        + "` on a quiet machine, or with more --repeats."));
    }

    private static Advice byFindings(Compared compared) {
        List<String> reasons = new ArrayList<>();
        List<String> steady = new ArrayList<>();
        for (Candidate row : compared.rows()) {
            if (!row.findings().isEmpty()) {
                reasons.add(row.label() + ": "
                        + row.findings().stream()
                                .map(finding -> finding.name() + " " + finding.value())
                                .collect(Collectors.joining(", "))
                        + ".");
                if (row.findings().stream().allMatch(Finding::always)) {
                    steady.add(row.label());
                }
            }
        }
        int models = reasons.size();
        String sentence = steady.size() == models
                ? "No advice: this workload is about what it finds, and that is the same under every model each time."
                : steady.isEmpty()
                        ? "No advice: under every model what it finds differs from run to run."
                        : "Take " + (steady.size() == 1 ? "" : "one of ") + list(steady)
                                + ": only there it found the same each time.";
        return new Advice(
                compared.title(),
                steady.size() == models ? List.of() : steady,
                sentence,
                reasons,
                List.of("That nothing else was seen does not say that it cannot be: chance takes part."),
                List.of("A program whose result does not depend on who comes first, say by a channel or an atomic"
                        + " operation: then the times decide."));
    }

    private static List<String> labels(List<Candidate> rows) {
        return rows.stream().map(Candidate::label).toList();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", share * 100);
    }

    private static String list(List<String> items) {
        return items.size() == 1
                ? items.getFirst()
                : String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
    }

    // ---- as text

    /** {@return it as text for a terminal, several lines} */
    public String text() {
        StringBuilder out = new StringBuilder(title).append('\n');
        out.append("  ").append(sentence).append('\n');
        part(out, "Why", reasons);
        part(out, "How sure", doubts);
        part(out, "What would change it", changes);
        return out.toString();
    }

    private static void part(StringBuilder out, String name, List<String> items) {
        if (!items.isEmpty()) {
            out.append("  ").append(name).append('\n');
            items.forEach(item -> out.append("    - ").append(item).append('\n'));
        }
    }
}
