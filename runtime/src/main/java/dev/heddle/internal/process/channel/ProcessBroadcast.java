package dev.heddle.internal.process.channel;

import dev.heddle.Overflow;
import dev.heddle.Subscription;
import dev.heddle.internal.channel.AbstractBroadcast;
import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.QueueBroadcast;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast of the PROCESS model, in the process that opened the heddle: an ordinary one of bytes, as a {@link ProcessChannel}
 * is an ordinary channel of bytes.
 *
 * @param <E> the type of the elements
 */
final class ProcessBroadcast<E> extends AbstractBroadcast<E> implements SharedEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient ChannelHandle handle;
    private final transient SharedEnds ends;
    private final transient QueueBroadcast<byte[]> broadcast;

    /**
     * @param handle what stands for it elsewhere
     * @param ends of the heddle that made it
     */
    ProcessBroadcast(ChannelHandle handle, SharedEnds ends) {
        this.handle = handle;
        this.ends = ends;
        this.broadcast = new QueueBroadcast<>(handle.capacity(), handle.overflow());
    }

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        return broadcast.send(Payload.write(element, Role.ELEMENT), nanos);
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a broadcast has no null elements");
        return broadcast.trySend(Payload.write(element, Role.ELEMENT));
    }

    @Override
    public Subscription<E> subscribe() {
        ChannelHandle one = ends.newHandle(ChannelHandle.Kind.SUBSCRIPTION, capacity(), overflow());
        ends.subscribed(handle, one);
        return new ProcessSubscription<>(one, ends, new ProcessChannel<>(one, ends, broadcast.subscribeQueue()));
    }

    @Override
    public Port<?> port() {
        return broadcast;
    }

    @Override
    public boolean takes() {
        return true;
    }

    @Override
    public boolean gives() {
        return false;
    }

    @Override
    public void close(@Nullable Throwable cause) {
        broadcast.close(cause);
    }

    @Override
    public boolean isClosed() {
        return broadcast.isClosed();
    }

    @Override
    public int size() {
        return subscribers();
    }

    @Override
    public int subscribers() {
        return broadcast.subscribers();
    }

    @Override
    public int capacity() {
        return handle.capacity();
    }

    @Override
    public Overflow overflow() {
        return handle.overflow();
    }

    @Override
    protected Object writeReplace() {
        ends.share(handle, this);
        return handle;
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a broadcast is read back from its handle only");
    }
}
