package dev.heddle.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.heddle.HeddleBuilder} collected about the workers of PROCESS.
 *
 * @param jvmFlags extra flags
 * @param classPath extra class path entries
 * @param heapBytes how large the heap may become, or 0 for what the JVM chooses
 * @param cpus how many CPUs each may use, or 0 for all
 * @param environment variables to set beside those of this process
 * @param folder the working directory, or null for that of this process
 * @param output told of each line of standard output and standard error, with the worker's name; null passes them on
 * @param tasks how many tasks a worker runs before another takes its place, or 0 for any number
 * @param idleNanos how long a worker may be idle, or {@link Parker#FOREVER}
 * @param kept how many stay even so
 * @param exitMillis how long one that was asked to exit may take before it is killed
 */
public record WorkerOptions(
        List<String> jvmFlags,
        List<Path> classPath,
        long heapBytes,
        int cpus,
        Map<String, String> environment,
        @Nullable Path folder,
        @Nullable BiConsumer<String, String> output,
        int tasks,
        long idleNanos,
        int kept,
        long exitMillis) {
    /** For the shutdown hooks of jobs. */
    public static final long EXIT_MILLIS = 2_000;

    /** Those of a builder that was told nothing. */
    public static final WorkerOptions DEFAULT =
            new WorkerOptions(List.of(), List.of(), 0, 0, Map.of(), null, null, 0, Parker.FOREVER, 0, EXIT_MILLIS);
}
