package dev.heddle.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * A side of a channel that a select can wait at. For the select an element may have another form than its user gives or gets:
 * bytes, for a channel between processes.
 *
 * @param <E> the type of the elements
 */
public interface Selectable<E> {
    /** {@return where to wait, if that is in this process} */
    Port<?> port();

    /** {@return who does a select for this process, if the channel is in another; else null} */
    default @Nullable RemoteSelects elsewhere() {
        return null;
    }

    /**
     * The calling thread has done what it selected. For traces.
     *
     * @param sent whether that was a send, or else a receive
     */
    default void wasDone(boolean sent) {}

    /**
     * {@return what is sent for an element}
     *
     * @param element from the user
     */
    default Object encode(E element) {
        return element;
    }

    /**
     * {@return an element for the user}
     *
     * @param received what was received, where elements of this type were sent
     */
    @SuppressWarnings("unchecked")
    default E decode(Object received) {
        return (E) received;
    }

    /**
     * What a select may do: send or receive.
     *
     * @param channel where
     * @param element what to send there, encoded; null to receive
     */
    record Operation(Selectable<?> channel, @Nullable Object element) {}

    /**
     * What a select has done.
     *
     * @param index which of the operations
     * @param outcome how it went
     * @param element what was received; has no meaning for a send
     * @param cause what closed the channel, if it is closed and there is a cause
     */
    record Done(
            int index,
            Waiter.Outcome outcome,
            @Nullable Object element,
            @Nullable Throwable cause) {}

    /** Does selects among channels of another process. */
    interface RemoteSelects {
        /**
         * As the select of this process.
         *
         * @param operations on channels that have this very object, at least one
         * @param nanos the longest time to wait, 0 not to wait, or {@link dev.heddle.internal.Parker#FOREVER}
         * @param seed decides among operations that are possible
         * @return what was done, or null if the time is over and nothing will be done
         * @throws InterruptedException if interrupted before anything was done; nothing will be
         */
        @Nullable
        Done select(java.util.List<Operation> operations, long nanos, long seed) throws InterruptedException;
    }
}
