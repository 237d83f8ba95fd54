package dev.heddle.internal.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Work by which waits end, that whoever waits may do for a moment before it sleeps. */
public interface Helped {
    /** Who waits for less does not help, since it may take longer. */
    long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * Does it, unless another thread does, until the condition holds or a moment is over.
     *
     * @param done whether the calling thread need not wait any more
     */
    void help(BooleanSupplier done);
}
