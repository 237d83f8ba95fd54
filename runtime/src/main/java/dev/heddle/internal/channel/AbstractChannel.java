package dev.heddle.internal.channel;

import dev.heddle.Channel;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;

/**
 * The verbs of {@link Channel} in terms of a few primitives, for channels in this JVM and those reached over a ring.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractChannel<E> extends AbstractSource<E> implements Channel<E>, AbstractSink<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractChannel() {}

    /**
     * What stands for the channel in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if this channel cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a channel that was not made by the PROCESS heddle it is used in: make it with"
                        + " channel(capacity) of that heddle, or a ticker in the job");
    }
}
