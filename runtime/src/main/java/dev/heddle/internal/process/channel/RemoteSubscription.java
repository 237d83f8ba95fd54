package dev.heddle.internal.process.channel;

import dev.heddle.Received;
import dev.heddle.internal.channel.AbstractSubscription;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;

/**
 * A subscription of the PROCESS model, in a worker. On the wire it is a channel that is only received from.
 *
 * @param <E> the type of the elements
 */
final class RemoteSubscription<E> extends AbstractSubscription<E> implements RemoteEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient RemoteChannel<E> channel;

    /** @param channel with its number */
    RemoteSubscription(RemoteChannel<E> channel) {
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
    protected Received<E> receive(long nanos) throws InterruptedException {
        return channel.receive(nanos);
    }

    @Override
    public Received<E> tryReceive() {
        return channel.tryReceive();
    }

    @Override
    public int size() {
        return channel.size();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    protected Object writeReplace() {
        return channel.writeReplace();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a subscription is read back from its handle only");
    }
}
