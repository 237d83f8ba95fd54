package dev.heddle.lab.experiment;

/**
 * What is measured in a process of its own.
 *
 * @param label what tables call it
 * @param family what it is one of, which decides its colour
 * @param subject what runs
 */
public record Cell(String label, Family family, Subject subject) {
    /** What a cell is one of. */
    public enum Family {
        /** Heddle's model of that name. */
        PROCESS,
        /** Heddle's model of that name. */
        THREAD,
        /** Heddle's model of that name. */
        GREEN,
        /** Heddle's model of that name. */
        FIBER,
        /** A C program. */
        C,
        /** A program for CPython. */
        PYTHON,
        /** A Go program. */
        GO
    }
}
