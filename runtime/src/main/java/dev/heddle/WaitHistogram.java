package dev.heddle;

import java.time.Duration;
import java.util.List;

/**
 * How long tasks waited from the moment when they could run until they ran: one wait in some thirty is measured.
 *
 * @param counts the number of measured waits by their length: entry {@code i} counts those of 2<sup>i</sup> nanoseconds or
 *     more, and less than the double of that
 */
public record WaitHistogram(List<Long> counts) {
    /** Where nothing is measured. */
    public static final WaitHistogram NONE = new WaitHistogram(List.of());

    /** @param counts copied */
    public WaitHistogram {
        counts = List.copyOf(counts);
    }

    /** {@return how many waits were measured} */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * {@return a time that so many of the measured waits did not exceed, and that is at most twice as long as the longest of
     * these} Zero if none was measured.
     *
     * @param part such as 0.99, from 0 to 1
     * @throws IllegalArgumentException if {@code part} is out of range
     */
    public Duration percentile(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("percentile(" + part + "): say 0.99 for the 99th percentile");
        }
        long left = (long) Math.ceil(part * count());
        int bucket = -1;
        while (left > 0) {
            left -= counts.get(++bucket);
        }
        return bucket < 0 ? Duration.ZERO : Duration.ofNanos(2L << bucket);
    }

    @Override
    public String toString() {
        return "waits[" + count() + " measured, p50 " + percentile(0.5) + ", p99 " + percentile(0.99) + ", longest "
                + percentile(1) + "]";
    }
}
