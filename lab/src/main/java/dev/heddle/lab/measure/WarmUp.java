package dev.heddle.lab.measure;

/**
 * Repetitions that do not count, until it no longer gets faster, or 3 s are over, or it was done ten times.
 *
 * @param count how many there were
 * @param settled whether the last were no faster than those before, or there was no time for more
 */
public record WarmUp(int count, boolean settled) {
    /** None at all, for what is not about times. */
    public static final WarmUp NONE = new WarmUp(0, true);

    /** It ends when this many repetitions in succession were no faster than the best so far... */
    private static final int SETTLED_AFTER = 2;

    /** ...by more than this share. */
    private static final double FASTER = 0.95;

    private static final int MOST = 10;
    private static final long LONGEST_NANOS = 3_000_000_000L;

    /**
     * Warms up by one repetition.
     *
     * @param measurer what is to be warm
     * @return how it went
     * @throws MeasureException if the repetition failed
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static WarmUp once(Measurer measurer) throws MeasureException, InterruptedException {
        measurer.measure();
        return new WarmUp(1, true);
    }

    /**
     * Warms up.
     *
     * @param measurer what is to be warm
     * @return how it went
     * @throws MeasureException if a repetition failed
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static WarmUp of(Measurer measurer) throws MeasureException, InterruptedException {
        long best = Long.MAX_VALUE;
        long spent = 0;
        int noFaster = 0;
        int count = 0;
        while (noFaster < SETTLED_AFTER && count < MOST && (count == 0 || spent < LONGEST_NANOS)) {
            long nanos = measurer.measure().nanos();
            count++;
            noFaster = nanos < FASTER * best ? 0 : noFaster + 1;
            best = Math.min(best, nanos);
            spent += nanos;
        }
        return new WarmUp(count, noFaster >= SETTLED_AFTER || spent >= LONGEST_NANOS);
    }
}
