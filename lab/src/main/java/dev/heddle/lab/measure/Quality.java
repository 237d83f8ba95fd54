package dev.heddle.lab.measure;

import java.util.List;
import java.util.Locale;

/**
 * How far a row's times can be believed.
 *
 * @param grade how far
 * @param cause what is wrong, in a word or two that the glossary explains; nothing for {@link Grade#GOOD}
 * @param details what exactly, and what would help; nothing for {@link Grade#GOOD}
 */
public record Quality(Grade grade, String cause, String details) {
    /** How far a row's times can be believed. */
    public enum Grade {
        /** They can be compared. */
        GOOD,
        /** Shown, but too unsure to be ranked. */
        DOUBTFUL,
        /** Shown, but they say nothing about the model. */
        INVALID
    }

    /** An interval wider than this share of its median makes a row doubtful. */
    static final double WIDEST_INTERVAL = 0.30;

    /** Other programs having more than this share of the machine make a row doubtful. */
    static final double FOREIGN_DOUBTFUL = 0.25;

    /** Other programs having more than this share of the machine make a row invalid. */
    static final double FOREIGN_INVALID = 0.50;

    /** A first half of the repetitions that surely took this many times as long as the second was still warming up. */
    static final double STILL_WARMING = 1.05;

    /** Of the bootstrap below; it need not vary. */
    private static final long SEED = 1;

    /** Fewer repetitions show no trend. */
    private static final int FEWEST_FOR_A_TREND = 6;

    private static final Quality GOOD = new Quality(Grade.GOOD, "", "");

    /**
     * @param samples at least one
     * @param summary of the same samples
     * @param settled whether warm-up went on until it was no longer getting faster, or for long enough
     * @param processors what the row asked for
     * @param cpus what the machine has
     * @return how far the times can be believed
     */
    public static Quality of(List<Sample> samples, Summary summary, boolean settled, int processors, int cpus) {
        if (cpus < 2) {
            return new Quality(Grade.INVALID, "too few CPUs", "with 1 CPU nothing runs at the same time");
        }
        if (processors > cpus) {
            return new Quality(
                    Grade.INVALID, "too few CPUs", processors + " processors were asked for and there are " + cpus);
        }
        if (summary.foreignShare() > FOREIGN_INVALID) {
            return new Quality(
                    Grade.INVALID,
                    "disturbed",
                    "other programs had " + percent(summary.foreignShare()) + " of the machine");
        }
        if (summary.foreignShare() > FOREIGN_DOUBTFUL) {
            return new Quality(
                    Grade.DOUBTFUL,
                    "disturbed",
                    "other programs had " + percent(summary.foreignShare()) + " of the machine");
        }
        if (stillWarming(samples, settled)) {
            return new Quality(Grade.INVALID, "not warmed up", "it was still getting faster; more repetitions help");
        }
        double width = summary.interval().width() / summary.median();
        if (width > WIDEST_INTERVAL) {
            return new Quality(
                    Grade.DOUBTFUL,
                    "noisy",
                    "the interval is " + percent(width) + " of the median; more repetitions help");
        }
        return GOOD;
    }

    private static boolean stillWarming(List<Sample> samples, boolean settled) {
        if (samples.size() < FEWEST_FOR_A_TREND) {
            return !settled;
        }
        int half = samples.size() / 2;
        double[] first = Summary.times(samples.subList(0, half));
        double[] second = Summary.times(samples.subList(samples.size() - half, samples.size()));
        return Statistics.ratioInterval(first, second, SEED).low() > STILL_WARMING;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", share * 100);
    }
}
