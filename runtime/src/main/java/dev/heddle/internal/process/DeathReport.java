package dev.heddle.internal.process;

import dev.heddle.WorkerDiedException;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.process.link.CorruptFrameException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker ended, in words.
 *
 * @param worker who
 * @param pid its process id; 0 if it never had one
 * @param exitCode its exit code, 128 + n after signal n
 * @param cause why the parent ended it or could not start it, or null
 * @param lastLines what it wrote last to its standard error
 * @param errorFile where its JVM wrote what it crashed of, or null
 */
record DeathReport(
        String worker,
        long pid,
        int exitCode,
        @Nullable Throwable cause,
        List<String> lastLines,
        @Nullable Path errorFile) {
    private static final int SIGNALS = 128;
    private static final String CRASHED = ": its JVM or native code crashed";
    private static final int CRASH_REPORT_MAX = 256 << 10;

    /**
     * {@return the failure of the task that the worker was running}
     *
     * @param task the task
     * @param note what else there is to say of it
     */
    WorkerDiedException failure(TaskCore<?> task, String note) {
        return failure("while it ran " + task, note, task.id());
    }

    /**
     * {@return the failure of a pipe that the worker was the last to use an end of}
     *
     * @param task what it was running; null if that had ended, and a thread was left behind
     */
    WorkerDiedException failureOfPipe(@Nullable TaskCore<?> task) {
        return failure(
                "while it had an end of a pipe" + (task == null ? "" : " and ran " + task),
                "",
                task == null ? 0 : task.id());
    }

    private WorkerDiedException failure(String when, String note, long task) {
        return new WorkerDiedException(sentence(when, note), pid, exitCode, task, lastLines, crashReport());
    }

    /** {@return whether the worker has ended itself, by an exit or a crash or by what it wrote; nobody else ended it} */
    boolean isOwnDoing() {
        if (cause != null) {
            return cause instanceof CorruptFrameException;
        }
        return switch (exitCode - SIGNALS) {
            case 1, 2, 9, 15 -> false; // what somebody sends, or the system when it has no memory left
            default -> true;
        };
    }

    /**
     * {@return who died of what, with the last lines}
     *
     * @param when at what
     * @param note what else there is to say, or nothing
     */
    String sentence(String when, String note) {
        StringBuilder text = new StringBuilder(worker)
                .append(pid == 0 ? " " : " (process " + pid + ") ")
                .append(how())
                .append(' ')
                .append(when)
                .append(hint())
                .append(note);
        if (errorFile != null) {
            text.append("; the JVM's report is ").append(errorFile);
        }
        if (!lastLines.isEmpty()) {
            text.append("; its last lines on standard error:");
            lastLines.forEach(line -> text.append("\n    ").append(line));
        }
        return text.toString();
    }

    /** {@return what the worker's JVM wrote when it crashed, or null} */
    private @Nullable String crashReport() {
        if (errorFile == null) {
            return null;
        }
        try (InputStream file = Files.newInputStream(errorFile)) {
            return new String(file.readNBytes(CRASH_REPORT_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "it cannot be read: " + e;
        }
    }

    private String how() {
        if (pid == 0) {
            return "could not be started (" + cause + ")";
        }
        if (cause != null) {
            return cause instanceof CorruptFrameException
                    ? "was killed because it wrote what cannot be (" + cause.getMessage() + ")"
                    : "was killed because it could not be served (" + cause + ")";
        }
        return exitCode > SIGNALS && exitCode <= SIGNALS + 64
                ? "was ended by signal " + signal(exitCode - SIGNALS)
                : "ended with exit code " + exitCode;
    }

    private static String signal(int number) {
        String name = switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 4 -> "SIGILL";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 15 -> "SIGTERM";
            default -> null;
        };
        return name == null ? Integer.toString(number) : number + " (" + name + ")";
    }

    /** What usually does that, where it is not what the report says itself. */
    private String hint() {
        if (cause != null) {
            return "";
        }
        if (errorFile != null) {
            return CRASHED; // with exit code 1, as it is not to dump its memory
        }
        return switch (exitCode) {
            case SIGNALS + 9 -> ": somebody sent it kill -9, or the system ran out of memory";
            case SIGNALS + 6, SIGNALS + 11, SIGNALS + 4, SIGNALS + 7 -> CRASHED;
            default -> exitCode > SIGNALS ? "" : ": code in it called System.exit or Runtime.halt, or its JVM gave up";
        };
    }
}
