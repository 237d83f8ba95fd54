package dev.heddle.internal.process.form;

import dev.heddle.Overflow;
import java.io.InvalidObjectException;

/**
 * What stands for a channel, broadcast or subscription while it crosses between the heddle that made it and its workers.
 *
 * @param kind what it is
 * @param heddle a random number of the heddle
 * @param channel the channel's number in the heddle
 * @param capacity the channel's capacity
 * @param overflow what a send does that finds no room
 */
public record ChannelHandle(Kind kind, long heddle, long channel, int capacity, Overflow overflow) implements Handle {
    private static final long serialVersionUID = 1L;

    /** With less room nothing would be gained. */
    private static final int LEASED_MIN = 4;

    /** What a handle stands for. */
    public enum Kind {
        CHANNEL,
        BROADCAST,
        SUBSCRIPTION
    }

    /** {@return whether a worker may have credit for the channel, or be lent elements} */
    public boolean canBeLeased() {
        return kind == Kind.CHANNEL && overflow == Overflow.BLOCK && capacity >= LEASED_MIN;
    }

    private Object readResolve() throws InvalidObjectException {
        return resolve("a channel", "channel(capacity)");
    }
}
