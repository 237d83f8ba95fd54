package dev.heddle;

import dev.heddle.internal.channel.AbstractBroadcast;
import java.io.Serializable;

/**
 * A channel whose every subscriber gets every element. Made by {@link Heddle#broadcast(int)}.
 *
 * <pre>{@code
 * Broadcast<Price> prices = h.broadcast(16);
 * try (Subscription<Price> mine = prices.subscribe()) {
 *     for (Price price : mine) show(price);
 * }
 * }</pre>
 *
 * <p>A subscriber gets what is sent after it has subscribed, in the order in which it was sent, which is the same for all
 * subscribers. Without subscribers an element is gone. Each subscription has room for as many elements as the broadcast's
 * capacity says; a send waits until there is room in all of them, or does with those that are full what the {@link Overflow}
 * policy says: so a slow subscriber holds the senders up, or misses elements, as the broadcast's maker chooses.
 *
 * <p>A send is done for all subscribers or for none; one that is interrupted or times out has sent nothing to anybody.
 *
 * @param <E> the type of the elements
 */
public sealed interface Broadcast<E> extends Sink<E>, Serializable permits AbstractBroadcast {
    /**
     * Adds a subscriber.
     *
     * @return gets what is sent from now on; close it, for as long as it is open it takes part
     * @throws UnsupportedOperationException in a worker of {@link Model#PROCESS}: there a job can use a subscription that was
     *     made in the process that opened the heddle
     */
    Subscription<E> subscribe();

    /** {@return how many subscriptions are open} */
    int subscribers();

    /** {@return how many elements a subscription has room for} */
    int capacity();

    /** {@return what a send does with a subscription that has no room} */
    Overflow overflow();

    /** {@return whether the broadcast has been closed; subscriptions may have elements left} */
    boolean isClosed();
}
