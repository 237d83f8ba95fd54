package dev.heddle.internal.process.channel;

import dev.heddle.Received;
import dev.heddle.internal.channel.AbstractSubscription;
import dev.heddle.internal.channel.Port;
import dev.heddle.internal.process.form.ChannelHandle;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of the PROCESS model, in the process that opened the heddle: a channel to which only the broadcast sends.
 *
 * @param <E> the type of the elements
 */
final class ProcessSubscription<E> extends AbstractSubscription<E> implements SharedEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient ChannelHandle handle;
    private final transient SharedEnds ends;
    private final transient ProcessChannel<E> channel;

    /**
     * @param handle what stands for it elsewhere
     * @param ends of the heddle that made it
     * @param channel whose queue is a subscription's
     */
    ProcessSubscription(ChannelHandle handle, SharedEnds ends, ProcessChannel<E> channel) {
        this.handle = handle;
        this.ends = ends;
        this.channel = channel;
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
    public Port<?> port() {
        return channel.port();
    }

    @Override
    public boolean takes() {
        return false;
    }

    @Override
    public boolean gives() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return channel.isClosed();
    }

    @Override
    public int size() {
        return channel.size();
    }

    @Override
    public void close() {
        close(null);
    }

    @Override
    public void close(@Nullable Throwable cause) {
        channel.close(cause);
    }

    @Override
    protected Object writeReplace() {
        ends.share(handle, this);
        return handle;
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a subscription is read back from its handle only");
    }
}
