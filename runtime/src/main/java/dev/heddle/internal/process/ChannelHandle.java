package dev.heddle.internal.process;

import dev.heddle.Overflow;
import java.io.InvalidObjectException;

/**
 * What stands for a channel while it crosses between the heddle that made it and its workers.
 *
 * @param heddle a random number of the heddle
 * @param channel the channel's number in the heddle
 * @param capacity the channel's capacity
 * @param overflow what a send does that finds no room
 */
record ChannelHandle(long heddle, long channel, int capacity, Overflow overflow) implements Handle {
    private static final long serialVersionUID = 1L;

    private Object readResolve() throws InvalidObjectException {
        return resolve("a channel", "channel(capacity)");
    }
}
