package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How long workers take to be there. Times are milliseconds. */
final class Starting {
    private static final Job<Integer> NOTHING = () -> 0;

    private static final int WARM_UPS = 2;

    /** A process that has used no processor time for so long waits for a task. */
    private static final long QUIET_MILLIS = 200;

    private Starting() {}

    /** What a JVM does not do without. */
    static final class Empty {
        private Empty() {}

        public static void main(String[] args) {}
    }

    /** From the open of a heddle of one worker to the result of its first task, beside a JVM with the same flags. */
    static void cold(Measurement measurement) throws Exception {
        List<Double> worker = new ArrayList<>();
        List<Double> empty = new ArrayList<>();
        for (int i = measurement.size(9) + WARM_UPS; i > 0; i--) { // in turns, so that what else goes on meets both
            List<String> flags;
            long start = System.nanoTime();
            try (Heddle heddle = Pooling.workers(1)) {
                heddle.start(NOTHING).join();
                worker.add(millis(start));
                flags = flags(onlyChild());
            }
            empty.add(emptyMain(flags));
        }
        double ofWorker = medianAfterWarmUps(worker);
        double ofEmpty = medianAfterWarmUps(empty);
        measurement.report("cold-worker", ofWorker);
        measurement.report("cold-empty-main", ofEmpty);
        measurement.report("cold-ratio", ofWorker / ofEmpty);
    }

    private static double medianAfterWarmUps(List<Double> values) {
        return Measurement.median(values.subList(WARM_UPS, values.size()));
    }

    /** {@return the command line of a worker, without its main class and what follows} */
    private static List<String> flags(ProcessHandle worker) throws IOException {
        String line = Files.readString(Path.of("/proc/" + worker.pid() + "/cmdline"), StandardCharsets.UTF_8);
        List<String> words = Arrays.asList(line.split("\0"));
        int main = 1;
        while (words.get(main).startsWith("-")) {
            main++;
        }
        return words.subList(0, main);
    }

    private static double emptyMain(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(flags);
        command.add(Empty.class.getName());
        long start = System.nanoTime();
        int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
        double time = millis(start);
        if (exitCode != 0) {
            throw new IllegalStateException("a JVM with an empty main ended with " + exitCode + ": " + command);
        }
        return time;
    }

    /** The first task of a worker that was started ahead: from its start to its result. */
    static void spare(Measurement measurement) throws Exception {
        measurement.report("spare-first-task", measurement.median(() -> {
            try (Heddle heddle = Pooling.workers(1)) {
                awaitQuiet(onlyChild());
                long start = System.nanoTime();
                heddle.start(NOTHING).join();
                return millis(start);
            }
        }));
    }

    private static ProcessHandle onlyChild() {
        Optional<ProcessHandle> child;
        do {
            child = ProcessHandle.current().children().findAny();
        } while (child.isEmpty());
        return child.get();
    }

    private static void awaitQuiet(ProcessHandle process) throws InterruptedException {
        Duration before;
        Duration now = Duration.ZERO;
        do {
            before = now;
            Thread.sleep(QUIET_MILLIS);
            now = process.info().totalCpuDuration().orElseThrow();
        } while (!now.equals(before));
    }

    private static double millis(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
