package dev.heddle.bench;

import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What tasks under a global lock do, measured in the calling JVM. {@code bench/python/lock.py} does the same on CPython.
 *
 * <p>Tasks compute with a {@link Heddle#checkpoint} every few hundred nanoseconds, which is what CPython's loop of evaluation looks
 * at between instructions.
 */
final class Locks {
    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final int ROUNDS = 3;
    private static final int WAITERS = 50;
    private static final int MESSAGES = 40;
    private static final long ALTERNATE_NANOS = 800_000_000;

    // Of the tasks that alternate, guarded by the global lock alone.
    private static int last;
    private static final List<Long> SWITCHES = new ArrayList<>();

    private static volatile boolean done;

    private Locks() {}

    private static Heddle open(Model model, Duration interval) {
        return Heddle.builder(model).processors(2).globalLock(interval).open();
    }

    static long work(long steps) {
        long x = 1;
        for (long i = 0; i < steps; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
            if ((i & 0xff) == 0) {
                Heddle.checkpoint();
            }
        }
        return x;
    }

    private static long stepsFor(Heddle heddle, double seconds) throws InterruptedException {
        heddle.start(() -> work(50_000_000)).join(); // compiled by then
        long start = System.nanoTime();
        heddle.start(() -> work(50_000_000)).join();
        return (long) (50_000_000 * seconds * 1e9 / (System.nanoTime() - start));
    }

    private static double nanosFor(Heddle heddle, int tasks, Job<?> job) throws InterruptedException {
        long start = System.nanoTime();
        List<Task<?>> all = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            all.add(heddle.start(job));
        }
        for (Task<?> task : all) {
            task.join();
        }
        return System.nanoTime() - start;
    }

    /** {@return how many times as long as one two tasks take that compute} */
    static double cpu(Model model) throws InterruptedException {
        try (Heddle heddle = open(model, INTERVAL)) {
            long steps = stepsFor(heddle, 0.15);
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                double two = nanosFor(heddle, 2, () -> work(steps));
                ratios.add(two / nanosFor(heddle, 1, () -> work(steps)));
            }
            return Measurement.median(ratios);
        }
    }

    /** {@return how many times the work of one worker two do in the same time} */
    static double processes() throws InterruptedException {
        return 2 / cpu(Model.PROCESS);
    }

    /** {@return after how many milliseconds 50 tasks have ended that each wait for 100} */
    static double waits(Model model) throws InterruptedException {
        try (Heddle heddle = open(model, INTERVAL)) {
            List<Double> times = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                times.add(nanosFor(heddle, WAITERS, () -> {
                            Heddle.sleep(Duration.ofMillis(100));
                            return 0;
                        })
                        / 1e6);
            }
            return Measurement.median(times);
        }
    }

    /** {@return how many intervals the slices of two tasks have that compute, at the median} */
    static double slices(Model model, long millis) throws InterruptedException {
        SWITCHES.clear();
        last = 0;
        try (Heddle heddle = open(model, Duration.ofMillis(millis))) {
            long end = System.nanoTime() + ALTERNATE_NANOS;
            Task<Integer> one = heddle.start(() -> alternate(1, end));
            Task<Integer> other = heddle.start(() -> alternate(2, end));
            one.join();
            other.join();
        }
        List<Double> slices = new ArrayList<>();
        for (int i = 1; i < SWITCHES.size(); i++) {
            slices.add((SWITCHES.get(i) - SWITCHES.get(i - 1)) / 1e6 / millis);
        }
        return Measurement.median(slices);
    }

    private static int alternate(int me, long end) {
        while (true) {
            long now = System.nanoTime();
            if (now - end > 0) {
                return 0;
            }
            if (last != me) {
                last = me;
                SWITCHES.add(now);
            }
            Heddle.checkpoint();
        }
    }

    /** {@return how many intervals a task that a message wakes waits beside one that computes, at the median} */
    static double convoy(Model model) throws IOException, InterruptedException {
        Pipe pipe = Pipe.open();
        done = false;
        Thread writer = Thread.ofPlatform().unstarted(() -> write(pipe)); // needs no lock
        try (Heddle heddle = open(model, INTERVAL)) {
            Task<Long> computes = heddle.start(() -> {
                long x = 0;
                while (!done) {
                    x += work(1_000);
                }
                return x;
            });
            Task<List<Double>> receives = heddle.start(() -> receive(pipe));
            writer.start();
            List<Double> waited = receives.join();
            computes.join();
            tell(model, "computes", computes.lockStats());
            tell(model, "receives", receives.lockStats());
            return Measurement.median(waited);
        } finally {
            writer.join();
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private static void tell(Model model, String what, GlobalLockStats stats) {
        System.err.printf(
                Locale.ROOT,
                "convoy, %s, the task that %s: %d holds of %.3f ms, %d waits of %.3f ms%n",
                model,
                what,
                stats.holds(),
                stats.meanHold().toNanos() / 1e6,
                stats.waits(),
                stats.meanWait().toNanos() / 1e6);
    }

    private static void write(Pipe pipe) {
        try {
            for (int i = 0; i < MESSAGES; i++) {
                LockSupport.parkNanos(20_000_000);
                ByteBuffer message = ByteBuffer.allocate(Long.BYTES);
                pipe.sink().write(message.putLong(System.nanoTime()).flip());
            }
        } catch (IOException e) {
            throw new AssertionError(e); // and the reader waits for ever
        }
    }

    private static List<Double> receive(Pipe pipe) throws Exception {
        List<Double> waited = new ArrayList<>();
        ByteBuffer message = ByteBuffer.allocate(Long.BYTES);
        while (waited.size() < MESSAGES) {
            message.clear();
            Heddle.blocking(() -> pipe.source().read(message));
            waited.add((System.nanoTime() - message.flip().getLong()) / (double) INTERVAL.toNanos());
        }
        done = true;
        return waited;
    }
}
