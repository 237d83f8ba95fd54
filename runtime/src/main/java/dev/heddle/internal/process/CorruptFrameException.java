package dev.heddle.internal.process;

/**
 * What the other side wrote to the shared memory cannot be: its process is broken, and must not be believed any more.
 */
final class CorruptFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was found */
    CorruptFrameException(String message) {
        super(message);
    }
}
