package dev.heddle.internal.channel;

import dev.heddle.Subscription;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;

/**
 * For {@link Subscription} to be sealed across packages.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractSubscription<E> extends AbstractSource<E> implements Subscription<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractSubscription() {}

    /**
     * What stands for it in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if it cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a subscription that was not made by the PROCESS heddle it is used in: make it with"
                        + " broadcast(capacity) of that heddle");
    }
}
