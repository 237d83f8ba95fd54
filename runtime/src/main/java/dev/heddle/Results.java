package dev.heddle;

import dev.heddle.internal.MapResults;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The results of a {@link Heddle#map}, in the order of the inputs, as they come. For one thread at a time.
 *
 * @param <R> the type of the results
 */
public sealed interface Results<R extends @Nullable Object> extends Iterable<R>, AutoCloseable permits MapResults {
    /**
     * Takes the results. {@code hasNext} waits until the next one is there, and starts tasks for inputs to come. Called by the
     * owner of a {@link Model#FIBER} heddle, it runs fibers while it waits.
     *
     * <p>In the place of a result, {@code hasNext} and {@code next} throw
     *
     * <ul>
     *   <li>a {@link TaskFailedException} if that input has failed. The message names the input, the first is 0; the cause is
     *       what the mapper threw, or a {@link WorkerDiedException} and the like as in {@link Task#join}. The tasks for later
     *       inputs have been cancelled;
     *   <li>a {@link RejectedExecutionException} or {@link NotTransferableException} if a task for that input could not be started,
     *       as in {@link Heddle#start(Job)};
     *   <li>what the iterator of the inputs threw;
     *   <li>a {@link CancellationException} if the heddle was shut down by {@link Heddle#shutdownNow}.
     * </ul>
     *
     * and every further call throws it again. They also throw a {@link CancellationException} if the calling thread is interrupted
     * while it waits; it stays interrupted, and nothing is lost.
     *
     * @return always the same iterator
     */
    @Override
    Iterator<R> iterator();

    /**
     * Cancels what has been started for inputs whose results have not been taken, as {@link Task#cancel cancel(true)} does, and
     * waits until the code of all these tasks has ended. Does nothing if all results have been taken. Afterwards there are no
     * more results.
     */
    @Override
    void close();
}
