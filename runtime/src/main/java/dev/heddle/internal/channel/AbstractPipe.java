package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Pipe;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;

/**
 * For {@link Pipe} to be sealed across packages.
 *
 * @param <E> the type of the elements
 */
public abstract non-sealed class AbstractPipe<E> extends AbstractSource<E> implements Pipe<E>, AbstractSink<E> {
    private static final long serialVersionUID = 1L;

    /** For subclasses. */
    protected AbstractPipe() {}

    @Override
    public final Overflow overflow() {
        return Overflow.BLOCK;
    }

    /**
     * What stands for the pipe in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if this pipe cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "a pipe that was not made by the PROCESS heddle it is used in: make it with pipe() of that heddle");
    }
}
