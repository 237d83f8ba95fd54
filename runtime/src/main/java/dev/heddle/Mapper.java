package dev.heddle;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Code that {@link Heddle#map} calls for each input, in tasks. It is {@link Serializable} as a {@link Job} is, and for the same
 * reason.
 *
 * @param <I> the type of the inputs; under {@link Model#PROCESS} they must be serializable
 * @param <R> the type of the results; under {@link Model#PROCESS} they must be serializable
 */
@FunctionalInterface
public interface Mapper<I extends @Nullable Object, R extends @Nullable Object> extends Serializable {
    /**
     * Makes a result of an input.
     *
     * @param input the input
     * @return the result
     * @throws Exception any failure; it ends the map
     */
    R map(I input) throws Exception;
}
