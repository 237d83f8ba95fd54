package dev.heddle.lab.measure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;

/** Times of many small things, such as round trips, in nanoseconds. Immutable. */
public final class Latencies implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long[] sorted;

    /** @param nanos copied */
    public Latencies(long... nanos) {
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    /** {@return all of them in one} */
    public static Latencies merge(Collection<Latencies> parts) {
        return new Latencies(
                parts.stream().flatMapToLong(part -> Arrays.stream(part.sorted)).toArray());
    }

    /** {@return how many there are} */
    public int count() {
        return sorted.length;
    }

    /**
     * @param share from 0 to 1
     * @return the smallest latency that at least this share of all do not exceed
     * @throws IllegalStateException if there are none
     */
    public long quantile(double share) {
        if (sorted.length == 0) {
            throw new IllegalStateException("there are no latencies to take a quantile of");
        }
        return sorted[Math.clamp((long) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
