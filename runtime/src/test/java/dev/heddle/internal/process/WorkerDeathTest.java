package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.NotTransferableException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.start.WorkerCommand;
import dev.heddle.testing.HeddleTest;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that dies takes its task with it, and nothing else. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class WorkerDeathTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static WorkerDiedException deathOf(Task<?> task) {
        Throwable thrown = catchThrowable(() -> task.get(10, TimeUnit.SECONDS));
        assertThat(thrown).hasCauseInstanceOf(WorkerDiedException.class);
        return (WorkerDiedException) thrown.getCause();
    }

    private static WorkerDiedException deathBy(Action action) {
        return deathOf(heddle.start(action));
    }

    @Test
    void killMinusNineFailsThatTaskOnly() throws Exception {
        Channel<Long> pids = heddle.channel(1);
        Task<?> victim = heddle.start(() -> {
            System.err.println("my last words");
            pids.send(PID.call());
            while (true) {
                Thread.onSpinWait();
            }
        });
        long pid = pids.receive();
        List<Task<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int x = i;
            others.add(heddle.start(() -> x * x));
        }
        long start = System.nanoTime();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        WorkerDiedException death = deathOf(victim);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(death.pid()).isEqualTo(pid);
        assertThat(death.exitCode()).isEqualTo(137);
        assertThat(death.signal()).hasValue(9);
        assertThat(death.lastLines()).containsExactly("my last words");
        assertThat(death)
                .hasMessageContaining("(process " + pid + ") was ended by signal 9 (SIGKILL) while it ran " + victim)
                .hasMessageContaining("\n    my last words");
        for (int i = 0; i < 50; i++) {
            assertThat(others.get(i).join()).isEqualTo(i * i);
        }
        eventually("the pool has healed", () -> heddle.stats().osThreads() == 2);
        eventually(
                "no shared memory file is left",
                () -> sharedMemoryFiles(ProcessHandle.current().pid()).isEmpty());
    }

    @Test
    void aCrashIsToldWithTheReportOfTheJvm() throws Exception {
        Channel<Long> pids = heddle.channel(1);
        Task<?> victim = heddle.start(() -> {
            System.err.println("my last words");
            pids.send(PID.call());
            while (true) {
                Thread.onSpinWait();
            }
        });
        long pid = pids.receive();
        Path file = WorkerCommand.errorFile(Long.toString(pid));
        try {
            new ProcessBuilder("kill", "-SEGV", Long.toString(pid)).start().waitFor();
            WorkerDiedException death = deathOf(victim);
            assertThat(death.pid()).isEqualTo(pid);
            assertThat(death.taskId()).isEqualTo(victim.id());
            assertThat(death.lastLines()).contains("my last words");
            assertThat(death.crashReport())
                    .hasValueSatisfying(report -> assertThat(report)
                            .contains("A fatal error has been detected by the Java Runtime Environment", "SIGSEGV"));
            assertThat(death)
                    .hasMessageContaining("the JVM's report is " + file)
                    .hasMessageContaining("its JVM or native code crashed");
            assertThat(Payload.read(Payload.write(death, Role.FAILURE), Role.FAILURE, false))
                    .as("it crosses to other processes")
                    .isInstanceOfSatisfying(WorkerDiedException.class, copy -> {
                        assertThat(copy.lastLines()).isEqualTo(death.lastLines());
                        assertThat(copy.crashReport()).isEqualTo(death.crashReport());
                        assertThat(copy.taskId()).isEqualTo(death.taskId());
                    });
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    void aReportOfAnotherProcessWithTheSameIdIsNotTaken() throws Exception {
        long nobody = Integer.MAX_VALUE; // more than any process id
        Path file = Files.writeString(WorkerCommand.errorFile(Long.toString(nobody)), "another's");
        try {
            long born = Files.getLastModifiedTime(file).toMillis();
            assertThat(WorkerCommand.errorFileOf(nobody, born)).isEqualTo(file);
            assertThat(WorkerCommand.errorFileOf(nobody, born + 1)).isNull();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void exitAndHalt() {
        WorkerDiedException exit = deathBy(() -> System.exit(3));
        assertThat(exit.exitCode()).isEqualTo(3);
        assertThat(exit.signal()).isEmpty();
        assertThat(exit.crashReport()).isEmpty();
        assertThat(exit)
                .hasMessageContaining("ended with exit code 3 while it ran task")
                .hasMessageContaining("called System.exit or Runtime.halt");
        assertThat(deathBy(() -> Runtime.getRuntime().halt(0)).exitCode()).isZero();
    }

    @Test
    void aTaskIsReallyKilled() throws Exception {
        Channel<Long> pids = heddle.channel(1);
        Task<?> deaf = heddle.start(() -> {
            pids.send(PID.call());
            while (true) {
                Thread.interrupted();
            }
        });
        long pid = pids.receive();
        assertThat(deaf.cancel(true)).isTrue();
        assertThat(isAlive(pid)).as("it does not listen").isTrue();
        assertThat(deaf.kill()).as("it had been cancelled before").isFalse();
        eventually("the worker is gone", () -> !isAlive(pid));
        assertThatThrownBy(deaf::join).isInstanceOf(CancellationException.class);
        assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
    }

    @Test
    void killingATaskNeverMeetsAnother() throws Exception {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int x = i;
            Task<Integer> task = heddle.start(() -> x);
            tasks.add(task);
            if (i % 10 == 9) {
                task.kill(); // queued, running, or over
            }
        }
        for (int i = 0; i < 60; i++) {
            if (i % 10 != 9) {
                assertThat(tasks.get(i).join()).isEqualTo(i);
            }
        }
    }

    @Test
    void aResultThatWasWrittenCounts() throws Exception {
        for (int i = 0; i < 5; i++) {
            Task<byte[]> task = heddle.start(() -> {
                // Ends the process at about the time when the result is written.
                Thread.ofPlatform().start(() -> Runtime.getRuntime().halt(1));
                return new byte[500_000];
            });
            try {
                assertThat(task.join()).hasSize(500_000);
            } catch (TaskFailedException e) {
                assertThat(e).hasCauseInstanceOf(WorkerDiedException.class);
            }
        }
    }

    @Test
    void aDeadWorkerWaitsAtNoChannel() throws Exception {
        Channel<Integer> channel = heddle.channel(0);
        Channel<Long> pids = heddle.channel(1);
        Task<Integer> receiver = heddle.start(() -> {
            pids.send(PID.call());
            return channel.receive();
        });
        ProcessHandle.of(pids.receive()).orElseThrow().destroyForcibly();
        deathOf(receiver);
        assertThat(channel.send(1, Duration.ofMillis(50))).as("nobody receives").isFalse();
        Task<Integer> next = heddle.start(() -> channel.receive());
        channel.send(2);
        assertThat(next.join()).isEqualTo(2);
    }

    @Test
    void aWorkerThatWritesWhatCannotBeIsKilledWithASentence() throws Exception {
        Channel<String> channel = heddle.channel(1);
        WorkerDiedException death = deathBy(() -> {
            link(channel).send(new Message.Result(-1, Message.NOTHING));
            Thread.sleep(60_000);
        });
        assertThat(death).hasMessageContaining("was killed because it wrote what cannot be (news of task -1,");
        assertThat(deathBy(() -> {
                    link(channel).send(new Message.Request(Message.Op.RECEIVE, 1, 99_999, Message.NOTHING));
                    Thread.sleep(60_000);
                }))
                .hasMessageContaining("a request for channel 99999, which it was never given");
        assertThat(deathBy(() -> {
                    link(channel).send(new Message.Request(Message.Op.SELECT, 1, 0, new byte[11]));
                    Thread.sleep(60_000);
                }))
                .hasMessageContaining("an operation of a select cannot have 11 bytes");
        assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
    }

    /** The worker's end of the link, which only a broken worker would write to by itself. */
    private static Link link(Channel<?> channel) throws ReflectiveOperationException {
        return (Link) field(field(channel, "client"), "link");
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    @Test
    void anOutOfMemoryErrorIsAnOrdinaryFailure() throws Exception {
        try (Heddle small = Heddle.builder(Model.PROCESS)
                .processors(1)
                .workerJvmFlags("-Xmx64m")
                .open()) {
            Task<?> task = small.start(() -> new byte[200_000_000]);
            assertThatThrownBy(task::join).hasCauseInstanceOf(OutOfMemoryError.class);
            assertThat(small.start(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void aTaskGivenToAWorkerThatHasJustDiedGoesToAnother() throws Exception {
        try (Heddle one = Heddle.builder(Model.PROCESS).processors(1).open()) {
            for (int i = 0; i < 5; i++) {
                long pid = one.start(PID).join();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly(); // it was idle
                assertThat(one.start(PID).join()).isNotEqualTo(pid);
            }
        }
    }

    @Test
    void workersThatCannotStartAreASentence() {
        try (Heddle wrong = Heddle.builder(Model.PROCESS)
                .processors(2)
                .workerJvmFlags("-XX:NoSuchFlag=1")
                .open()) {
            assertThatThrownBy(() -> wrong.start(() -> 1).join())
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("can start no workers, since 3 in a row ended before they were ready")
                    .hasMessageContaining("ended with exit code 1")
                    .hasMessageContaining("Unrecognized VM option 'NoSuchFlag=1'");
            assertThatThrownBy(() -> wrong.start(() -> 1).join())
                    .as("a later task")
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSpareWorkerThatDiesIsReplacedWhileOthersStillWait() throws Exception {
        try (Heddle one = Heddle.builder(Model.PROCESS).processors(1).open()) {
            Channel<Integer> channel = one.channel(0);
            Task<Integer> waiting = one.start(() -> channel.receive());
            Task<?> victim = one.start(() -> Runtime.getRuntime().halt(3));
            Task<?> sender = one.start(() -> channel.send(7));
            assertThat(deathOf(victim).exitCode()).isEqualTo(3);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(7);
            sender.join();
        }
    }

    @Test
    void queuedTasksFailIfAllWorkersWaitAndNoSpareOneCanStart(@TempDir Path folder) throws Exception {
        Path flags = Files.writeString(folder.resolve("flags"), "");
        try (Heddle one = Heddle.builder(Model.PROCESS)
                .processors(1)
                .workerJvmFlags("-XX:VMOptionsFile=" + flags)
                .open()) {
            Channel<Integer> channel = one.channel(0);
            Channel<Integer> begun = one.channel(1);
            Task<Integer> waiting = one.start(() -> {
                begun.send(1);
                return channel.receive();
            });
            begun.receive();
            Files.writeString(flags, "-XX:NoSuchFlag=1");
            Task<?> sender = one.start(() -> channel.send(7));
            assertThatThrownBy(() -> sender.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("can start no workers");
            channel.send(8);
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(8);
        }
    }

    /** Its class can be read by nobody. */
    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            throw new AssertionError("not readable");
        }
    }

    @Test
    void aResultWhoseClassThrowsAnErrorHereFailsThatTaskOnly() {
        Task<?> task = heddle.start(() -> new Unreadable());
        assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("java.lang.AssertionError: not readable");
    }
}
