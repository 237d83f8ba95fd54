package dev.heddle.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** On Linux, where there is something to read. */
class MeterTest {
    private static final long MILLI = 1_000_000;

    @Test
    void processorTimeOfThreadsThatHaveEndedIsCounted() throws Exception {
        Meter meter = Meter.start();
        Thread busy = Thread.ofPlatform().start(() -> burn(100 * MILLI));
        busy.join();
        assertThat(meter.stop().cpuNanos()).isBetween(100 * MILLI, 3_000 * MILLI);
    }

    @Test
    void processorTimeOfWorkersIsCountedWhetherTheyLiveOrHaveEnded() throws Exception {
        Meter meter = Meter.start();
        try (Heddle h = Heddle.builder(Model.PROCESS).processors(1).open()) {
            h.start(() -> burn(300 * MILLI)).join();
            Meter.Reading living = meter.stop();
            assertThat(living.cpuNanos()).isGreaterThan(300 * MILLI);
            assertThat(living.peakRssBytes())
                    .isGreaterThan(ProcFs.peakRssBytes(ProcessHandle.current().pid()));
        }
    }

    @Test
    void threadsAreSeenWhileTheyLive() throws Exception {
        long before = ProcFs.threads(ProcessHandle.current().pid());
        Meter meter = Meter.start();
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofPlatform().start(() -> await(end)));
        }
        burn(100 * MILLI); // ten looks
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(meter.stop().osThreads()).isBetween(before + 30, before + 80);
    }

    @Test
    void contextSwitchesOfThreadsThatHaveEndedAreCounted() throws Exception {
        Meter meter = Meter.start();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofPlatform().start(() -> java.util.concurrent.locks.LockSupport.parkNanos(MILLI)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(meter.stop().switches()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void aProcessThatHasEndedReadsAsNothing() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(ProcFs.cpuNanos(ended.pid())).isZero();
        assertThat(ProcFs.switches(ended.pid()).all()).isZero();
        assertThat(ProcFs.threads(ended.pid())).isZero();
        assertThat(ProcFs.peakRssBytes(ended.pid())).isZero();
    }

    /** Uses processor time, as much as the thread is given and not as much as passes. */
    private static void burn(long nanos) {
        var bean = java.lang.management.ManagementFactory.getThreadMXBean();
        long end = bean.getCurrentThreadCpuTime() + nanos;
        while (bean.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
