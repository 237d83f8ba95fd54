package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjDoubleConsumer;

/** What one process measures of one shape: how long it warms up, how large it is, and where its numbers go. */
final class Measurement {
    /** What a number is where the thing measured never happened. */
    static final double NEVER = Double.POSITIVE_INFINITY;

    /** How long something may not happen before it counts as never. */
    static final int CUT_OFF_SECONDS = 5;

    private static final long WARM_UP_MILLIS = 2_000;

    /** How many warm-ups there are at most. */
    private static final int MOST_WARM_UPS = 8;

    /** By how much a warm-up must be faster than the one before to be followed by another. */
    private static final double STILL_WARMING = 0.9;

    private static final long MEASURED_MILLIS = 1_000;
    private static final int LEAST_RUNS = 2;
    private static final int LEAST_MEASURED = 3;
    private static final int SMOKE = 100;

    private final boolean smoke;
    private final ObjDoubleConsumer<String> report;

    /**
     * @param smoke whether all sizes are a hundredth, to see that things work; the numbers then mean nothing
     * @param report told of each row's number
     */
    Measurement(boolean smoke, ObjDoubleConsumer<String> report) {
        this.smoke = smoke;
        this.report = report;
    }

    /** One run of what is measured, with the number that it gave. */
    interface Run {
        double once() throws Exception;
    }

    /** {@return {@code full}, or a hundredth of it} */
    int size(int full) {
        return smoke ? Math.max(1, full / SMOKE) : full;
    }

    void report(String row, double value) {
        report.accept(row, value);
    }

    /**
     * {@return the median of the runs that follow those of the warm-up} It warms up until that no longer helps: where two or three JVMs
     * compile on two CPUs, it takes ten seconds.
     */
    double median(Run run) throws Exception {
        double before = median(repeat(run, WARM_UP_MILLIS, LEAST_RUNS));
        for (int i = 1; i < MOST_WARM_UPS; i++) {
            double now = median(repeat(run, WARM_UP_MILLIS, LEAST_RUNS));
            if (now > STILL_WARMING * before) {
                break;
            }
            before = now;
        }
        return median(repeat(run, MEASURED_MILLIS, LEAST_MEASURED));
    }

    private List<Double> repeat(Run run, long millis, int least) throws Exception {
        List<Double> values = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(smoke ? millis / SMOKE : millis);
        while (values.size() < least || System.nanoTime() - end < 0) {
            values.add(run.once());
        }
        return values;
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** {@return nanoseconds of processor time that this process has used, all its threads together} */
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
