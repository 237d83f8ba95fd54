package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Timed waits of green threads end, and not before their time. */
class TimedWaitTest extends GreenTest {
    @Test
    void noSleepIsLostOrEndsEarly() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("TimedWaitTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (GreenHeddle heddle = open(2)) {
            List<Task<Long>> early = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                long nanos = random.nextLong(TimeUnit.MILLISECONDS.toNanos(200));
                early.add(heddle.start(() -> {
                    long start = System.nanoTime();
                    Thread.sleep(0, 1);
                    TimeUnit.NANOSECONDS.sleep(nanos);
                    return nanos - (System.nanoTime() - start);
                }));
            }
            for (Task<Long> task : early) {
                assertThat(task.join()).as("nanoseconds too early").isNotPositive();
            }
        }
    }

    @Test
    void aTimedWaitOnAConditionOrAMonitorEnds() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            ReentrantLock lock = new ReentrantLock();
            Task<Long> onCondition = heddle.start(() -> {
                Condition never = lock.newCondition();
                long left = TimeUnit.MILLISECONDS.toNanos(5);
                lock.lock();
                try {
                    while (left > 0) {
                        left = never.awaitNanos(left);
                    }
                    return left;
                } finally {
                    lock.unlock();
                }
            });
            Object monitor = new Object();
            Task<Long> onMonitor = heddle.start(() -> {
                long start = System.nanoTime();
                synchronized (monitor) {
                    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(5)) {
                        monitor.wait(5);
                    }
                }
                return System.nanoTime() - start;
            });
            assertThat(onCondition.join()).isNotPositive();
            assertThat(onMonitor.join()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void aTimedWaitThatIsWokenEnds() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            CountDownLatch latch = new CountDownLatch(1);
            Task<Boolean> waiter = heddle.start(() -> latch.await(1, TimeUnit.DAYS));
            eventually("it waits", () -> heddle.stats().parked() == 1);
            latch.countDown();
            assertThat(waiter.join()).isTrue();
        }
    }

    @Test
    void aSleeperBesideASpinnerWakes() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            Task<?> sleeper = heddle.start(() -> Thread.sleep(20));
            Task<?> spinner = heddle.start(() -> {
                while (!sleeper.isDone()) {
                    Thread.onSpinWait();
                }
            });
            sleeper.join();
            spinner.join();
        }
    }

    @Test
    void anUnparkBeatsTheTimer() throws Exception {
        try (GreenHeddle heddle = open(2)) {
            for (int i = 0; i < 500; i++) {
                Task<?> parked = heddle.start(
                        () -> LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1, 300_000)));
                Thread runner = null;
                while (runner == null && !parked.isDone()) {
                    runner = ((dev.heddle.internal.TaskCore<?>) parked).runner();
                }
                LockSupport.unpark(runner);
                parked.join();
            }
        }
    }
}
