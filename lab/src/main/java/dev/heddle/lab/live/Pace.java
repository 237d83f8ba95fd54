package dev.heddle.lab.live;

import dev.heddle.Heddle;
import dev.heddle.lab.experiment.Turns;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a round of every workload takes if nobody disturbs it: a millisecond, a part of which is computing, as the control says, and the
 * rest waiting.
 *
 * @param board has the control
 * @param turns of a generator that take a millisecond, if nobody else computes
 */
record Pace(Board board, long turns) implements Serializable {
    /** How many turns are tried at a time to find out how many take a millisecond. */
    static final long TRIED = 50_000;

    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int PERCENT = 100;

    /** Checkpoints in a millisecond of computing: one every 50 microseconds. */
    private static final int CHUNKS = 20;

    /** {@return how many turns take a millisecond on this machine} Takes a third of a second. */
    static long turnsOfARound() {
        long fastest = Long.MAX_VALUE;
        long x = 1;
        long begun = System.nanoTime();
        long now = begun;
        while (now - begun < TRY_NANOS) {
            long start = now;
            x = Turns.run(x, TRIED);
            now = System.nanoTime();
            fastest = Math.min(fastest, now - start);
        }
        if (x == 0) {
            throw new AssertionError("the generator never comes to 0");
        }
        return Math.max(1, TRIED * ROUND_NANOS / Math.max(1, fastest));
    }

    /** {@return the computing part of something that takes a round} */
    long part(long whole) {
        return whole * board.cpu() / PERCENT;
    }

    /** Computes for that part of a round; {@return where the generator has come to} */
    long compute(long start) {
        long x = start;
        long all = part(turns);
        long chunk = Math.max(1, all / CHUNKS);
        for (long left = all; left > 0; left -= chunk) {
            x = Turns.run(x, Math.min(left, chunk));
            Heddle.checkpoint();
        }
        return x;
    }

    /** Waits for the rest of a round. */
    void rest() throws InterruptedException {
        long nanos = ROUND_NANOS - part(ROUND_NANOS);
        if (nanos > 0) {
            Heddle.sleep(Duration.ofNanos(nanos));
        }
    }
}
