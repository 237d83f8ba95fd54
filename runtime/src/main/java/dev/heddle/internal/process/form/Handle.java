package dev.heddle.internal.process.form;

import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What stands for a thing of a heddle while it crosses between the process of that heddle and its workers. */
public sealed interface Handle extends Serializable permits ChannelHandle, MemoryHandle, PermitsHandle, PipeHandle {
    /** Knows the things of one heddle in this process. */
    @FunctionalInterface
    interface Resolver {
        /**
         * {@return the thing, or null if there is none of that number}
         *
         * @param handle of the resolver's heddle
         * @throws InvalidObjectException if there is one that cannot be reached here; the message says why
         */
        @Nullable
        Object resolve(Handle handle) throws InvalidObjectException;
    }

    /** The heddles whose things this process can reach: those it opened, and the one it is a worker of. */
    ConcurrentMap<Long, Resolver> RESOLVERS = new ConcurrentHashMap<>();

    /** {@return a random number of the heddle} */
    long heddle();

    /**
     * From now on handles of the heddle can be read in this process.
     *
     * @param heddle its random number
     * @param resolver knows its things
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

    /**
     * {@return what the handle stands for in this process}
     *
     * @param what the thing, and how it is made, for the message
     * @param make how to make one on the right heddle
     * @throws InvalidObjectException if this is not the process of its heddle, or of one of that heddle's workers
     */
    default Object resolve(String what, String make) throws InvalidObjectException {
        Resolver resolver = RESOLVERS.get(heddle());
        Object resolved = resolver == null ? null : resolver.resolve(this);
        if (resolved == null) {
            throw new InvalidObjectException(what + " can only be used in the process of the heddle that made it and"
                    + " in that heddle's own workers, as long as the heddle is open: make one with " + make + " of"
                    + " the heddle that the job is started on");
        }
        return resolved;
    }
}
