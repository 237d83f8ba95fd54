package dev.heddle.lab.measure;

import dev.heddle.lab.measure.Scheduling.LockUse;
import dev.heddle.lab.measure.Scheduling.QueueUse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something about how tasks were scheduled that the reader of a time should know, because it explains the time and can be
 * mended. How far a time can be believed is {@link Quality}. Each has an entry in the glossary by its {@link #term}.
 */
public enum Lint {
    /** More OS threads were ready to run than there were CPUs for. */
    OVERSUBSCRIBED("oversubscribed", "more OS threads want to run than there are CPUs for"),
    /** Tasks that need the global lock for short waited an interval each time. */
    CONVOY("convoy", "tasks wait a whole switch interval each time they need the global lock"),
    /** Tasks kept their carriers without computing. */
    PINNED_CARRIER("pinned carrier", "tasks keep their carriers while they wait"),
    /** A channel had hardly ever room. */
    QUEUE_ALWAYS_FULL("queue always full", "whoever receives is slower than whoever sends"),
    /** A channel had hardly ever an element. */
    QUEUE_ALWAYS_EMPTY("queue always empty", "whoever sends is slower than whoever receives");

    /** So many times as many threads as CPUs are ready, on average, where it counts as too many. */
    private static final double TOO_MANY = 2;

    /** And so many times as many in any case. */
    private static final double FAR_TOO_MANY = 4;

    /** A thread alone on its CPU is hardly ever stopped for another; some that share one are, some hundred times a second. */
    private static final double FORCED_PER_CPU_SECOND = 50;

    /** So often they do not just take turns, but wake and drive each other off. */
    private static final double FORCED_TOO_OFTEN = 1_000;

    private static final long FEWEST_FORCED = 10;

    /** A lock that is held for hardly longer than what its forced switches account for is else held for short. */
    private static final double BARELY_MORE = 1.3;

    private static final double MANY_SHORT_HOLDS = 1.5;
    private static final double ABOUT_AN_INTERVAL = 0.7;

    /** Hogs have their processors taken away as well, but compute meanwhile. */
    private static final double IDLE = 0.5;

    private static final int FEWEST_HANDOFFS = 3;
    private static final int FEWEST_LOOKS = 20;
    private static final double ALWAYS = 0.9;

    private final String term;
    private final String summary;

    Lint(String term, String summary) {
        this.term = term;
        this.summary = summary;
    }

    /**
     * What a lint looks at.
     *
     * @param samples the repetitions
     * @param processors of the heddle
     * @param cpus of the machine
     */
    private record Seen(List<Sample> samples, int processors, int cpus) {
        int usable() {
            return Math.min(processors, cpus);
        }

        double cpuSeconds() {
            return samples.stream().mapToLong(Sample::cpuNanos).sum() / 1e9;
        }

        double seconds() {
            return samples.stream().mapToLong(Sample::nanos).sum() / 1e9;
        }

        double foreignShare() {
            long capacity = samples.stream().mapToLong(Sample::capacityNanos).sum();
            return capacity == 0
                    ? 0
                    : (double) samples.stream().mapToLong(Sample::foreignNanos).sum() / capacity;
        }
    }

    /**
     * A lint that applies.
     *
     * @param lint which
     * @param evidence the measured figures, without a full stop
     */
    public record Warning(Lint lint, String evidence) {
        /** {@return what was measured, and what to type to learn more, for one row} */
        public String line() {
            return lint.term + ": " + lint.summary + " (" + evidence + "); ./heddle explain " + lint.term;
        }
    }

    /**
     * Says each lint once, whichever and however many rows it applies to.
     *
     * @param byRow the lints of each row, by its label
     * @return a line for each lint that applies anywhere, with the figures of the first such row
     */
    public static List<String> lines(Map<String, List<Warning>> byRow) {
        Map<Lint, List<String>> rows = new LinkedHashMap<>();
        Map<Lint, Warning> first = new LinkedHashMap<>();
        byRow.forEach((label, warnings) -> {
            for (Warning warning : warnings) {
                rows.computeIfAbsent(warning.lint, lint -> new ArrayList<>()).add(label);
                first.putIfAbsent(warning.lint, warning);
            }
        });
        List<String> lines = new ArrayList<>();
        first.forEach((lint, warning) -> {
            List<String> labels = rows.getOrDefault(lint, List.of());
            lines.add("! " + labels.getFirst() + ", " + warning.line()
                    + (labels.size() == 1 ? "" : "; also " + String.join(", ", labels.subList(1, labels.size()))));
        });
        return lines;
    }

    /** {@return what the glossary calls it} */
    public String term() {
        return term;
    }

    /** {@return in a few words what is the matter} */
    public String summary() {
        return summary;
    }

    /**
     * Looks at the repetitions of one row.
     *
     * @param samples the repetitions
     * @param processors of the heddle, at least 1
     * @param cpus of the machine
     * @return the lints that apply; none where nothing is known of the scheduling
     */
    public static List<Warning> all(List<Sample> samples, int processors, int cpus) {
        List<Sample> told = samples.stream()
                .filter(sample -> sample.scheduling().tasks() != Sample.UNKNOWN && sample.cpuNanos() != Sample.UNKNOWN)
                .toList();
        if (told.isEmpty()) {
            return List.of();
        }
        Seen seen = new Seen(told, processors, cpus);
        return Arrays.stream(values())
                .flatMap(lint -> lint.check(seen).stream().map(evidence -> new Warning(lint, evidence)))
                .toList();
    }

    private Optional<String> check(Seen seen) {
        return switch (this) {
            case OVERSUBSCRIBED -> oversubscribed(seen);
            case CONVOY -> convoy(seen);
            case PINNED_CARRIER -> pinned(seen);
            case QUEUE_ALWAYS_FULL -> queue(seen, "full", QueueUse::full);
            case QUEUE_ALWAYS_EMPTY -> queue(seen, "empty", QueueUse::empty);
        };
    }

    /** Others' threads are ready, too: where these have much of the machine it cannot be told. */
    private static Optional<String> oversubscribed(Seen seen) {
        double ready = seen.samples.stream()
                        .mapToDouble(sample -> sample.scheduling().ready())
                        .average()
                        .orElse(0)
                - seen.foreignShare() * seen.cpus; // some of them are others'
        long forced = seen.samples.stream()
                .mapToLong(sample -> sample.scheduling().forcedSwitches())
                .sum();
        double rate = forced / seen.cpuSeconds();
        if (seen.foreignShare() > Quality.FOREIGN_DOUBTFUL
                || forced < FEWEST_FORCED
                || rate < FORCED_PER_CPU_SECOND
                || ready < (rate < FORCED_TOO_OFTEN ? FAR_TOO_MANY : TOO_MANY) * seen.usable()) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "on average %.1f were ready on %d, and %.0f times in a second of CPU time one had to make room for another",
                ready,
                seen.usable(),
                rate));
    }

    /**
     * In a convoy the computing task is made to drop the lock each time, and the others hold it for next to nothing: the lock is
     * held about as long as there were forced switches, and was taken more often.
     */
    private static Optional<String> convoy(Seen seen) {
        List<LockUse> uses =
                seen.samples.stream().map(sample -> sample.scheduling().lock()).toList();
        long interval = uses.stream().mapToLong(LockUse::intervalNanos).max().orElse(0);
        long forced = uses.stream().mapToLong(LockUse::forced).sum();
        long free = uses.stream().mapToLong(LockUse::holds).sum() - forced;
        double slices = (double) forced * interval;
        double waited = uses.stream().mapToLong(LockUse::waitedNanos).sum();
        if (interval == 0
                || forced < FEWEST_FORCED
                || free < (MANY_SHORT_HOLDS - 1) * forced
                || uses.stream().mapToLong(LockUse::heldNanos).sum() > BARELY_MORE * slices
                || waited < ABOUT_AN_INTERVAL * slices) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%,d short holds took %s of waiting each, with a switch interval of %s",
                free,
                Units.time(waited / free),
                Units.time((double) interval)));
    }

    private static Optional<String> pinned(Seen seen) {
        long handoffs = seen.samples.stream()
                .mapToLong(sample -> sample.scheduling().handoffs())
                .sum();
        double computing = seen.cpuSeconds() / seen.seconds() / seen.usable();
        // Where others have the CPUs a carrier may have none for long, and computes nothing without being pinned.
        if (seen.foreignShare() > Quality.FOREIGN_DOUBTFUL
                || handoffs < FEWEST_HANDOFFS
                || handoffs < seen.samples.size()
                || computing > IDLE) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%.1f times in a repetition a processor was taken from a carrier, while only %.0f%% of the processors' time was"
                        + " computed; what blocks belongs into Heddle.blocking",
                (double) handoffs / seen.samples.size(),
                computing * 100));
    }

    private static Optional<String> queue(Seen seen, String how, Function<QueueUse, Integer> count) {
        Map<String, List<QueueUse>> byName = new LinkedHashMap<>();
        for (Sample sample : seen.samples) {
            for (QueueUse use : sample.scheduling().queues()) {
                if (use.capacity() > 0) { // a rendezvous is both full and empty
                    byName.computeIfAbsent(use.name(), name -> new ArrayList<>())
                            .add(use);
                }
            }
        }
        List<String> said = new ArrayList<>();
        byName.forEach((name, uses) -> {
            int looks = uses.stream().mapToInt(QueueUse::looks).sum();
            int met = uses.stream().mapToInt(count::apply).sum();
            if (looks >= FEWEST_LOOKS && met >= ALWAYS * looks) {
                said.add(String.format(
                        Locale.ROOT,
                        "%s, with room for %,d, was %s in %d of %d looks",
                        name,
                        uses.getFirst().capacity(),
                        how,
                        met,
                        looks));
            }
        });
        return said.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", said));
    }
}
