package dev.heddle.internal.process.channel;

import dev.heddle.Overflow;
import dev.heddle.Subscription;
import dev.heddle.internal.channel.AbstractBroadcast;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast of the PROCESS model, in a worker. On the wire it is a channel that is only sent to.
 *
 * @param <E> the type of the elements
 */
final class RemoteBroadcast<E> extends AbstractBroadcast<E> implements RemoteEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient RemoteChannel<E> channel;

    /** @param channel with its number */
    RemoteBroadcast(RemoteChannel<E> channel) {
        this.channel = channel;
    }

    @Override
    public long number() {
        return channel.number();
    }

    @Override
    public RemoteSelects elsewhere() {
        return channel.elsewhere();
    }

    @Override
    public void wasDone(boolean sent) {
        channel.wasDone(sent);
    }

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        return channel.send(element, nanos);
    }

    @Override
    public boolean trySend(E element) {
        return channel.trySend(element);
    }

    @Override
    public Subscription<E> subscribe() {
        throw new UnsupportedOperationException("a worker cannot subscribe: subscribe in the process that opened the"
                + " heddle, and let the job capture the subscription");
    }

    @Override
    public int subscribers() {
        return channel.size();
    }

    @Override
    public void close(@Nullable Throwable cause) {
        channel.close(cause);
    }

    @Override
    public boolean isClosed() {
        return channel.isClosed();
    }

    @Override
    public int capacity() {
        return channel.capacity();
    }

    @Override
    public Overflow overflow() {
        return channel.overflow();
    }

    @Override
    protected Object writeReplace() {
        return channel.writeReplace();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a broadcast is read back from its handle only");
    }
}
