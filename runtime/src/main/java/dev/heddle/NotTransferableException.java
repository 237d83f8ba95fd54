package dev.heddle;

/**
 * Thrown where a job, an element or a result would have to cross to another process and cannot be serialized. The
 * message names the class, the captured variable or field that holds it, and the mend.
 */
public final class NotTransferableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what cannot cross, where it is held, and what to do
     * @param cause what serialization threw
     */
    public NotTransferableException(String message, Throwable cause) {
        super(message, cause);
    }
}
