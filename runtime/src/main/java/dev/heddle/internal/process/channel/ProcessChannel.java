package dev.heddle.internal.process.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.AbstractChannel;
import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.link.Link;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the PROCESS model, in the process that opened the heddle.
 *
 * <p>It is an ordinary channel of bytes. Elements are turned into bytes by their sender and back by their receiver,
 * also if both are in this process, so that an element is always a copy. Workers reach the bytes through a {@link
 * ChannelServer} and need not be believed what is in them.
 *
 * @param <E> the type of the elements
 */
final class ProcessChannel<E> extends AbstractChannel<E> implements SharedEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient ChannelHandle handle;
    private final transient SharedEnds ends;
    private final transient QueueChannel<byte[]> queue;

    /**
     * @param handle what stands for it elsewhere
     * @param ends of the heddle that made it
     */
    ProcessChannel(ChannelHandle handle, SharedEnds ends) {
        this(handle, ends, new QueueChannel<>(handle.capacity(), handle.overflow()));
    }

    /**
     * @param handle what stands for it elsewhere
     * @param ends of the heddle that made it
     * @param queue where its elements are
     */
    ProcessChannel(ChannelHandle handle, SharedEnds ends, QueueChannel<byte[]> queue) {
        this.handle = handle;
        this.ends = ends;
        this.queue = queue;
    }

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        return queue.send(Payload.write(element, Role.ELEMENT), Duration.ofNanos(nanos)); // FOREVER is 292 years
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        return read(queue.receive(Duration.ofNanos(nanos)));
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a channel has no null elements");
        return queue.trySend(Payload.write(element, Role.ELEMENT));
    }

    @Override
    public Received<E> tryReceive() {
        return read(queue.tryReceive());
    }

    private static <E> Received<E> read(Received<byte[]> received) {
        return switch (received) {
            case Received.Element<byte[]> got -> new Received.Element<>(Payload.element(got.value(), false));
            case Received.Empty<byte[]> empty -> new Received.Empty<>();
            case Received.Closed<byte[]> closed -> new Received.Closed<>(closed.cause());
        };
    }

    @Override
    public Port<?> port() {
        return queue;
    }

    @Override
    public @Nullable QueueChannel<byte[]> leasable() {
        return handle.canBeLeased() ? queue : null;
    }

    @Override
    public void usedOver(Link link) {
        queue.wakenBy(link);
    }

    @Override
    public boolean takes() {
        return true;
    }

    @Override
    public boolean gives() {
        return true;
    }

    @Override
    public void close(@Nullable Throwable cause) {
        queue.close(cause);
    }

    @Override
    public boolean isClosed() {
        return queue.isClosed();
    }

    @Override
    public int size() {
        return queue.size();
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
        throw new InvalidObjectException("a channel is read back from its handle only");
    }
}
