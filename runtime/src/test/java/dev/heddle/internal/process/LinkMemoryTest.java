package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory of a link is its two processes' alone, and nothing is left of it. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class LinkMemoryTest extends HeddleTest {
    private static ProcessHeddle open(int processors, SharedFile.Kind kind) {
        return new ProcessHeddle(
                TestOptions.of(Model.PROCESS, processors, TestOptions.traced(Trace.OFF)), Doorbell.Kind.best(), kind);
    }

    /** {@return how many files without a name the process has open} */
    private static long filesWithoutName(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.filter(LinkMemoryTest::hasNoName).count();
        }
    }

    private static boolean hasNoName(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith("/memfd:heddle (deleted)");
        } catch (IOException e) {
            return false; // it was closed meanwhile
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyElseCanOpenItOnceTheWorkerHasIt(SharedFile.Kind kind) throws Exception {
        long me = ProcessHandle.current().pid();
        try (Heddle heddle = open(1, kind)) {
            assertThat(heddle.start(PID).join()).isNotEqualTo(me);
            assertThat(sharedMemoryFiles(me)).isEmpty();
            assertThat(filesWithoutName(me)).isZero();
        }
        assertThat(sharedMemoryFiles(me)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tooLittleRoomForAllWorkersIsASentenceAtOnce(SharedFile.Kind kind) {
        assertThatThrownBy(() -> open(100_000_000, kind))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "the workers need \\d+ bytes of shared memory, and only \\d+ bytes of RAM are available: "
                                + "make room, or ask for fewer processors");
    }

    /** Has one worker, which waits for its options, and never closes. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Heddle.builder(Model.PROCESS)
                    .processors(1)
                    .workerJvmFlags("-XX:VMOptionsFile=" + args[0])
                    .open();
            eventually(
                    "there is a worker",
                    () -> ProcessHandle.current().children().count() == 1);
            System.out.println(
                    ProcessHandle.current().children().findFirst().orElseThrow().pid());
            System.in.read();
        }
    }

    @Test
    void nothingIsLeftOfTwoProcessesThatAreKilledBeforeBothHaveIt(@TempDir Path folder) throws Exception {
        if (SharedFile.Kind.best() == SharedFile.Kind.NAME) {
            return; // then it is left: see the class comment of SharedFile
        }
        Path options = folder.resolve("options");
        assertThat(new ProcessBuilder("mkfifo", options.toString()).start().waitFor())
                .isZero();
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        options.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            assertThat(filesWithoutName(parent.pid())).isEqualTo(1);
            assertThat(sharedMemoryFiles(parent.pid())).isEmpty();
            parent.toHandle().destroyForcibly();
            worker.destroyForcibly();
            assertThat(parent.waitFor(LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            eventually("the worker is gone", () -> !isAlive(worker.pid()));
            assertThat(sharedMemoryFiles(parent.pid())).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
    }
}
