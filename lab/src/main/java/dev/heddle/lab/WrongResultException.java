package dev.heddle.lab;

/** Thrown by a workload whose result is not what it must be; the command ends with exit code 1. */
public final class WrongResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was expected and what was found, without a full stop */
    public WrongResultException(String message) {
        super(message);
    }
}
