package dev.heddle.internal.process;

import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.Selectable;

/**
 * In a worker, what is a {@link SharedEnd} in the parent.
 *
 * @param <E> the type of the elements
 */
interface RemoteEnd<E> extends Selectable<E> {
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
