package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a builder says of workers: where and how they run, how long they stay, what becomes of what they write. */
class WorkerOptionsTest extends HeddleTest {
    @TempDir
    Path folder;

    private static HeddleBuilder workers(int n) {
        return Heddle.builder(Model.PROCESS).processors(n);
    }

    @Test
    void aWorkerHasTheEnvironmentFolderAndHeapThatWereAskedFor() throws Exception {
        try (Heddle heddle = workers(1)
                .workerEnvironment(Map.of("ASKED", "yes"))
                .workerFolder(folder)
                .workerHeap(48L << 20)
                .open()) {
            assertThat(heddle.start(() -> System.getenv("ASKED")).join()).isEqualTo("yes");
            assertThat(heddle.start(() -> System.getenv("PATH")).join())
                    .as("what it has of this process")
                    .isEqualTo(System.getenv("PATH"));
            assertThat(heddle.start(() -> Path.of("").toRealPath().toString()).join())
                    .isEqualTo(folder.toRealPath().toString());
            assertThat(heddle.start(() -> Runtime.getRuntime().maxMemory()).join())
                    .isLessThanOrEqualTo(48L << 20);
            Task<?> much = heddle.start(() -> new byte[100 << 20].length);
            assertThatThrownBy(much::join).hasCauseInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void linesAreHandedOverWithTheNameOfTheWorker() throws Exception {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (Heddle heddle = workers(1)
                .name("loom")
                .workerOutput((worker, line) -> {
                    lines.add(worker + ": " + line);
                    if (line.equals("bad")) {
                        throw new UnsupportedOperationException("the consumer's, of which the log tells");
                    }
                })
                .open()) {
            heddle.start(() -> {
                        System.err.println("bad");
                        System.out.println("out 1");
                        System.out.println("out 2");
                        System.err.println("err");
                    })
                    .join();
            eventually("all have come", () -> lines.size() == 4);
            assertThat(lines)
                    .contains("loom-worker-1: bad", "loom-worker-1: err")
                    .containsSubsequence("loom-worker-1: out 1", "loom-worker-1: out 2");
            Task<?> death = heddle.start(() -> {
                System.err.println("last words");
                Runtime.getRuntime().halt(1);
            });
            assertThatThrownBy(death::join).hasMessageContaining("last words");
            assertThat(lines).as("before the death is told").contains("loom-worker-1: last words");
        }
    }

    @Test
    void aWorkerLeavesAfterItsNumberOfTasks() throws Exception {
        List<Long> pids = new ArrayList<>();
        try (Heddle heddle = workers(1).workerTasks(2).open()) {
            for (int i = 0; i < 6; i++) {
                pids.add(heddle.start(PID).join());
            }
            for (int i = 0; i < 6; i += 2) {
                assertThat(pids.get(i)).isEqualTo(pids.get(i + 1));
            }
            assertThat(new HashSet<>(pids)).hasSize(3);
            eventually("they are gone", () -> pids.stream().noneMatch(Processes::isAlive));
            eventually("one is ready", () -> heddle.stats().osThreads() == 1);
        }
    }

    @Test
    void eachTaskCanHaveAProcessOfItsOwn() throws Exception {
        try (Heddle heddle = workers(2).workerTasks(1).open()) {
            List<Task<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                tasks.add(heddle.start(PID));
            }
            Set<Long> pids = new HashSet<>();
            for (Task<Long> task : tasks) {
                pids.add(task.get(LONG.toMillis(), TimeUnit.MILLISECONDS));
            }
            assertThat(pids).hasSize(12);
        }
    }

    @Test
    void idleWorkersLeaveAndOthersComeForTasks() throws Exception {
        try (Heddle heddle = workers(2).workerIdle(SHORT, 0).open()) {
            for (int i = 0; i < 2; i++) {
                long pid = heddle.start(PID).join();
                eventually("all have left", () -> heddle.stats().osThreads() == 0);
                assertThat(isAlive(pid)).isFalse();
            }
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> first = heddle.start(() -> gate.receive());
            heddle.start(() -> gate.send(3)).join();
            assertThat(first.join()).isEqualTo(3);
        }
    }

    @Test
    void someAreKeptAndStayTheSame() throws Exception {
        try (Heddle heddle = workers(3).workerIdle(SHORT, 1).open()) {
            heddle.start(PID).join();
            eventually("two have left", () -> heddle.stats().osThreads() == 1);
            long pid = heddle.start(PID).join();
            Channel<Integer> never = heddle.channel(0);
            never.receive(MEDIUM); // several times as long as a worker may be idle
            assertThat(heddle.start(PID).join()).isEqualTo(pid);
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            eventually("there is another", () -> heddle.stats().osThreads() == 1 && !isAlive(pid));
        }
    }

    @Test
    void aHeddleWhoseWorkersCannotStartTriesAgainLaterAndNotOften() throws Exception {
        Path flags = Files.writeString(folder.resolve("flags"), "-XX:NoSuchFlag=1");
        Queue<String> complaints = new ConcurrentLinkedQueue<>();
        try (Heddle heddle = workers(4)
                .workerJvmFlags("-XX:VMOptionsFile=" + flags)
                .workerOutput((worker, line) -> {
                    if (line.contains("Unrecognized")) {
                        complaints.add(worker);
                    }
                })
                .open()) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < MEDIUM.multipliedBy(4).toNanos()) {
                Task<?> task = heddle.start(() -> 1);
                assertThatThrownBy(() -> task.get(LONG.toMillis(), TimeUnit.MILLISECONDS))
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("can start no workers");
            }
            assertThat(complaints).as("processes that were started").hasSizeLessThan(4 + 6);
            Files.writeString(flags, "");
            eventually("it has recovered", () -> {
                try {
                    return heddle.start(() -> 7).get() == 7;
                } catch (ExecutionException e) {
                    return false;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            eventually("all workers are there", () -> heddle.stats().osThreads() == 4);
        }
    }

    @Test
    void optionsThatMakeNoSenseAreSentences() {
        HeddleBuilder builder = workers(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.workerHeap(256))
                .withMessageContaining("the number is in bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.workerTasks(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.workerIdle(Duration.ZERO, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.workerIdle(SHORT, -1));
    }
}
