package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** {@code heddle compare} from its command line to its files, with runners in processes. */
class CompareTest {
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    /** A busy machine makes measurements invalid, which these tests are not about. */
    private static void assertMeasured(Heddles.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isIn(Main.OK, Main.INVALID);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void jsonHasTheSameDigestInAllModelsAndNothingElseIsPrinted() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.writeString(tree.resolve("hello.txt"), "hello\n");

        Heddles.Ended ended =
                Heddles.run(folder, "compare", "digest", "tree", "--json", "--repeats", "2", "--seed", "7");

        assertMeasured(ended);
        assertThat(ended.err()).isEmpty(); // no progress in a pipe
        Map<String, Object> json = JSON.std.mapFrom(ended.out());
        assertThat(json).containsEntry("schema", "heddle-compare/1").containsEntry("ending", "complete");
        assertThat(map(json.get("context")))
                .containsEntry("seed", 7)
                .containsEntry("repeats", 2)
                .containsKeys("cpus", "jdk", "flags", "order", "command");
        Map<String, Object> workload = list(json.get("workloads")).getFirst();
        assertThat(workload).containsEntry("workload", "digest").containsEntry("args", List.of("tree"));
        List<Map<String, Object>> rows = list(workload.get("rows"));
        assertThat(rows).extracting(row -> row.get("model")).containsExactly("PROCESS", "THREAD", "GREEN", "FIBER");
        // find tree -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum
        assertThat(rows)
                .extracting(row -> map(row.get("facts")).get("digest"))
                .containsOnly("67cc6cea77ec7268c6960ac074d31a4fa7e587ce147b81b07e27fc81fc4e6b3f");
        assertThat(rows).allSatisfy(row -> {
            assertThat((List<?>) map(row.get("timeNanos")).get("all")).hasSize(2);
            assertThat(row.get("cpuNanos")).isInstanceOf(Number.class);
            assertThat((int) row.get("contextSwitches")).isPositive();
            assertThat(((Number) row.get("peakRssBytes")).longValue()).isGreaterThan(10 << 20);
            assertThat((int) row.get("osThreads")).isPositive();
        });
        assertThat(folder.resolve("heddle-report.html")).doesNotExist();
    }

    @Test
    void theTableNamesEveryRowAndTheReportIsNamedLast() throws Exception {
        Heddles.Ended ended = Heddles.run(
                folder,
                "compare",
                "primes",
                "1000",
                "--models",
                "thread,fiber",
                "--processors",
                "1,2",
                "--repeats",
                "2");
        assertMeasured(ended);
        assertThat(ended.out()).startsWith(Runtime.getRuntime().availableProcessors() + " CPU");
        assertThat(ended.out().lines().map(line -> line.strip().split(" ")[0]))
                .containsSubsequence("primes", "model", "THREAD", "THREAD", "FIBER");
        assertThat(ended.out().lines().toList().getLast())
                .isEqualTo("Report: " + folder.toRealPath().resolve("heddle-report.html"));
        assertThat(ended.out()).doesNotContain("\033");
        assertThat(ended.err()).isEmpty();
        assertThat(folder.resolve("heddle-report.html")).content().contains("<h2>primes 1000</h2>");
    }

    @Test
    void csvHasALineForEachRepetition() throws Exception {
        assertMeasured(Heddles.run(
                folder, "compare", "primes", "1000", "--models", "green", "--repeats", "3", "-o", "times.csv"));
        assertThat(Files.readAllLines(folder.resolve("times.csv")))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("workload,args,model,processors,repetition,time_ns");
    }

    /** The README's example, as it says: compiled against the jars, and run. */
    @Test
    void aWorkloadOfTheUsersOwn() throws Exception {
        Path source = Path.of("..", "examples", "wordcount", "src", "com", "acme", "WordCount.java");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        int compiled = javac.run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
        assertThat(compiled).isZero();

        Heddles.Ended ended = Heddles.run(
                folder, "compare", "--class", "com.acme.WordCount", "--class-path", "classes", "300", "--repeats", "2");

        assertMeasured(ended);
        assertThat(ended.out())
                .contains("wordcount 300", "words: 3,300 in every row")
                .contains("PROCESS", "FIBER");
    }

