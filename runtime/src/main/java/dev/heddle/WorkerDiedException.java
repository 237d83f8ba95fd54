package dev.heddle;

/**
 * The failure of a task whose worker, an OS process of the {@link Model#PROCESS} model, died under it. The message
 * names the pid, the exit code or signal, the task, and the last lines that the worker wrote to its standard error.
 */
public final class WorkerDiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The process that died. */
    private final long pid;

    /** Its exit code, 128 + n after signal n. */
    private final int exitCode;

    /**
     * @param message who died, of what, and doing what
     * @param pid the worker's process id
     * @param exitCode its exit code; 128 + n after signal n, as shells say it
     */
    public WorkerDiedException(String message, long pid, int exitCode) {
        super(message);
        this.pid = pid;
        this.exitCode = exitCode;
    }

    /** {@return the process id of the worker} */
    public long pid() {
        return pid;
    }

    /** {@return the exit code of the worker; 128 + n after signal n, as shells say it} */
    public int exitCode() {
        return exitCode;
    }
}
