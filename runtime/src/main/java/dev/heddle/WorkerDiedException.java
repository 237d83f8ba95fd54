package dev.heddle;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a task whose worker, an OS process of the {@link Model#PROCESS} model, died under it. The message says all of
 * it but the text of the crash report. Earlier deaths under the same task, see {@link TaskOptions#retries}, are suppressed
 * exceptions.
 */
public final class WorkerDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Signal n is exit code 128 + n. */
    private static final int SIGNALS = 128;

    private static final int SIGNALS_MAX = 64;

    /** The process that died. */
    private final long pid;

    /** Its exit code, 128 + n after signal n. */
    private final int exitCode;

    /** Which task it was running. */
    private final long taskId;

    /** What it wrote last. */
    @SuppressWarnings("serial") // of a copy that the JDK makes, which is serializable
    private final List<String> lastLines;

    /** What its JVM wrote when it crashed. */
    private final @Nullable String crashReport;

    /**
     * @param message who died, of what, and doing what
     * @param pid the worker's process id
     * @param exitCode its exit code; 128 + n after signal n, as shells say it
     * @param taskId the id of the task that it was running
     * @param lastLines what it wrote last to its standard error, the latest last
     * @param crashReport the text of its JVM's report, or null if there is none
     */
    public WorkerDiedException(
            String message, long pid, int exitCode, long taskId, List<String> lastLines, @Nullable String crashReport) {
        super(message);
        this.pid = pid;
        this.exitCode = exitCode;
        this.taskId = taskId;
        this.lastLines = List.copyOf(lastLines);
        this.crashReport = crashReport;
    }

    /** {@return the process id of the worker} */
    public long pid() {
        return pid;
    }

    /** {@return the exit code of the worker; 128 + n after signal n, as shells say it} */
    public int exitCode() {
        return exitCode;
    }

    /** {@return the number of the signal that ended the worker, if one did} An exit code from 129 to 192 is taken for one. */
    public OptionalInt signal() {
        return exitCode > SIGNALS && exitCode <= SIGNALS + SIGNALS_MAX
                ? OptionalInt.of(exitCode - SIGNALS)
                : OptionalInt.empty();
    }

    /** {@return the {@linkplain Task#id id} of the task that the worker was running} */
    public long taskId() {
        return taskId;
    }

    /** {@return the last lines that the worker wrote to its standard error, 20 at most, the latest last} */
    public List<String> lastLines() {
        return lastLines;
    }

    /**
     * {@return the report that the worker's JVM wrote when it crashed, if it did} That is the text of its {@code hs_err} file, its
     * beginning if it is longer than 256 KiB; the message says where the file is.
     */
    public Optional<String> crashReport() {
        return Optional.ofNullable(crashReport);
    }
}
