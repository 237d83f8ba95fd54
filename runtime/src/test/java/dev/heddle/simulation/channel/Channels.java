package dev.heddle.simulation.channel;

import dev.heddle.simulation.channel.Program.Operation;
import dev.heddle.simulation.channel.Program.Result;

/** The channels of one run. */
public interface Channels {
    /** Does it, in the calling thread. */
    Result perform(Operation operation);

    /** {@return whether a thread that parks with that blocker waits for others} And not for a lock, say. */
    boolean isWait(Object blocker);
}
