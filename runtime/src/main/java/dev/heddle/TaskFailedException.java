package dev.heddle;

import org.jspecify.annotations.Nullable;

/** Thrown to whoever joins a task whose job threw, and by {@link Heddle#close} for failures that nobody joined. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message which task failed, and how
     * @param cause what its job threw; null if that was not kept
     */
    public TaskFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
