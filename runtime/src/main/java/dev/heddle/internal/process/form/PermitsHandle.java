package dev.heddle.internal.process.form;

import java.io.InvalidObjectException;

/**
 * What stands for a mutex or semaphore while it crosses between the heddle that made it and its workers.
 *
 * @param heddle a random number of the heddle
 * @param permits the number of the permits in the heddle
 * @param total how many there are
 * @param name for messages
 */
public record PermitsHandle(long heddle, long permits, int total, String name) implements Handle {
    private static final long serialVersionUID = 1L;

    private Object readResolve() throws InvalidObjectException {
        return resolve("a mutex or semaphore", "mutex() or semaphore(permits)");
    }
}
