package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.SharedDoubles;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A gigabyte of doubles in shared memory. The work on it is a pass: each element goes four steps through the logistic map, 12
 * operations that wait for each other, so that the processor has more to do than the memory.
 */
final class Sharing {
    private static final int STEPS = 4;

    /** So many are worked on until the code is compiled. */
    private static final int FEW = 100_000;

    private static final int WARM_UPS = 200;

    private Sharing() {}

    private static double step(double x) {
        return 3.9 * x * (1 - x);
    }

    private static double steps(double x) {
        double y = x;
        for (int i = 0; i < STEPS; i++) {
            y = step(y);
        }
        return y;
    }

    private static double initial(long index) {
        return (index % 1_000 + 1) / 1_002.0;
    }

    static void pass(double[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = steps(array[i]);
        }
    }

    static void pass(SharedDoubles array, long from, long to) {
        for (long i = from; i < to; i++) {
            array.set(i, steps(array.get(i)));
        }
    }

    static void fill(SharedDoubles array) {
        for (long i = 0; i < array.length(); i++) {
            array.set(i, initial(i));
        }
    }

    /** One and two workers, beside an array of the heap that one thread works on; and how much memory it takes. */
    static void doubles(Measurement measurement) throws Exception {
        int length = measurement.size(1 << 27);
        try (Heddle heddle = Pooling.workers(2)) {
            warmUp(heddle);
            long before = proportionalBytes();
            SharedDoubles array = heddle.sharedDoubles(length);
            fill(array);
            long[] passes = new long[1];
            double two = measurement.median(() -> timed(heddle, array, 2, passes));
            long grown = proportionalBytes() - before;
            double one = measurement.median(() -> timed(heddle, array, 1, passes));
            check(array, passes[0]);
            double heap = onHeap(length, measurement);
            measurement.report("doubles-heap", heap);
            measurement.report("doubles-1-worker", one);
            measurement.report("doubles-2-workers", two);
            measurement.report("doubles-speed-up", Math.min(heap, one) / two);
            measurement.report("doubles-memory", grown / ((double) length * Double.BYTES));
        }
    }

    private static void warmUp(Heddle heddle) throws InterruptedException {
        SharedDoubles few = heddle.sharedDoubles(FEW);
        fill(few);
        for (int i = 0; i < WARM_UPS; i++) {
            timed(heddle, few, 2, new long[1]);
        }
        double[] onHeap = new double[FEW];
        for (int i = 0; i < WARM_UPS; i++) {
            pass(onHeap);
        }
    }

    /** {@return the milliseconds of a pass} */
    private static double timed(Heddle heddle, SharedDoubles array, int workers, long[] passes)
            throws InterruptedException {
        long start = System.nanoTime();
        long length = array.length();
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            long from = length * i / workers;
            long to = length * (i + 1) / workers;
            tasks.add(heddle.start(() -> pass(array, from, to)));
        }
        for (Task<?> task : tasks) {
            task.join();
        }
        passes[0]++;
        return (System.nanoTime() - start) / 1e6;
    }

    private static double onHeap(int length, Measurement measurement) throws Exception {
        double[] array = new double[length];
        for (int i = 0; i < length; i++) {
            array[i] = initial(i);
        }
        return measurement.median(() -> {
            long start = System.nanoTime();
            pass(array);
            return (System.nanoTime() - start) / 1e6;
        });
    }

    private static void check(SharedDoubles array, long passes) {
        for (long i = 0; i < array.length(); i += Math.max(1, array.length() / 1_000)) {
            double expected = initial(i);
            for (long pass = 0; pass < passes; pass++) {
                expected = steps(expected);
            }
            if (array.get(i) != expected) {
                throw new IllegalStateException(
                        "element " + i + " is " + array.get(i) + " after " + passes + " passes and not " + expected);
            }
        }
    }

    /** {@return the memory of this process and its workers; what several have mapped is counted once, in parts} */
    private static long proportionalBytes() throws IOException {
        ProcessHandle parent = ProcessHandle.current();
        long kilobytes = 0;
        for (long pid : Stream.concat(Stream.of(parent), parent.children())
                .map(ProcessHandle::pid)
                .toList()) {
            kilobytes += Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .flatMap(line -> Stream.of(line.split("\\s+")))
                    .filter(Predicate.not(word -> word.matches("\\D+")))
                    .mapToLong(Long::parseLong)
                    .sum();
        }
        return kilobytes << 10;
    }
}
