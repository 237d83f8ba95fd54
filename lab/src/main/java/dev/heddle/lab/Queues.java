package dev.heddle.lab;

import dev.heddle.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a {@link Workload} wants watched while it is measured: whether they are full, or empty. What is always
 * full or always empty is said beside the table, since it tells which side is too slow.
 *
 * <p>The thread that runs the workload adds channels; any thread may read them. Elsewhere nothing is watched, so that a
 * workload runs in a test as it is.
 */
public final class Queues {
    private static final ThreadLocal<@Nullable Queues> CURRENT = new ThreadLocal<>();

    private final List<Named> watched = new CopyOnWriteArrayList<>();

    private Queues() {}

    /**
     * A channel with a name.
     *
     * @param name what it is called beside the table
     * @param channel the channel
     */
    public record Named(String name, Channel<?> channel) {}

    /**
     * Has a channel watched until the workload's run ends.
     *
     * @param name what it is called beside the table
     * @param channel a channel of the heddle that is measured
     * @param <E> of its elements
     * @return the same channel
     */
    public static <E> Channel<E> watch(String name, Channel<E> channel) {
        Queues current = CURRENT.get();
        if (current != null) {
            current.watched.add(new Named(name, channel));
        }
        return channel;
    }

    /** {@return what the calling thread has watched from now on, until it begins or ends anew} */
    public static Queues begin() {
        Queues queues = new Queues();
        CURRENT.set(queues);
        return queues;
    }

    /** Nothing more is watched for the calling thread. */
    public static void end() {
        CURRENT.remove();
    }

    /** {@return the channels so far} */
    public List<Named> watched() {
        return watched;
    }
}
