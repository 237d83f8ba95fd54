package dev.heddle.chaos;

import java.io.Serializable;

/**
 * What goes through a channel.
 *
 * @param channel which, see {@link ChaosThings}
 * @param number different for all elements of a round
 * @param sender different for all attempts of all tasks, and 0 for the parent
 * @param body as the number says
 */
@SuppressWarnings("ArrayRecordComponent") // compared by check()
record Element(int channel, int number, long sender, byte[] body) implements Serializable {
    Element(int channel, int number, long sender, int length) {
        this(channel, number, sender, new byte[length]);
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (number + i);
        }
    }

    void check(int from) {
        if (channel != from) {
            throw new AssertionError(
                    "element " + number + " was sent to channel " + channel + ", and came from " + from);
        }
        for (int i = 0; i < body.length; i++) {
            if (body[i] != (byte) (number + i)) {
                throw new AssertionError("element " + number + " has a wrong byte at " + i);
            }
        }
    }
}
