package dev.heddle.lab.measure;

import dev.heddle.lab.Outcome.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the repetitions of one row come to. Times are in nanoseconds; {@link Sample#UNKNOWN} where this system does not
 * tell.
 *
 * @param median of the repetitions' times
 * @param interval of that median
 * @param min the fastest repetition
 * @param max the slowest repetition
 * @param cpuNanos median over the repetitions
 * @param switches median over the repetitions
 * @param peakRssBytes the largest of all repetitions
 * @param osThreads the largest of all repetitions
 * @param foreignShare which share of the machine other programs had meanwhile, 0 to 1
 * @param tasksAtOnce the largest number of live tasks that was seen
 * @param latencies of all repetitions together, if the workload has some
 * @param facts what the repetitions found
 */
public record Summary(
        double median,
        Interval interval,
        long min,
        long max,
        long cpuNanos,
        long switches,
        long peakRssBytes,
        long osThreads,
        double foreignShare,
        long tasksAtOnce,
        Optional<Latencies> latencies,
        List<Found> facts) {

    /**
     * A fact over all repetitions.
     *
     * @param name what it is
     * @param values what the repetitions found, in their order, without duplicates
     * @param finding whether it is the point of the workload
     * @param seen in how many repetitions something else than 0 was found
     */
    public record Found(String name, List<Object> values, boolean finding, int seen) {
        /** {@return whether all values are numbers} */
        public boolean isNumber() {
            return values.stream().allMatch(Long.class::isInstance);
        }

        /** {@return the smallest number} */
        public long min() {
            return values.stream().mapToLong(Long.class::cast).min().orElseThrow();
        }

        /** {@return the largest number} */
        public long max() {
            return values.stream().mapToLong(Long.class::cast).max().orElseThrow();
        }
    }

    static double[] times(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::nanos).toArray();
    }

    /**
     * @param samples at least one
     * @param seed of the bootstrap
     * @return what they come to
     */
    public static Summary of(List<Sample> samples, long seed) {
        double[] times = times(samples);
        long capacity = sum(samples, Sample::capacityNanos);
        Latencies all = Latencies.merge(samples.stream().map(Sample::latencies).toList());
        return new Summary(
                Statistics.median(times),
                Statistics.medianInterval(times, seed),
                samples.stream().mapToLong(Sample::nanos).min().orElseThrow(),
                samples.stream().mapToLong(Sample::nanos).max().orElseThrow(),
                median(samples, Sample::cpuNanos),
                median(samples, Sample::switches),
                samples.stream().mapToLong(Sample::peakRssBytes).max().orElseThrow(),
                samples.stream().mapToLong(Sample::osThreads).max().orElseThrow(),
                capacity == 0 ? 0 : (double) sum(samples, Sample::foreignNanos) / capacity,
                samples.stream()
                        .mapToLong(sample -> sample.scheduling().tasksAtOnce())
                        .max()
                        .orElseThrow(),
                all.count() == 0 ? Optional.empty() : Optional.of(all),
                found(samples));
    }

    private static List<Found> found(List<Sample> samples) {
        Map<String, List<Fact>> byName = new LinkedHashMap<>();
        for (Sample sample : samples) {
            for (Fact fact : sample.facts()) {
                byName.computeIfAbsent(fact.name(), name -> new ArrayList<>()).add(fact);
            }
        }
        List<Found> found = new ArrayList<>();
        byName.forEach((name, facts) -> found.add(new Found(
                name,
                facts.stream().map(Fact::value).distinct().toList(),
                facts.getFirst().finding(),
                (int) facts.stream().filter(fact -> !fact.value().equals(0L)).count())));
        return List.copyOf(found);
    }

    private static long median(List<Sample> samples, ToLongFunction<Sample> quantity) {
        return Math.round(Statistics.median(
                samples.stream().mapToDouble(s -> quantity.applyAsLong(s)).toArray()));
    }

    private static long sum(List<Sample> samples, ToLongFunction<Sample> quantity) {
        return samples.stream().mapToLong(quantity).sum();
    }
}
