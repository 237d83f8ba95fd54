package dev.heddle.lab.measure;

import dev.heddle.Model;
import java.util.List;
import java.util.Optional;

/**
 * All that a comparison has found so far.
 *
 * @param context where and how it was measured
 * @param tables one for each workload that has been begun
 * @param ending how it ended
 * @param failure what ended it, if it failed
 */
public record Result(Context context, List<Table> tables, Ending ending, Optional<String> failure) {
    /** How a comparison ended. */
    public enum Ending {
        /** It has not. */
        RUNNING,
        /** Everything was measured. */
        COMPLETE,
        /** A wrong result, or a process died. */
        FAILED,
        /** The user stopped it. */
        INTERRUPTED
    }

    /**
     * A workload, measured under each model.
     *
     * @param workload its name
     * @param args its arguments
     * @param description what it does
     * @param rows one for each model and number of processors
     * @param verdict what the rows show
     */
    public record Table(String workload, List<String> args, String description, List<Row> rows, Verdict verdict) {}

    /**
     * Where and how a comparison was measured.
     *
     * @param started when, as ISO 8601
     * @param command the command line that measures the same again, with its seed
     * @param version of Heddle
     * @param cpus that the JVM may use
     * @param os name, version and architecture
     * @param jdk version and vendor
     * @param flags that the user gave to the JVMs that are measured
     * @param seed of the order and of the bootstrap
     * @param repeats measured repetitions of each row
     * @param models the models asked for
     */
    public record Context(
            String started,
            String command,
            String version,
            int cpus,
            String os,
            String jdk,
            List<String> flags,
            long seed,
            int repeats,
            List<Model> models) {}
}
