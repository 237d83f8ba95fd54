package dev.heddle;

import dev.heddle.internal.channel.AbstractSubscription;
import java.io.Serializable;

/**
 * What one subscriber gets of a {@link Broadcast}. Several tasks that receive from one subscription share its elements.
 *
 * @param <E> the type of the elements
 */
public sealed interface Subscription<E> extends Source<E>, AutoCloseable, Serializable permits AbstractSubscription {
    /** {@return how many elements have been sent to it and not yet received} An estimate, as {@link Channel#size}. */
    int size();

    /**
     * Ends the subscription: elements that have not been received are dropped, senders do not wait for it any more, whoever
     * waits in a receive sees the end. Closing again does nothing.
     */
    @Override
    void close();
}
