package dev.heddle.internal.process.form;

import java.io.InvalidObjectException;

/**
 * What stands for shared memory while it crosses between the heddle that made it and its workers.
 *
 * @param heddle a random number of the heddle
 * @param memory the memory's number in the heddle
 * @param path what a worker opens; means nothing to the parent, which goes by the number
 */
public record MemoryHandle(long heddle, long memory, String path) implements Handle {
    private static final long serialVersionUID = 1L;

    private Object readResolve() throws InvalidObjectException {
        return resolve("shared memory", "sharedMemory(bytes), sharedLongs(length) or the like");
    }
}
