package dev.heddle.internal.process.link;

/**
 * What the other side wrote to the shared memory cannot be: its process is broken, and must not be believed any more.
 */
public final class CorruptFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found */
    public CorruptFrameException(String message) {
        super(message);
    }
}
