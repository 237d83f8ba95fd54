package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * What a receive that does not wait for ever came back with.
 *
 * @param <E> the type of the elements
 */
public sealed interface Received<E> {
    /**
     * An element was received.
     *
     * @param <E> the type of the elements
     * @param value the element
     */
    record Element<E>(E value) implements Received<E> {}

    /**
     * The channel is open and held no element in the time given.
     *
     * @param <E> the type of the elements
     */
    record Empty<E>() implements Received<E> {}

    /**
     * The channel is closed and every element has been received.
     *
     * @param <E> the type of the elements
     * @param cause the failure that closed it, or null after an ordinary close
     */
    record Closed<E>(@Nullable Throwable cause) implements Received<E> {}
}
