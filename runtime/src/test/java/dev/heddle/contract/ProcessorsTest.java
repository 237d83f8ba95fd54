package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of processors is read, set and obeyed, also while tasks run. */
class ProcessorsTest extends ContractTest {
    @TempDir
    Path folder;

    @Test
    void theDefaultIsTheCpusOfThisJvm() {
        try (Heddle heddle = open(options -> options)) {
            int expected = exempt(Exemption.ALWAYS_ONE_PROCESSOR)
                    ? 1
                    : Runtime.getRuntime().availableProcessors();
            assertThat(heddle.processors()).isEqualTo(expected);
            assertThat(heddle.stats().processors()).isEqualTo(expected);
        }
    }

    @Test
    void settingReturnsThePreviousNumber() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            int[] previous = {heddle.processors(3), heddle.processors(1), heddle.processors(2)};
            if (exempt(Exemption.ALWAYS_ONE_PROCESSOR)) {
                assertThat(previous).containsExactly(1, 1, 1);
                assertThat(heddle.processors()).isEqualTo(1);
            } else {
                assertThat(previous).containsExactly(2, 3, 1);
                assertThat(heddle.processors()).isEqualTo(2);
            }
            assertThat(heddle.start(() -> 42).join()).as("it still works").isEqualTo(42);
        }
    }

    @Test
    void autoGoesBackToTheCpusOfThisJvm() {
        try (Heddle heddle = open(options -> options.processors(3))) {
            int always = exempt(Exemption.ALWAYS_ONE_PROCESSOR) ? 1 : 0;
            assertThat(heddle.processorsAuto()).isEqualTo(always > 0 ? always : 3);
            assertThat(heddle.processors())
                    .isEqualTo(always > 0 ? always : Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithASentence() {
        for (int n : new int[] {0, -1, Integer.MIN_VALUE, 1_025, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> heddle().processors(n))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("processors(" + n + ")")
                    .hasMessageContaining("at least 1")
                    .hasMessageContaining("1024");
            assertThatThrownBy(() -> subject.builder().processors(n))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 1");
        }
    }

    /** {@return how often it went round} Uses as much of a processor as it gets. */
    private static long hog(Duration time) {
        long start = System.nanoTime();
        long rounds = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            rounds++;
        }
        return rounds;
    }

    /** Processor time of this JVM and the processes that it has started. */
    private static Duration cpuTime() {
        long own = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ofNanos(own), Duration::plus);
    }

    @Test
    void withOneProcessorHogsUseNoMoreThanOneCpu() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            heddle.start(() -> hog(SHORT)).join(); // loads and compiles
            Duration before = cpuTime();
            long start = System.nanoTime();
            Task<Long> first = heddle.start(() -> hog(MEDIUM));
            Task<Long> second = heddle.start(() -> hog(MEDIUM));
            assertThat(first.join() + second.join()).isPositive();
            double wall = System.nanoTime() - start;
            double cpus = cpuTime().minus(before).toNanos() / wall;
            assertThat(cpus).as("CPUs that two hogs used on one processor").isLessThan(1.5);
        }
    }

    @Test
    void tasksGoOnWhileTheNumberChanges() throws Exception {
        int count = 4;
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> results = heddle.channel(count);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(heddle.start(() -> {
                    for (int round = 0; round < 50; round++) {
                        hog(Duration.ofNanos(200_000));
                        ints.increment(number);
                        Heddle.yield();
                    }
                    results.send(number);
                }));
            }
            for (int n : new int[] {2, 1, 3, 1, 2}) {
                heddle.processors(n);
            }
            int sum = 0;
            for (int i = 0; i < count; i++) {
                sum += results.receive();
            }
            assertThat(sum).isEqualTo(6);
            for (Task<?> task : tasks) {
                task.join();
            }
            for (int i = 0; i < count; i++) {
                assertThat(ints.get(i)).isEqualTo(50);
            }
        }
    }
}
