package dev.heddle.internal;

import dev.heddle.Job;
import dev.heddle.Mapper;
import dev.heddle.internal.process.form.CarriedFailure;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some inputs of a map: what one of its tasks does. Ends at the first that fails.
 *
 * @param mapper what to do with each
 * @param inputs the inputs
 * @param <I> the type of the inputs
 * @param <R> the type of the results
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Chunk<I extends @Nullable Object, R extends @Nullable Object>(
        Mapper<? super I, ? extends R> mapper, @Nullable Object[] inputs) implements Job<Chunk.Mapped> {
    /**
     * What became of them.
     *
     * @param results of the inputs before the one that failed, or of all
     * @param failure what the next one threw, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Mapped(@Nullable Object[] results, @Nullable CarriedFailure failure) implements Serializable {}

    @Override
    @SuppressWarnings("unchecked") // they are what an Iterable<? extends I> gave
    public Mapped call() {
        @Nullable Object[] results = new Object[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("before input " + i + " of a chunk");
                }
                results[i] = mapper.map((I) inputs[i]);
            } catch (Throwable t) { // even an Error belongs to whoever asked for the results
                return new Mapped(Arrays.copyOf(results, i), new CarriedFailure(t));
            }
        }
        return new Mapped(results, null);
    }
}
