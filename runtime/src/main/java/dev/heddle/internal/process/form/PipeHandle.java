package dev.heddle.internal.process.form;

import java.io.InvalidObjectException;

/**
 * What stands for a pipe while it crosses between the heddle that made it and its workers.
 *
 * @param heddle a random number of the heddle
 * @param pipe the pipe's number in the heddle, among those of its channels
 * @param path what a worker opens; means nothing to the parent, which goes by the number
 */
public record PipeHandle(long heddle, long pipe, String path) implements Handle {
    private static final long serialVersionUID = 1L;

    private Object readResolve() throws InvalidObjectException {
        return resolve("a pipe", "pipe()");
    }
}
