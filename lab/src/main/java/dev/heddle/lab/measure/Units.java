package dev.heddle.lab.measure;

import java.util.Locale;

/** Numbers as people read them. */
public final class Units {
    private static final String UNKNOWN = "n/a";

    private Units() {}

    /** {@return a time with three digits and a unit from ns to s} */
    public static String time(double nanos) {
        if (nanos == Sample.UNKNOWN) {
            return UNKNOWN;
        }
        if (nanos < 1_000) {
            return digits(nanos) + " ns";
        }
        if (nanos < 1_000_000) {
            return digits(nanos / 1_000) + " us";
        }
        if (nanos < 1_000_000_000) {
            return digits(nanos / 1_000_000) + " ms";
        }
        return digits(nanos / 1_000_000_000) + " s";
    }

    /** {@return memory in MiB} */
    public static String bytes(long bytes) {
        return bytes == Sample.UNKNOWN ? UNKNOWN : count(Math.round(bytes / 1024.0 / 1024.0)) + " MiB";
    }

    /** {@return a number with its thousands grouped} */
    public static String count(long number) {
        return number == Sample.UNKNOWN ? UNKNOWN : grouped(number);
    }

    /** {@return a number with its thousands grouped; unlike {@link #count} -1 is a number} */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String digits(double number) {
        if (number >= 99.95) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        return String.format(Locale.ROOT, number >= 9.995 ? "%.1f" : "%.2f", number);
    }
}
