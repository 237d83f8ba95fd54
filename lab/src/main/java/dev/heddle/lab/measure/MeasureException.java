package dev.heddle.lab.measure;

/** A row could not be measured. */
public final class MeasureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a row could not be measured. */
    public enum Kind {
        /** The command line asked for something that cannot be. */
        USAGE,
        /** The model cannot work here. */
        UNAVAILABLE,
        /** The workload's result was wrong. */
        WRONG_RESULT,
        /** A process died: the runner, or a worker of the heddle that was measured. */
        WORKER_DIED,
        /** The workload failed in another way. */
        FAILED
    }

    /** Why. */
    private final Kind kind;

    /** The stack trace of the runner, or nothing. */
    private final String details;

    /**
     * @param kind why
     * @param message a sentence without a full stop
     * @param details the stack trace of the runner, or nothing
     */
    public MeasureException(Kind kind, String message, String details) {
        super(message);
        this.kind = kind;
        this.details = details;
    }

    /** {@return why} */
    public Kind kind() {
        return kind;
    }

    /** {@return the stack trace of the runner, or nothing where the message says all} */
    public String details() {
        return details;
    }
}
