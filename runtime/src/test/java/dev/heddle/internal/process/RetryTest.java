package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Processes;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A job that may be run several times survives the death of workers, unless it is what kills them. */
class RetryTest extends HeddleTest {
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
        Throwable thrown = catchThrowable(() -> task.get(LONG.toMillis(), TimeUnit.MILLISECONDS));
        assertThat(thrown).hasCauseInstanceOf(WorkerDiedException.class);
        return (WorkerDiedException) thrown.getCause();
    }

    @Test
    void aJobThatKillsItsFirstWorkerIsRunByASecond() throws Exception {
        Channel<Long> pids = heddle.channel(10);
        Channel<Integer> once = heddle.channel(1);
        once.send(1);
        Task<Integer> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    if (once.tryReceive() instanceof Received.Element<Integer>) {
                        Runtime.getRuntime().halt(3);
                    }
                    return 7;
                },
                TaskOptions.DEFAULT.retries(1));
        assertThat(task.get(LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(7);
        assertThat(pids.receive()).isNotEqualTo(pids.receive());
    }

    @Test
    void aJobThatHasKilledTwoWorkersIsPoison() throws Exception {
        Channel<Long> pids = heddle.channel(10);
        Task<?> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    Runtime.getRuntime().halt(3);
                },
                TaskOptions.DEFAULT.retries(9));
        WorkerDiedException death = deathOf(task);
        long first = pids.receive();
        long second = pids.receive();
        assertThat(pids.size()).as("no third worker").isZero();
        assertThat(death.pid()).isEqualTo(second);
        assertThat(death)
                .hasMessageContaining("; this was attempt 2, and a job that has killed 2 workers is not tried again");
        assertThat(death.getSuppressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        WorkerDiedException.class,
                        before -> assertThat(before.pid()).isEqualTo(first));
    }

    @Test
    void workersKilledFromOutsideDoNotMakeItPoison() throws Exception {
        Channel<Long> pids = heddle.channel(0);
        Channel<Integer> end = heddle.channel(0);
        Task<Integer> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    return end.receive();
                },
                TaskOptions.DEFAULT.retries(3));
        for (int i = 0; i < 3; i++) {
            ProcessHandle.of(pids.receive()).orElseThrow().destroyForcibly();
        }
        pids.receive();
        end.send(4);
        assertThat(task.join()).isEqualTo(4);
    }

    @Test
    void moreDeathsThanRetriesAreAFailure() throws Exception {
        Channel<Long> pids = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    while (true) {
                        Thread.onSpinWait();
                    }
                },
                TaskOptions.DEFAULT.retries(2));
        for (int i = 0; i < 3; i++) {
            ProcessHandle.of(pids.receive()).orElseThrow().destroyForcibly();
        }
        WorkerDiedException death = deathOf(task);
        assertThat(death).hasMessageContaining("; this was attempt 3, and TaskOptions.retries(2) allows no more");
        assertThat(death.getSuppressed()).hasSize(2);
    }

    @Test
    void withoutRetriesTheFirstDeathIsFinal() {
        WorkerDiedException death =
                deathOf(heddle.start(() -> Runtime.getRuntime().halt(3)));
        assertThat(death.getMessage()).doesNotContain("attempt");
        assertThat(death.getSuppressed()).isEmpty();
    }

    @Test
    void aTaskThatIsCancelledOrKilledIsNotTriedAgain() throws Exception {
        Channel<Long> pids = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    never.receive();
                },
                TaskOptions.DEFAULT.retries(5));
        pids.receive();
        assertThat(task.kill()).isTrue();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
        assertThat(pids.receive(SMALL)).as("a second attempt").isInstanceOf(Received.Empty.class);
    }

    @Test
    void aRetryHasAllOfTheTimeAgain() throws Exception {
        Channel<Long> pids = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Duration most = MEDIUM.multipliedBy(6);
        Task<Integer> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    never.receive(most);
                    return 1;
                },
                TaskOptions.DEFAULT.timeLimit(MEDIUM.multipliedBy(10)).retries(1));
        long first = pids.receive();
        never.receive(MEDIUM.multipliedBy(5));
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        pids.receive();
        assertThat(task.join()).isEqualTo(1);
    }

    @Test
    void aStoppedWorkerIsKilledWhenTheTimeIsOver() throws Exception {
        Channel<Long> pids = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    pids.send(PID.call());
                    while (true) {
                        Thread.onSpinWait();
                    }
                },
                TaskOptions.DEFAULT.timeLimit(MEDIUM.multipliedBy(12))); // a new worker takes its time
        long pid = pids.receive();
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(task::join).hasCauseInstanceOf(TimeoutException.class);
        eventually("the worker is gone", () -> !Processes.isAlive(pid));
        assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
    }
}
