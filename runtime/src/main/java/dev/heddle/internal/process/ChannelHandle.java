package dev.heddle.internal.process;

import dev.heddle.Overflow;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a channel, broadcast or subscription while it crosses between the heddle that made it and its workers.
 *
 * @param kind what it is
 * @param heddle a random number of the heddle
 * @param channel the channel's number in the heddle
 * @param capacity the channel's capacity
 * @param overflow what a send does that finds no room
 */
record ChannelHandle(Kind kind, long heddle, long channel, int capacity, Overflow overflow) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What a handle stands for. */
    enum Kind {
        CHANNEL,
        BROADCAST,
        SUBSCRIPTION
    }

    /**
     * {@return what the handle stands for, in a worker}
     *
     * @param client asks the parent
     */
    Object remote(ChannelClient client) {
        RemoteChannel<?> channel = new RemoteChannel<>(this, client);
        return switch (kind) {
            case CHANNEL -> channel;
            case BROADCAST -> new RemoteBroadcast<>(channel);
            case SUBSCRIPTION -> new RemoteSubscription<>(channel);
        };
    }

    /** The heddles whose channels this process can reach: those it opened, and the one it is a worker of. */
    private static final ConcurrentMap<Long, Resolver> RESOLVERS = new ConcurrentHashMap<>();

    /** Knows the channels of one heddle in this process. */
    @FunctionalInterface
    interface Resolver {
        /**
         * {@return the channel, or null if there is none of that number}
         *
         * @param handle of the resolver's heddle
         */
        @Nullable
        Object resolve(ChannelHandle handle);
    }

    /**
     * From now on handles of the heddle can be read in this process.
     *
     * @param heddle its random number
     * @param resolver knows its channels
     */
    static void register(long heddle, Resolver resolver) {
        RESOLVERS.put(heddle, resolver);
    }

    /**
     * The heddle is closed.
     *
     * @param heddle its random number
     */
    static void unregister(long heddle) {
        RESOLVERS.remove(heddle);
    }

    private Object readResolve() throws InvalidObjectException {
        Resolver resolver = RESOLVERS.get(heddle);
        Object resolved = resolver == null ? null : resolver.resolve(this);
        if (resolved == null) {
            throw new InvalidObjectException("a channel can only be used in the process of the heddle that made it and"
                    + " in that heddle's own workers, as long as the heddle is open: make one with channel(capacity) of"
                    + " the heddle that the job is started on");
        }
        return resolved;
    }
}