    /** Wrong from the start. */
    public static final class Wrong implements Workload {
        @Override
        public String describe() {
            return "is always wrong";
        }

        @Override
        public Outcome run(Heddle h, Args args) {
            throw new WrongResultException("the sum must be 4, and is 5");
        }
    }

    @Test
    void aWrongResultFailsTheRun() throws Exception {
        Heddles.Ended ended =
                Heddles.run(folder, "compare", "--class", Wrong.class.getName(), "--models", "thread", "-o", "r.json");
        assertThat(ended.code()).isEqualTo(Main.FAILED);
        assertThat(ended.err()).contains("the comparison failed: under THREAD", "the sum must be 4, and is 5");
        assertThat(JSON.std.mapFrom(Files.readString(folder.resolve("r.json")))).containsEntry("ending", "failed");
    }

    /** Throws in a task. */
    public static final class Throwing implements Workload {
        @Override
        public String describe() {
            return "throws";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws InterruptedException {
            return Outcome.of("number", h.start(() -> Integer.parseInt("seven")).join());
        }
    }

    @Test
    void whatAWorkloadThrowsIsASentenceWithItsPlace() throws Exception {
        Heddles.Ended ended = Heddles.run(
                folder, "compare", "--class", Throwing.class.getName(), "--models", "thread", "-o", "r.json");
        assertThat(ended.code()).isEqualTo(Main.FAILED);
        assertThat(ended.err())
                .hasLineCount(1)
                .contains(
                        "under THREAD",
                        "NumberFormatException: For input string",
                        "(at " + Throwing.class.getName() + ".");
        assertThat(JSON.std.mapFrom(Files.readString(folder.resolve("r.json")))).containsEntry("ending", "failed");
    }

    /** Writes a file when it has begun a repetition, and then takes its time. */
    public static final class Slow implements Workload {
        @Override
        public String describe() {
            return "waits in its tasks";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            Path file = Path.of(args.text(0, ""));
            Channel<Long> pids = h.channel(1);
            Channel<Long> never = h.channel(0);
            Task<Long> task = h.start(() -> {
                pids.send(ProcessHandle.current().pid());
                return never.receive();
            });
            Path whole = Files.writeString(
                    file.resolveSibling("pids.tmp"), ProcessHandle.current().pid() + " " + pids.receive());
            Files.move(whole, file);
            return Outcome.of("never", task.join());
        }
    }

