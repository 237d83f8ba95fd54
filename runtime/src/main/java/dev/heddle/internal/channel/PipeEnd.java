package dev.heddle.internal.channel;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An end of a pipe in this process: for one thread at a time. */
public final class PipeEnd {
    private final String use;
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

    /** @param use what is done there, as {@code sends to}, for messages */
    public PipeEnd(String use) {
        this.use = use;
    }

    /**
     * The calling thread begins an operation; {@link #leave} must follow.
     *
     * @throws IllegalStateException if another has not ended its own yet
     */
    public void enter() {
        Thread me = Thread.currentThread();
        Thread other = user.compareAndExchange(null, me);
        if (other != null) {
            throw inUse(other == me ? "an operation of this very thread" : "thread " + other.getName());
        }
    }

    /** The operation has ended. */
    public void leave() {
        user.set(null);
    }

    /**
     * {@return the exception for who comes second}
     *
     * @param who uses it
     */
    public IllegalStateException inUse(String who) {
        return new IllegalStateException(
                who + " " + use + " this pipe just now, and a pipe has one sender and one receiver"
                        + " at a time: let one end its use before the other begins, or use a channel, which any number can use");
    }
}
