package dev.heddle.internal.channel;

import dev.heddle.Broadcast;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;

/**
 * For {@link Broadcast} to be sealed across packages.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractBroadcast<E> implements Broadcast<E>, AbstractSink<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractBroadcast() {}

    /**
     * What stands for it in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if it cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a broadcast that was not made by the PROCESS heddle it is used in: make it with"
                        + " broadcast(capacity) of that heddle");
    }
}
