package dev.heddle;

import org.jspecify.annotations.Nullable;

/** Thrown by a send to a closed channel, and by a receive from one that is closed and drained. */
public final class ChannelClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was tried
     * @param cause the failure that closed the channel, or null after an ordinary close
     */
    public ChannelClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
