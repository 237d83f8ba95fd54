package dev.heddle.lab.measure;

import dev.heddle.lab.Outcome.Fact;
import java.io.Serializable;
import java.util.List;

/**
 * One repetition, measured. What could not be read on this system is {@link #UNKNOWN}.
 *
 * @param nanos how long the workload ran
 * @param cpuNanos processor time of the JVM and of its workers
 * @param switches context switches of all their threads, asked for and forced
 * @param peakRssBytes the largest resident memory of each of these processes, added up
 * @param osThreads the largest number of OS threads in them that was seen, looking every 10 ms
 * @param foreignNanos processor time that other programs used meanwhile, and the hypervisor kept
 * @param capacityNanos processor time that the machine had to give meanwhile
 * @param facts what the workload had to show
 * @param latencies the workload's own latencies, or none
 * @param scheduling how its tasks were scheduled
 */
public record Sample(
        long nanos,
        long cpuNanos,
        long switches,
        long peakRssBytes,
        long osThreads,
        long foreignNanos,
        long capacityNanos,
        List<Fact> facts,
        Latencies latencies,
        Scheduling scheduling)
        implements Serializable {
    /** A quantity that this system does not tell. */
    public static final long UNKNOWN = -1;

    /** {@return how many CPUs it kept busy on average, or {@link #UNKNOWN}} */
    public double busyCpus() {
        return cpuNanos == UNKNOWN || nanos == 0 ? UNKNOWN : (double) cpuNanos / nanos;
    }
}
