package dev.heddle.internal.process.channel;

import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.Selectable;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;

/**
 * In a worker, what is a {@link SharedEnd} in the parent.
 *
 * @param <E> the type of the elements
 */
public interface RemoteEnd<E> extends Selectable<E> {
    /**
     * {@return what a handle stands for in a worker}
     *
     * @param handle of the parent's heddle
     * @param client asks the parent
     */
    static RemoteEnd<?> of(ChannelHandle handle, ChannelClient client) {
        RemoteChannel<?> channel = new RemoteChannel<>(handle, client);
        return switch (handle.kind()) {
            case CHANNEL -> channel;
            case BROADCAST -> new RemoteBroadcast<>(channel);
            case SUBSCRIPTION -> new RemoteSubscription<>(channel);
        };
    }

    /** {@return its number in the heddle} */
    long number();

    @Override
    RemoteSelects elsewhere();

    @Override
    default Port<?> port() {
        throw new IllegalStateException("the channel is in the process of the heddle that made it");
    }

    @Override
    default Object encode(E element) {
        return Payload.write(element, Payload.Role.ELEMENT);
    }

    @Override
    default E decode(Object received) {
        return Payload.element((byte[]) received, true);
    }
}