    private static long[] pids(Path file, Process process) throws IOException, InterruptedException {
        while (!Files.exists(file)) {
            assertThat(process.waitFor(10, TimeUnit.MILLISECONDS))
                    .as("ended before it began")
                    .isFalse();
        }
        return Stream.of(Files.readString(file).split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private Heddles.Running startSlow(String model, Path pids) throws IOException {
        return Heddles.start(
                folder, "compare", "--class", Slow.class.getName(), pids.toString(), "--models", model, "-o", "r.json");
    }

    private void assertEndsWithDeathOf(long victim, Heddles.Running running) throws Exception {
        List<ProcessHandle> descendants = running.process().descendants().toList();
        long killed = System.nanoTime();
        ProcessHandle.of(victim).orElseThrow().destroyForcibly();
        Heddles.Ended ended = running.await();
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(NOTICED_WITHIN);
        assertThat(ended.code()).isEqualTo(Main.FAILED);
        assertThat(ended.err()).contains("the comparison failed").contains(String.valueOf(victim));
        assertThat(JSON.std.mapFrom(Files.readString(folder.resolve("r.json")))).containsEntry("ending", "failed");
        assertGone(descendants);
    }

    /** {@return whether it is alive, and no zombie} An orphan that has ended stays one until init has looked after it. */
    private static boolean isRunning(ProcessHandle process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Looks often: {@code onExit} of a process that is no child looks at ever longer intervals. */
    private static void assertGone(List<ProcessHandle> processes) throws IOException {
        long start = System.nanoTime();
        for (ProcessHandle process : processes) {
            while (isRunning(process)) {
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("process %s lives on", process.pid())
                        .isLessThan(NOTICED_WITHIN);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    @Test
    void aRunnerThatIsKilledIsNamed() throws Exception {
        Path file = folder.resolve("pids");
        Heddles.Running running = startSlow("thread", file);
        assertEndsWithDeathOf(pids(file, running.process())[0], running);
    }

    @Test
    void aWorkerThatIsKilledIsNamed() throws Exception {
        Path file = folder.resolve("pids");
        Heddles.Running running = startSlow("process", file);
        assertEndsWithDeathOf(pids(file, running.process())[1], running);
    }

    @Test
    void anInterruptKeepsThePartialResult() throws Exception {
        Path file = folder.resolve("pids");
        Heddles.Running running = startSlow("green", file);
        pids(file, running.process());
        List<ProcessHandle> descendants = running.process().descendants().toList();
        assertThat(descendants).isNotEmpty();

        assertThat(new ProcessBuilder(
                                "kill", "-INT", String.valueOf(running.process().pid()))
                        .start()
                        .waitFor())
                .isZero();
        Heddles.Ended ended = running.await();

        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.err()).contains("interrupted");
        assertThat(JSON.std.mapFrom(Files.readString(folder.resolve("r.json")))).containsEntry("ending", "interrupted");
        assertGone(descendants);
    }

    @Test
    void aResultThatCannotBePrintedFailsTheRun() throws Exception {
        Heddles.Ended ended = Heddles.startInto(
                        Path.of("/dev/full"),
                        folder,
                        "compare",
                        "primes",
                        "100",
                        "--models",
                        "thread",
                        "--repeats",
                        "1")
                .await();
        assertThat(ended.code()).isEqualTo(Main.FAILED);
        assertThat(ended.err()).contains("could not be written to standard output");
    }

    @Test
    void aFileThatCannotBeWrittenAnyMoreFailsTheRun() throws Exception {
        Path output = Files.createDirectory(folder.resolve("results"));
        Path begun = folder.resolve("pids");
        Heddles.Running running = Heddles.start(
                folder,
                "compare",
                "--class",
                Once.class.getName(),
                begun.toString(),
                "--models",
                "thread",
                "--repeats",
                "1",
                "-o",
                "results/r.json");
        pids(begun, running.process());
        Files.delete(output);
        Files.delete(begun); // lets it go on
        Heddles.Ended ended = running.await();
        assertThat(ended.code()).isEqualTo(Main.FAILED);
        assertThat(ended.err()).contains("cannot write");
        assertThat(ended.out()).doesNotContain("Report:");
    }

    /** Writes a file at its first repetition, and goes on when somebody has removed it. */
    public static final class Once implements Workload {
        private boolean begun;

        @Override
        public String describe() {
            return "waits once for a file to go";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            Path file = Path.of(args.text(0, ""));
            if (!begun) {
                begun = true;
                Path whole = Files.writeString(file.resolveSibling("pids.tmp"), "0");
                Files.move(whole, file);
                while (Files.exists(file)) {
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
            }
            return Outcome.of("done", h.start(() -> 1).join());
        }
    }

    @Test
    void nothingIsLeftInSharedMemory() throws Exception {
        assertMeasured(Heddles.run(
                folder, "compare", "primes", "100", "--models", "process", "--repeats", "1", "-o", "r.csv"));
        assertThat(abandonedSharedMemory()).isEmpty();
    }

    /** {@return the files whose name says that a process has made them that is no more} */
    private static List<String> abandonedSharedMemory() throws IOException {
        Pattern name = Pattern.compile("heddle-(\\d+)-.*");
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.map(file -> name.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .filter(made ->
                            ProcessHandle.of(Long.parseLong(made.group(1))).isEmpty())
                    .map(Matcher::group)
                    .toList();
        }
    }

    @Test
    void whatWasComparedIsAdvisedOn() throws Exception {
        assertThat(Heddles.run(folder, "compare", "primes", "20000", "--models", "thread,fiber", "--repeats", "6")
                        .code())
                .isIn(Main.OK, Main.INVALID);
        Heddles.Ended advised = Heddles.run(folder, "advise");
        assertThat(advised.err()).isEmpty();
        assertThat(advised.code()).isIn(Main.OK, Main.INVALID); // on a busy machine there is no advice
        assertThat(advised.out()).startsWith("primes 20000\n").contains("What would change it");
    }
}
