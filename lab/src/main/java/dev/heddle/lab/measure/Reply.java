package dev.heddle.lab.measure;

import java.io.Serializable;

/** What a runner answers: always a value, since an exception of a user's class may not survive the way back. */
public sealed interface Reply extends Serializable {
    /**
     * The workload is there and its heddle is open.
     *
     * @param name the workload's name
     * @param describe the workload's description
     * @param jvm the JVM that runs the tasks
     * @param pid the runner's process id
     */
    record Opened(String name, String describe, Jvm jvm, long pid) implements Reply {}

    /** @param sample one repetition */
    record Measured(Sample sample) implements Reply {}

    /** This runner has never been asked to open anything: it has taken the place of one that died while idle. */
    record Replaced() implements Reply {}

    /** The runner has closed its heddle. */
    record Closed() implements Reply {}

    /**
     * Something failed.
     *
     * @param kind what
     * @param message a sentence
     * @param stack the stack trace, or nothing where the sentence says all
     */
    record Failed(MeasureException.Kind kind, String message, String stack) implements Reply {}
}
