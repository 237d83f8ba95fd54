package dev.heddle.internal.process.start;

import static dev.heddle.testing.Processes.PID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.SharedInts;
import dev.heddle.Task;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Processes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A worker has no more CPUs than it may, whatever its threads and processes do, and others have other ones. */
class WorkerCpusTest extends HeddleTest {
    private static final int ALLOWED = CpuAffinity.allowed().cardinality();

    private static HeddleBuilder workers(int n, int cpus) {
        return Heddle.builder(Model.PROCESS).processors(n).workerCpus(cpus);
    }

    private static String cpus(Stream<String> status) {
        return status.filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** {@return the CPUs of each thread of this process} */
    private static Set<String> cpusOfThreads() throws IOException {
        Set<String> all = new HashSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                try (Stream<String> status = Files.lines(thread.resolve("status"))) {
                    all.add(cpus(status));
                } catch (NoSuchFileException e) {
                    // it has ended
                }
            }
        }
        return all;
    }

    /** {@return the CPUs that a process gets which this one starts} */
    private static String cpusOfProcess() throws IOException {
        Process process = new ProcessBuilder("cat", "/proc/self/status").start();
        return cpus(process.inputReader().lines());
    }

    @Test
    void allOfAWorkerIsConfined() throws Exception {
        try (Heddle heddle = workers(1, 1).open()) {
            assertThat(heddle.start(() -> Runtime.getRuntime().availableProcessors())
                            .join())
                    .isEqualTo(1);
            Set<String> cpus = heddle.start(() -> cpusOfThreads()).join();
            assertThat(cpus).hasSize(1).allMatch(list -> list.matches("\\d+"));
            assertThat(heddle.start(() -> cpusOfProcess()).join()).isIn(cpus);
            assertThat(heddle.start(() -> {
                                try (Heddle inner = Heddle.open(Model.THREAD)) {
                                    return inner.processors() + " "
                                            + inner.start(() -> cpusOfThreads()).join();
                                }
                            })
                            .join())
                    .isEqualTo("1 " + cpus);
        }
    }

    @Test
    void workersHaveDifferentCpusAlsoWhenOneDiesAgainAndAgain() throws Exception {
        try (Heddle heddle = workers(Math.min(4, ALLOWED), 1).open()) {
            for (int round = 0; round < 4; round++) {
                assertThat(cpusOfWorkers(heddle)).doesNotHaveDuplicates();
                long pid = heddle.start(PID).join();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                eventually("it is dead", () -> !Processes.isAlive(pid));
            }
        }
    }

    private static List<String> cpusOfWorkers(Heddle heddle) throws Exception {
        int n = heddle.processors();
        SharedInts arrived = heddle.sharedInts(1);
        List<Task<String>> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tasks.add(heddle.start(() -> {
                arrived.getAndAdd(0, 1);
                while (arrived.get(0) < n) { // so that each has a worker of its own
                    Thread.onSpinWait();
                }
                return cpusOfThreads().toString();
            }));
        }
        List<String> all = new ArrayList<>();
        for (Task<String> task : tasks) {
            all.add(task.join());
        }
        return all;
    }

    @Test
    void aWorkerSeesNoMoreCpusThanThereAre() throws Exception {
        int here = Runtime.getRuntime().availableProcessors();
        try (Heddle heddle = workers(1, here + 3).open()) {
            assertThat(heddle.start(() -> Runtime.getRuntime().availableProcessors())
                            .join())
                    .isEqualTo(here);
        }
    }

    @Test
    void noCpuAtAllIsASentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workers(1, 0))
                .withMessage("workerCpus(0): a worker needs 1 CPU or more; leave it out for no limit");
    }
}
