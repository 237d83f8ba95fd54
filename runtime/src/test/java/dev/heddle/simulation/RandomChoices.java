package dev.heddle.simulation;

import java.util.SplittableRandom;

/** Choices that a seed makes. */
public final class RandomChoices implements Choices {
    private static final int STOP_EVERY = 256;
    private static final int END_FOR_NO_REASON_EVERY = 64;

    private final SplittableRandom random;
    private final int preemptEvery;
    private final long longestStop;

    /**
     * @param seed decides all
     * @param longestStop how many nanoseconds an actor may be stopped; 0 if none is
     */
    public RandomChoices(long seed, long longestStop) {
        this.random = new SplittableRandom(seed);
        this.preemptEvery = 1 << random.nextInt(1, 7);
        this.longestStop = longestStop;
    }

    @Override
    public int preempt(int others) {
        return random.nextInt(preemptEvery) == 0 ? random.nextInt(others + 1) : 0;
    }

    @Override
    public int choose(int options) {
        return random.nextInt(options);
    }

    @Override
    public long stop() {
        return longestStop > 0 && random.nextInt(STOP_EVERY) == 0 ? random.nextLong(1, longestStop) : 0;
    }

    @Override
    public boolean endsForNoReason() {
        return random.nextInt(END_FOR_NO_REASON_EVERY) == 0;
    }
}
