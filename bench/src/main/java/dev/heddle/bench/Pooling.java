package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Results;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Shapes of small tasks in worker processes that are there already. Times are microseconds for one of what they say. */
final class Pooling {
    private static final Job<Integer> NOTHING = () -> 0;

    private static final int[] CHUNK_SIZES = {10, 100, 1_000, 10_000};

    private Pooling() {}

    static Heddle workers(int howMany) {
        return Heddle.builder(Model.PROCESS).processors(howMany).open();
    }

    /** A task that does nothing is started and joined, then the next. */
    static void submitJoin(Measurement measurement) throws Exception {
        try (Heddle heddle = workers(1)) {
            measurement.report("submit-join", measurement.median(() -> submitJoin(heddle, measurement.size(2_000))));
        }
    }

    private static double submitJoin(Heddle heddle, int times) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            heddle.start(NOTHING).join();
        }
        return micros(start, times);
    }

    /** Many tasks are started, each of which adds one to its number, before the first is joined. */
    static void singleTasks(Measurement measurement) throws Exception {
        try (Heddle heddle = workers(2)) {
            measurement.report("single-tasks", measurement.median(() -> singleTasks(heddle, measurement.size(5_000))));
        }
    }

    private static double singleTasks(Heddle heddle, int many) throws InterruptedException {
        long start = System.nanoTime();
        List<Task<Integer>> tasks = new ArrayList<>(many);
        for (int i = 0; i < many; i++) {
            int number = i;
            tasks.add(heddle.start(() -> number + 1));
        }
        long sum = 0;
        for (Task<Integer> task : tasks) {
            sum += task.join();
        }
        check(sum, many);
        return micros(start, many);
    }

    /** As many numbers, one after the other, by a map with one in each task, and with the chunks that suit it best. */
    static void map(Measurement measurement) throws Exception {
        try (Heddle heddle = workers(2)) {
            measurement.report("map-1", measurement.median(() -> map(heddle, measurement.size(5_000), 1)));
            double best = Measurement.NEVER;
            for (int chunkSize : CHUNK_SIZES) {
                int numbers = measurement.size(200_000);
                best = Math.min(best, measurement.median(() -> map(heddle, numbers, chunkSize)));
            }
            measurement.report("map-chunks", best);
        }
    }

    private static double map(Heddle heddle, int many, int chunkSize) {
        long start = System.nanoTime();
        Iterable<Integer> numbers =
                () -> (Iterator<Integer>) IntStream.range(0, many).iterator();
        long sum = 0;
        try (Results<Integer> results = heddle.map(numbers, number -> number + 1, chunkSize)) {
            for (int result : results) {
                sum += result;
            }
        }
        check(sum, many);
        return micros(start, many);
    }

    private static void check(long sum, long many) {
        if (sum != many * (many + 1) / 2) {
            throw new IllegalStateException(many + " numbers, each with one added, gave " + sum);
        }
    }

    static double micros(long startNanos, int count) {
        return (System.nanoTime() - startNanos) / 1e3 / count;
    }
}
