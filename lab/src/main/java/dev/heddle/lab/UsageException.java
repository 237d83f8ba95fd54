package dev.heddle.lab;

import org.jspecify.annotations.Nullable;

/** Thrown where the command line asks for something that cannot be; the command ends with exit code 2. */
public final class UsageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and what would be right, without a full stop */
    public UsageException(String message) {
        this(message, null);
    }

    /**
     * @param message what is wrong and what would be right, without a full stop
     * @param cause what found it, or null
     */
    public UsageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
