package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything at once, at random: every task ends, and the numbers add up. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class GreenStressTest extends GreenTest {
    private static final int TASKS_IN_FLIGHT = 60;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(3);

    @ParameterizedTest
    @ValueSource(ints = {4, 256})
    void nothingIsLost(int capacity) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("GreenStressTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        AtomicInteger ran = new AtomicInteger();
        int started = 0;
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle =
                open(2, new GreenScheduler.Tuning(capacity, 16, TimeUnit.MILLISECONDS.toNanos(20)), Trace.OFF)) {
            Channel<Integer> channel = heddle.channel(2);
            ReentrantLock lock = new ReentrantLock();
            SplittableRandom forResizer = random.split();
            Thread resizer = spawn(() -> {
                while (!stop.get()) {
                    heddle.processors(forResizer.nextInt(1, 6));
                    LockSupport.parkNanos(forResizer.nextInt(2_000_000));
                }
            });
            int cancelled = 0;
            long end = System.nanoTime() + NANOS;
            List<Task<?>> inFlight = new ArrayList<>();
            while (System.nanoTime() < end) {
                while (inFlight.size() < TASKS_IN_FLIGHT) {
                    SplittableRandom own = random.split();
                    inFlight.add(heddle.start(() -> {
                        ran.incrementAndGet();
                        behave(heddle, channel, lock, own, ran);
                    }));
                    started++;
                }
                Task<?> oldest = inFlight.removeFirst();
                if (random.nextInt(10) == 0) {
                    oldest.cancel(true);
                }
                try {
                    oldest.get(LONG.toSeconds(), TimeUnit.SECONDS);
                } catch (CancellationException e) {
                    cancelled++; // its code ends soon; awaitTermination waits for that
                }
            }
            stop.set(true);
            assertThat(resizer.join(LONG)).isTrue();
            for (Task<?> task : inFlight) {
                task.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            heddle.shutdown();
            assertThat(heddle.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            Stats stats = heddle.stats();
            assertThat(stats.completed()).isEqualTo(stats.started()).isGreaterThanOrEqualTo(started);
            assertThat(cancelled).isLessThan(started);
            assertThat(stats.failed()).as("failed, seed %s", seed).isZero();
            assertThat(stats.switches()).isGreaterThanOrEqualTo(ran.get());
            eventually("the carriers have ended", () -> heddle.stats().osThreads() == 0);
            assertDrained(heddle);
        }
    }

    private static void behave(
            GreenHeddle heddle,
            Channel<Integer> channel,
            ReentrantLock lock,
            SplittableRandom random,
            AtomicInteger ran)
            throws Exception {
        try {
            for (int i = random.nextInt(1, 10); i > 0; i--) {
                switch (random.nextInt(10)) {
                    case 0 -> Heddle.yield();
                    case 1 -> Thread.sleep(0, random.nextInt(1, 999_999));
                    case 2 -> LockSupport.parkNanos(random.nextInt(100_000));
                    case 3 -> {
                        Heddle.blocking(() -> {
                            compute(random.nextInt(500_000));
                            return null;
                        });
                    }
                    case 4 -> compute(random.nextInt(200_000));
                    case 5 -> {
                        if (random.nextInt(10) == 0) {
                            compute(2 * GreenScheduler.SLICE_NANOS); // hogs its processor
                        }
                    }
                    case 6 -> {
                        int expected = random.nextInt();
                        Task<Integer> child = heddle.start(() -> {
                            ran.incrementAndGet();
                            return expected;
                        });
                        assertThat(child.join()).isEqualTo(expected);
                    }
                    case 7 -> channel.trySend(i);
                    case 8 -> channel.tryReceive();
                    default -> {
                        lock.lockInterruptibly();
                        try {
                            Thread.yield();
                        } finally {
                            lock.unlock();
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the task was cancelled
        }
    }

    private static void compute(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
