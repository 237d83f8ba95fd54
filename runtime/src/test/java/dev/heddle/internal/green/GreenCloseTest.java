package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Closing frees the carriers and strands nobody. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class GreenCloseTest extends GreenTest {
    @Test
    void carriersEndWithTheHeddle() throws Exception {
        GreenHeddle heddle = open(2);
        try (heddle) {
            Task<?> task = heddle.start(() -> Thread.sleep(1));
            task.join();
            assertThat(heddle.stats().osThreads()).isPositive();
        }
        eventually("no carrier and no monitor is left", () -> heddle.stats().osThreads() == 0 && !anyThreadOf(heddle));
    }

    @Test
    void idleCarriersAndTheMonitorOfAnOpenHeddleEnd() throws Exception {
        GreenHeddle heddle = open(2, tiny(2), Trace.OFF);
        heddle.start(() -> Thread.sleep(1)).join();
        eventually("no carrier and no monitor is left", () -> !anyThreadOf(heddle));
        assertThat(heddle.start(() -> 1).join()).as("they come back").isEqualTo(1);
        heddle.close();
    }

    private static boolean anyThreadOf(GreenHeddle heddle) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith(heddle.name() + "-"));
    }

    @Test
    void aThreadThatALibraryLeavesBehindGoesOnAfterTheClose() throws Exception {
        AtomicReference<Thread> child = new AtomicReference<>();
        CountDownLatch parked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        GreenHeddle heddle = open(2);
        try (heddle) {
            heddle.start(() -> child.set(Thread.ofVirtual().start(() -> {
                        parked.countDown();
                        awaitUninterruptibly(go);
                        LockSupport.parkNanos(1_000_000);
                        Thread.yield();
                        ended.countDown();
                    })))
                    .join();
            assertThat(parked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        eventually("no carrier is left", () -> heddle.stats().osThreads() == 0);
        assertThat(child.get().isAlive()).isTrue();
        go.countDown();
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.get().join(LONG)).isTrue();
        eventually("no carrier is left again", () -> heddle.stats().osThreads() == 0);
    }

    private void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            fails(e);
        }
    }

    @Test
    void aHundredThousandTasksWaitAtOnce() throws Exception {
        int tasks = 100_000;
        try (GreenHeddle heddle = open(2)) {
            var channel = heddle.<Integer>channel(0);
            for (int i = 0; i < tasks; i++) {
                heddle.start(() -> {
                    channel.receive();
                });
            }
            eventually("all wait", () -> heddle.stats().parked() == tasks);
            for (int i = 0; i < tasks; i++) {
                channel.send(i);
            }
        }
    }
}
