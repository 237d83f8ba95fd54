package dev.heddle.internal.process.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.AbstractChannel;
import dev.heddle.internal.channel.AbstractSink;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.trace.Trace;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the PROCESS model, in a worker: every operation is a request to the parent, where the channel is.
 *
 * @param <E> the type of the elements
 */
public final class RemoteChannel<E> extends AbstractChannel<E> implements RemoteEnd<E> {
    private static final long serialVersionUID = 1L;

    private final transient ChannelHandle handle;
    private final transient ChannelClient client;

    /** If something of the channel can be leased. */
    private final transient @Nullable Lessee lessee;

    /**
     * @param handle which channel
     * @param client asks the parent
     */
    RemoteChannel(ChannelHandle handle, ChannelClient client) {
        this.handle = handle;
        this.client = client;
        this.lessee = handle.canBeLeased() ? client.lessee(handle.channel()) : null;
    }

    @Override
    public long number() {
        return handle.channel();
    }

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        if (handle.overflow() == Overflow.FAIL) {
            if (!trySend(element)) {
                throw AbstractSink.full(capacity());
            }
            return true;
        }
        byte[] bytes = Payload.write(element, Role.ELEMENT);
        return sent(isSent(
                lessee == null ? client.await(Op.SEND, handle.channel(), bytes, nanos) : lessee.send(bytes, nanos)));
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a channel has no null elements");
        return sent(isSent(client.ask(Op.TRY_SEND, handle.channel(), Payload.write(element, Role.ELEMENT))));
    }

    private boolean sent(boolean done) {
        if (done) {
            wasDone(true);
        }
        return done;
    }

    @Override
    public void wasDone(boolean sent) {
        client.trace().record(sent ? Trace.Event.SEND : Trace.Event.RECEIVE, 0, handle.channel());
    }

    private static boolean isSent(Reply reply) {
        return switch (reply.outcome()) {
            case DONE -> true;
            case NOT_DONE, DROPPED -> false;
            case CLOSED -> throw AbstractSink.notSent(cause(reply));
            case CREDIT, AHEAD -> throw leased(reply);
        };
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        return received(
                lessee == null
                        ? client.await(Op.RECEIVE, handle.channel(), Message.NOTHING, nanos)
                        : lessee.receive(nanos));
    }

    @Override
    public Received<E> tryReceive() {
        return received(client.ask(Op.TRY_RECEIVE, handle.channel(), Message.NOTHING));
    }

    private Received<E> received(Reply reply) {
        if (reply.outcome() == Message.Outcome.DONE) {
            wasDone(false);
        }
        return switch (reply.outcome()) {
            case DONE -> new Received.Element<>(Payload.element(reply.payload(), true));
            case NOT_DONE -> new Received.Empty<>();
            case CLOSED -> new Received.Closed<>(cause(reply));
            case DROPPED -> throw new AssertionError("a receive drops nothing");
            case CREDIT, AHEAD -> throw leased(reply);
        };
    }

    private static CorruptFrameException leased(Reply reply) {
        return new CorruptFrameException("an answer with " + reply.outcome() + ", for which nobody asked");
    }

    /**
     * {@return why a channel was closed, or null}
     *
     * @param reply that says that it is closed
     */
    public static @Nullable Throwable cause(Reply reply) {
        return reply.payload().length == 0
                ? null
                : RemoteFailure.read(reply.payload(), true, "closed the channel in another process");
    }

    @Override
    public RemoteSelects elsewhere() {
        return client;
    }

    @Override
    public void close(@Nullable Throwable cause) {
        client.ask(Op.CLOSE, handle.channel(), cause == null ? Message.NOTHING : RemoteFailure.write(cause));
    }

    @Override
    public boolean isClosed() {
        return client.ask(Op.IS_CLOSED, handle.channel(), Message.NOTHING).outcome() == Outcome.CLOSED;
    }

    @Override
    public int size() {
        return client.ask(Op.SIZE, handle.channel(), Message.NOTHING).number();
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
        return handle;
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a channel is read back from its handle only");
    }
}
