package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Units;
import java.util.Locale;

/** In what a quantity is measured, and how it is written. */
public enum Unit {
    /** Nanoseconds. */
    TIME,
    /** Things, counted. */
    COUNT,
    /** Bytes. */
    BYTES,
    /** How many times as much. */
    TIMES,
    /** Things in a second. */
    RATE;

    private static final double KIB = 1024;

    /**
     * @param value a value in this unit
     * @return as people read it
     */
    public String text(double value) {
        return switch (this) {
            case TIME -> Units.time(value);
            case COUNT -> Units.grouped(Math.round(value));
            case BYTES -> bytes(value);
            case TIMES -> String.format(Locale.ROOT, "%.2f", value);
            case RATE -> Units.grouped(Math.round(value)) + "/s";
        };
    }

    private static String bytes(double bytes) {
        if (bytes < KIB) {
            return Math.round(bytes) + " B";
        }
        return bytes < KIB * KIB
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / KIB)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / KIB / KIB);
    }
}
