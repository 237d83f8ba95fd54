package dev.heddle.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Shapes of tasks that keep their processor from others, by computing or by blocking the OS thread. */
final class Hogging {
    private static final int TICKS = 1_000;
    private static final int PROBES = 200;
    private static final int READERS = 64;
    private static final int FIFO_WARM_UPS = 3;
    private static final int FIFO_ROUNDS = 5;

    private Hogging() {}

    /** A ticker of 1 ms while as many tasks spin as there are processors: the 99th percentile of its lateness. */
    static void ticker(Tasks tasks, Measurement measurement) throws Exception {
        int ticks = measurement.size(TICKS);
        long[] late = new long[ticks];
        AtomicInteger done = new AtomicInteger();
        try (Hogs hogs = new Hogs(tasks, Runtime.getRuntime().availableProcessors())) {
            hogs.awaitSpinning();
            Future<?> ticker = tasks.start(() -> tick(late, done));
            measurement.report("hogged-ticker", ends(ticker, done) ? percentile(late, 0.99) / 1e6 : Measurement.NEVER);
        }
    }

    private static int tick(long[] late, AtomicInteger done) throws InterruptedException {
        for (int i = 0; i < late.length; i++) {
            long start = System.nanoTime();
            Thread.sleep(1);
            late[i] = System.nanoTime() - start - 1_000_000;
            done.set(i + 1);
        }
        return late.length;
    }

    /** {@return whether the ticker ends; it does not if for some seconds there is not one tick} */
    private static boolean ends(Future<?> ticker, AtomicInteger done) throws Exception {
        int seen = -1;
        while (seen != done.get()) {
            seen = done.get();
            try {
                ticker.get(Measurement.CUT_OFF_SECONDS, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException e) {
                // and has it ticked meanwhile?
            }
        }
        return false;
    }

    private static double percentile(long[] values, double share) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** Two tasks that spin and a ticker, on one processor: how many CPUs the process takes. */
    static void cpus(Tasks tasks, Measurement measurement) throws Exception {
        try (Hogs hogs = new Hogs(tasks, 2)) {
            tasks.start(() -> {
                while (hogs.areSpinning()) {
                    Thread.sleep(1);
                }
                return 1;
            });
            Thread.sleep(measurement.size(1_000)); // the compilers are busy at first
            long start = System.nanoTime();
            long cpu = Measurement.cpuNanos();
            Thread.sleep(measurement.size(5_000));
            double used = (Measurement.cpuNanos() - cpu) / (double) (System.nanoTime() - start);
            measurement.report("hogged-cpus", used);
        }
    }

    /**
     * 4 processors, 64 tasks that block in reading a file: how long, at most, a fresh task waits before it runs. Each round has
     * new OS threads to start, but compiled code.
     */
    static void fifo(Tasks tasks, Measurement measurement) throws Exception {
        List<Double> entering = new ArrayList<>();
        List<Double> blocked = new ArrayList<>();
        for (int round = 0; round < FIFO_WARM_UPS + FIFO_ROUNDS; round++) {
            try (Tasks fresh = tasks.fresh()) {
                double[] longest = fifo(fresh);
                if (round >= FIFO_WARM_UPS || longest[0] == Measurement.NEVER) {
                    entering.add(longest[0]);
                    blocked.add(longest[1]);
                }
                if (longest[0] == Measurement.NEVER) {
                    break; // the others take as long
                }
            }
        }
        measurement.report("fifo-64-entering", Measurement.median(entering));
        measurement.report("fifo-64-blocked", Measurement.median(blocked));
    }

    /** {@return the longest waits, while the readers come to their reads, and when all are there} */
    private static double[] fifo(Tasks tasks) throws Exception {
        for (int i = 0; i < PROBES; i++) {
            probe(tasks);
        }
        Path folder = Files.createTempDirectory("heddle-bench");
        Path fifo = folder.resolve("fifo");
        try {
            make(fifo);
            // Open for both, so that nobody blocks in opening it, and a reader blocks while it is empty.
            try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
                AtomicInteger reading = new AtomicInteger();
                List<Future<Integer>> readers = new ArrayList<>();
                for (int i = 0; i < READERS; i++) {
                    readers.add(tasks.start(() -> {
                        try (FileInputStream in = new FileInputStream(fifo.toFile())) {
                            reading.incrementAndGet();
                            return in.read();
                        }
                    }));
                }
                double entering = 0;
                while (reading.get() < READERS && entering < Measurement.NEVER) {
                    entering = Math.max(entering, probe(tasks));
                }
                double blocked = 0;
                for (int i = 0; i < PROBES && blocked < Measurement.NEVER; i++) {
                    blocked = Math.max(blocked, probe(tasks));
                    Thread.sleep(1);
                }
                writer.write(new byte[READERS]);
                Switching.joinAll(readers);
                return new double[] {entering, blocked};
            }
        } finally {
            Files.deleteIfExists(fifo);
            Files.delete(folder);
        }
    }

    /** {@return milliseconds from the start of a task until it runs} */
    private static double probe(Tasks tasks) throws Exception {
        long start = System.nanoTime();
        Future<Long> running = tasks.start(System::nanoTime);
        try {
            return (running.get(Measurement.CUT_OFF_SECONDS, TimeUnit.SECONDS) - start) / 1e6;
        } catch (TimeoutException e) {
            return Measurement.NEVER;
        }
    }

    private static void make(Path fifo) throws IOException, InterruptedException {
        int code = new ProcessBuilder("mkfifo", fifo.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("mkfifo " + fifo + " ended with " + code);
        }
    }
}
