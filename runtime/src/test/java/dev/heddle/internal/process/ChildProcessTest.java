package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.isAlive;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.ChannelClosedException;
import dev.heddle.ChildProcess;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.NotTransferableException;
import dev.heddle.Received;
import dev.heddle.TaskFailedException;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One helper process, without a pool. */
@SuppressWarnings("serial") // a main here may name what only this package sees
class ChildProcessTest extends HeddleTest {
    private static ChildProcess<String, Integer> lengths() {
        return Heddle.process((in, out) -> {
            for (String line : in) {
                out.send(line.length());
            }
        });
    }

    @Test
    void answersUntilItIsClosed() throws Exception {
        long pid;
        try (ChildProcess<String, Integer> child = lengths()) {
            for (int i = 0; i < 100; i++) {
                child.send("x".repeat(i));
                assertThat(child.receive()).isEqualTo(i);
            }
            pid = child.pid();
            assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
            assertThat(isAlive(pid)).isTrue();
            assertThat(child.task().isDone()).isFalse();
        }
        assertThat(isAlive(pid)).isFalse();
        assertThat(sharedMemoryFiles(ProcessHandle.current().pid())).isEmpty();
    }

    @Test
    void whatItSendsAfterTheEndOfItsInputIsReceived() throws Exception {
        try (ChildProcess<Integer, Integer> child = Heddle.process((in, out) -> {
            int sum = 0;
            for (int element : in) {
                sum += element;
                out.send(element);
            }
            out.send(sum);
        })) {
            for (int i = 1; i <= 4; i++) {
                child.send(i);
            }
            child.input().close();
            List<Integer> received = new ArrayList<>();
            child.output().forEach(received::add);
            assertThat(received).containsExactly(1, 2, 3, 4, 10);
            child.task().join();
            assertThatThrownBy(child::receive)
                    .isInstanceOf(ChannelClosedException.class)
                    .hasNoCause();
            eventually("it frees itself", () -> child.task().heddle().stats().osThreads() == 0);
        }
    }

    @Test
    void itsDeathIsToldToWhoReceivesAndWhoSendsAndNobodyIsStartedInItsPlace() throws Exception {
        ChildProcess<Integer, Integer> child = Heddle.process((in, out) -> {
            out.send(in.receive());
            System.err.println("my last words");
            Runtime.getRuntime().halt(7);
        });
        child.send(5);
        assertThat(child.receive()).isEqualTo(5);
        assertThatThrownBy(child::receive).isInstanceOfSatisfying(WorkerDiedException.class, death -> {
            assertThat(death.exitCode()).isEqualTo(7);
            assertThat(death.lastLines()).containsExactly("my last words");
        });
        assertThatThrownBy(() -> child.send(6)).isInstanceOf(WorkerDiedException.class);
        assertThatThrownBy(() -> child.output().receive())
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(WorkerDiedException.class);
        assertThatThrownBy(child.task()::join).hasCauseInstanceOf(WorkerDiedException.class);
        child.close(); // we know
    }

    @Test
    void itsDeathBeforeItHasUsedAPipeIsToldAsWell() throws Exception {
        try (ChildProcess<Integer, Integer> child =
                Heddle.process((in, out) -> Runtime.getRuntime().halt(7))) {
            assertThatThrownBy(child::receive).isInstanceOf(WorkerDiedException.class);
        }
    }

    @Test
    void whatItsMainThrowsIsTheCause() throws Exception {
        ChildProcess<Integer, Integer> child = Heddle.process((in, out) -> {
            out.send(1);
            throw new IllegalArgumentException("for a reason");
        });
        assertThat(child.receive()).isOne();
        assertThatThrownBy(child::receive)
                .isInstanceOf(ChannelClosedException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("for a reason");
        child.close();
    }

    @Test
    void aFailureThatNobodyWasToldIsToldByTheClose() throws Exception {
        ChildProcess<Integer, Integer> child = Heddle.process((in, out) -> {
            in.receive();
            throw new IllegalArgumentException("for a reason");
        });
        child.send(1);
        eventually("it has ended", () -> child.task().isDone());
        assertThatThrownBy(child::close)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMainThatSendsOrReceivesAfterTheCloseHasEndedWell() throws Exception {
        ChildProcess<Integer, Integer> sending = Heddle.process((in, out) -> {
            while (true) {
                out.send(1);
            }
        });
        assertThat(sending.receive()).isOne();
        sending.close();
        ChildProcess<Integer, Integer> receiving = Heddle.process((in, out) -> {
            while (true) {
                in.receive();
            }
        });
        receiving.send(1);
        receiving.close();
        assertThatThrownBy(() -> receiving.send(2)).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void canBeKilledWhateverItDoes() throws Exception {
        try (ChildProcess<Integer, Integer> child = Heddle.process((in, out) -> {
            out.send(1);
            while (true) {
                Thread.onSpinWait();
            }
        })) {
            assertThat(child.receive()).isOne();
            child.kill();
            assertThatThrownBy(child::receive).isInstanceOf(ChannelClosedException.class);
            assertThat(child.task().isCancelled()).isTrue();
        }
    }

    @Test
    void takesTheOptionsOfWorkers() throws Exception {
        try (ChildProcess<Integer, String> child = Heddle.builder(Model.PROCESS)
                .workerEnvironment(Map.of("HEDDLE_TEST", "here"))
                .workerHeap(32L << 20)
                .process((in, out) -> {
                    out.send(System.getenv("HEDDLE_TEST"));
                    out.send(Long.toString(Runtime.getRuntime().maxMemory() >> 20));
                })) {
            assertThat(child.receive()).isEqualTo("here");
            assertThat(Long.parseLong(child.receive())).isLessThan(40);
            assertThat(child.output().receive(LONG)).isEqualTo(new Received.Closed<String>(null));
        }
        assertThatThrownBy(() -> Heddle.builder(Model.GREEN).process((in, out) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Heddle.builder(Model.PROCESS)");
        Object notSerializable = new Object();
        assertThatThrownBy(() -> Heddle.process((in, out) -> out.send(notSerializable)))
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("notSerializable");
    }

    @Test
    void oneThatCannotBeStartedSaysSo() throws Exception {
        try (ChildProcess<Integer, Integer> child =
                Heddle.builder(Model.PROCESS).workerJvmFlags("-XX:NoSuchFlag").process((in, out) -> out.send(1))) {
            assertThatThrownBy(child::receive)
                    .isInstanceOf(ChannelClosedException.class)
                    .cause()
                    .hasMessageContaining("NoSuchFlag");
            assertThatThrownBy(child::pid)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("NoSuchFlag");
        }
    }
}
