package dev.heddle;

import java.time.Duration;

/**
 * What was counted of a {@link GlobalLock}, of the global lock of a heddle, or of one task with it. Of a hold that goes on, and of
 * a wait, nothing is counted yet but the drop request.
 *
 * <p>The convoy effect is to be seen here: beside a task that computes, one that waits for messages has holds of microseconds,
 * and waits for each of them as long as the interval. Then {@link #meanWait} is about the interval, and {@link #meanHold} far
 * below; the one that computes has both about the interval.
 *
 * @param holds times that the lock was taken
 * @param waits times that it had to be waited for first, since another held it
 * @param dropRequests times that somebody had waited for the interval, and requested that the holder drop it
 * @param forcedSwitches times that a holder dropped it for that reason, at a checkpoint; the other holders that were requested to
 *     have come to a wait or to their end before they came to a checkpoint, or to neither yet
 * @param held how long it was held, in sum
 * @param waited how long it was waited for, in sum
 */
public record GlobalLockStats(
        long holds, long waits, long dropRequests, long forcedSwitches, Duration held, Duration waited) {
    /** Nothing. */
    public static final GlobalLockStats NONE = new GlobalLockStats(0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

    /** {@return how long a hold was on average; zero if there was none} */
    public Duration meanHold() {
        return holds == 0 ? Duration.ZERO : held.dividedBy(holds);
    }

    /** {@return how long a wait was on average; zero if there was none} */
    public Duration meanWait() {
        return waits == 0 ? Duration.ZERO : waited.dividedBy(waits);
    }
}
