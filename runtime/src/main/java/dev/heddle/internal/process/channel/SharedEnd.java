package dev.heddle.internal.process.channel;

import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.channel.Selectable;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.link.Link;
import org.jspecify.annotations.Nullable;

/**
 * What a worker reaches by a number, in the process that opened the heddle: a channel, a broadcast, a subscription.
 *
 * @param <E> the type of the elements
 */
public interface SharedEnd<E> extends Selectable<E> {
    /** {@return whether one sends there} */
    boolean takes();

    /** {@return whether one receives there} */
    boolean gives();

    /** {@return where its elements are, if a worker may have credit for them and be lent some; else null} */
    default @Nullable QueueChannel<byte[]> leasable() {
        return null;
    }

    /**
     * A worker uses it, and so may be what others wait for here.
     *
     * @param link to the worker
     */
    default void usedOver(Link link) {}

    /** {@return whether it is closed} */
    boolean isClosed();

    /** {@return how many elements it holds; of a broadcast, how many subscribers it has} */
    int size();

    /**
     * Closes it.
     *
     * @param cause why, or null
     */
    void close(@Nullable Throwable cause);

    @Override
    default Object encode(E element) {
        return Payload.write(element, Payload.Role.ELEMENT);
    }

    @Override
    default E decode(Object received) {
        return Payload.element((byte[]) received, false);
    }
}
