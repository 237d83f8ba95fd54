package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The number of processors changes while tasks run. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class ResizeTest extends GreenTest {
    @Test
    void itReturnsThePreviousNumber() {
        try (GreenHeddle heddle = open(2)) {
            assertThat(heddle.processors(5)).isEqualTo(2);
            assertThat(heddle.processors(1)).isEqualTo(5);
            assertThat(heddle.processors()).isEqualTo(1);
        }
    }

    @Test
    void moreProcessorsExecuteMoreAtOnce() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1, new GreenScheduler.Tuning(4, 0, USUAL.keepAliveNanos()), Trace.OFF)) {
            AtomicInteger spinning = new AtomicInteger();
            for (int i = 0; i < 4; i++) {
                heddle.start(() -> {
                    spinning.incrementAndGet();
                    spin(stop);
                });
            }
            eventually("one spins", () -> spinning.get() == 1);
            heddle.processors(3);
            eventually("three spin", () -> spinning.get() == 3);
            assertThat(heddle.stats().running()).isEqualTo(3);
            stop.set(true);
        }
    }

    @Test
    void workOfADroppedProcessorIsNotLost() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(2, tiny(8), Trace.OFF)) {
            List<Task<Integer>> queued = new ArrayList<>();
            CountDownLatch started = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> {
                    synchronized (queued) {
                        for (int k = 0; k < 20; k++) {
                            queued.add(heddle.start(() -> 1));
                        }
                    }
                    started.countDown();
                    spin(stop);
                });
            }
            assertThat(started.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            heddle.processors(1);
            for (Task<Integer> task : queued) {
                assertThat(task.join()).isEqualTo(1);
            }
            assertThat(heddle.stats().switches()).isGreaterThanOrEqualTo(42);
            stop.set(true);
        }
        try (GreenHeddle heddle = open(4)) {
            for (int i = 0; i < 1_000; i++) { // does not pile up dropped processors
                heddle.processors(1 + i % 4);
            }
            // A carrier that searches for work may still hold one that was dropped.
            eventually(
                    "those dropped are gone",
                    () -> heddle.scheduler().processors().all().length == heddle.processors());
        }
    }

    @Test
    void fewerProcessorsThanCpusConfineEveryCarrier() throws Exception {
        int allowed = CpuAffinity.allowed().cardinality();
        if (allowed < 2) {
            return; // nothing to confine to, as on one CPU or where there is no affinity
        }
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1)) {
            CountDownLatch spinning = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> {
                    spinning.countDown();
                    spin(stop);
                });
            }
            try {
                assertThat(spinning.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(carriersCpus(heddle)).hasSizeGreaterThanOrEqualTo(2).allMatch(cpus -> cpus == 1);
                heddle.processors(allowed);
                assertThat(carriersCpus(heddle)).allMatch(cpus -> cpus == allowed);
            } finally {
                stop.set(true); // else close() would wait for them
            }
        }
    }

    /** For each OS thread that carries tasks of the heddle, on how many CPUs it may run. */
    private static List<Integer> carriersCpus(Heddle heddle) throws Exception {
        List<Integer> counts = new ArrayList<>();
        try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                List<String> status;
                try {
                    status = Files.readAllLines(thread.resolve("status"));
                } catch (IOException e) {
                    continue; // a thread that has ended since it was listed; the carriers spin
                }
                // The kernel keeps the first 15 characters of a name.
                String name = status.getFirst().substring("Name:".length()).strip();
                if ((heddle.name() + "-carrier").startsWith(name)) {
                    String mask = status.stream()
                            .filter(line -> line.startsWith("Cpus_allowed:"))
                            .findFirst()
                            .orElseThrow();
                    counts.add(mask.substring("Cpus_allowed:".length())
                            .chars()
                            .map(digit -> Integer.bitCount(Math.max(0, Character.digit(digit, 16))))
                            .sum());
                }
            }
        }
        return counts;
    }
}
