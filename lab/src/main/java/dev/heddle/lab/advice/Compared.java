package dev.heddle.lab.advice;

import dev.heddle.lab.measure.Interval;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Statistics;
import java.util.List;

/**
 * A workload as it was compared, read from a saved comparison.
 *
 * @param title the workload and its arguments
 * @param command what compares it again
 * @param cpus of the machine
 * @param seed of the bootstrap
 * @param complete whether the comparison came to its end
 * @param verdict what the comparison said
 * @param rows one for each model and number of processors
 */
record Compared(
        String title, String command, int cpus, long seed, boolean complete, String verdict, List<Candidate> rows) {
    /**
     * A row. What was not told is {@link Sample#UNKNOWN}.
     *
     * @param label the model, and the number of processors where that tells rows apart
     * @param processors of its heddle
     * @param quality {@code good}, or how far its times cannot be believed, or nothing if it was not measured
     * @param reason why it is not good, or not measured
     * @param times of the repetitions, in nanoseconds
     * @param median of the times
     * @param interval of the median
     * @param cpuNanos of one repetition, of processor time
     * @param peakRssBytes the largest resident memory of all its processes
     * @param tasksAtOnce the largest number of live tasks
     * @param foreignShare of the machine, 0 to 1
     * @param p50 of the workload's own latencies, in nanoseconds
     * @param p99 of these
     * @param findings what the workload found, if that is its point: whether it was always the same, by name
     */
    record Candidate(
            String label,
            int processors,
            String quality,
            String reason,
            List<Double> times,
            double median,
            Interval interval,
            double cpuNanos,
            double peakRssBytes,
            double tasksAtOnce,
            double foreignShare,
            double p50,
            double p99,
            List<Finding> findings) {
        static Candidate missing(String label, int processors, String why) {
            double unknown = Sample.UNKNOWN;
            return new Candidate(
                    label,
                    processors,
                    "",
                    why,
                    List.of(),
                    0,
                    new Interval(0, 0),
                    unknown,
                    unknown,
                    unknown,
                    0,
                    unknown,
                    unknown,
                    List.of());
        }

        boolean isGood() {
            return quality.equals("good");
        }

        /** {@return how many CPUs it kept busy on average, or UNKNOWN} */
        double busyCpus() {
            return cpuNanos == Sample.UNKNOWN ? Sample.UNKNOWN : cpuNanos / median;
        }

        /** {@return which share of the time of its processors it computed, 0 to 1, or UNKNOWN} */
        double computing(int cpus) {
            return cpuNanos == Sample.UNKNOWN ? Sample.UNKNOWN : Math.min(1, busyCpus() / Math.min(processors, cpus));
        }

        private double[] values() {
            return times.stream().mapToDouble(Double::doubleValue).toArray();
        }

        /** {@return how many times as long as the other it takes, by the bootstrap} */
        Interval timesAsLongAs(Candidate other, long seed) {
            return Statistics.ratioInterval(values(), other.values(), seed);
        }
    }

    /**
     * What a workload that is about its result has found in a row.
     *
     * @param name of the fact
     * @param value one value, or from which to which
     * @param always whether it was the same in all repetitions
     */
    record Finding(String name, String value, boolean always) {}

    /** {@return whether the comparison was about what was found, and not about times} */
    boolean isAboutFindings() {
        return rows.stream().anyMatch(row -> !row.findings().isEmpty());
    }
}
