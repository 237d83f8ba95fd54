package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A time limit ends a task, and retries are for workers that die, under every model. */
class TaskOptionsTest extends ContractTest {
    private static final int RUNS = 0;
    private static final int RELEASED = 1;

    private static final TaskOptions SOON = TaskOptions.DEFAULT.timeLimit(SHORT);

    @TempDir
    Path folder;

    /** In a new worker the first code takes its time. */
    private Duration enoughToBegin() {
        return MEDIUM.multipliedBy(exempt(Exemption.KILL_ONLY_INTERRUPTS) ? 2 : 8);
    }

    @Test
    void aTaskThatTakesTooLongFails() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> never = heddle.channel(0);
        Task<Integer> task = heddle.start(() -> never.receive(), SOON);
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(TimeoutException.class)
                .hasMessage(task + " has executed for longer than its time limit of " + SHORT.toMillis()
                        + " ms: raise TaskOptions.timeLimit, or give it less to do");
        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.exceptionNow()).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(TimeoutException.class);
        assertThat(task.cancel(true)).as("it has ended").isFalse();
        assertThat(heddle.start(() -> 8).join()).as("a task after it").isEqualTo(8);
    }

    @Test
    void itsCodeIsInterruptedOrItsWorkerKilled() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Long> pid = heddle.channel(0);
            Channel<Boolean> end = heddle.channel(1);
            Task<?> deaf = heddle.start(
                    () -> {
                        pid.send(ProcessHandle.current().pid());
                        while (ints.get(RELEASED) == 0) {
                            Heddle.yield(); // does not throw when interrupted
                        }
                        end.send(Thread.interrupted());
                    },
                    TaskOptions.DEFAULT.timeLimit(enoughToBegin()));
            long victim = pid.receive();
            eventually("it has failed", deaf::isDone);
            if (exempt(Exemption.KILL_ONLY_INTERRUPTS)) {
                ints.set(RELEASED, 1);
                assertThat(end.receive())
                        .as("the code went on and was interrupted")
                        .isTrue();
            } else {
                eventually(
                        "the worker is gone",
                        () -> ProcessHandle.of(victim)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty());
            }
            assertThatThrownBy(deaf::join).hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aTaskThatIsInTimeNoticesNothing() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.timeLimit(LONG).retries(3);
        Heddle heddle = heddle();
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int x = i;
            tasks.add(heddle.start(() -> x, options));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(tasks.get(i).join()).isEqualTo(i);
        }
        heddle.start(() -> {}, TaskOptions.DEFAULT).join();
    }

    @Test
    void theTimeInAQueueDoesNotCount() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> begun = heddle.channel(1);
            Duration longer = MEDIUM.multipliedBy(2);
            Task<?> busy = heddle.start(() -> {
                begun.send(1);
                long start = System.nanoTime();
                while (System.nanoTime() - start < longer.toNanos()) {
                    Thread.onSpinWait();
                }
            });
            begun.receive();
            Task<Integer> behind = heddle.start(() -> 2, TaskOptions.DEFAULT.timeLimit(MEDIUM));
            assertThat(behind.join()).isEqualTo(2);
            busy.join();
        }
    }

    @Test
    void closeReportsATaskThatTookTooLong() {
        Heddle heddle = subject.builder()
                .processors(1)
                .uncaughtHandler((task, failure) -> {})
                .open();
        Channel<Integer> never = heddle.channel(0);
        heddle.start(() -> never.receive(), SOON);
        assertThatThrownBy(heddle::close)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("failed and nobody joined it")
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(heddle.stats().failed()).isEqualTo(1);
    }

    @Test
    void aCancelledTaskIsNotTimedOut() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> begun = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    begun.send(1);
                    never.receive();
                },
                TaskOptions.DEFAULT.timeLimit(MEDIUM.multipliedBy(4)));
        begun.receive();
        assertThat(task.cancel(true)).isTrue();
        awaitIdle(heddle);
        assertThat(never.receive(MEDIUM.multipliedBy(4).plus(SHORT)))
                .as("the time limit passes")
                .isNotNull();
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void theCodeOfACancelledTaskEndsWhenItsTimeIsOver() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> begun = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    begun.send(1);
                    never.receive();
                },
                TaskOptions.DEFAULT.timeLimit(MEDIUM.multipliedBy(4)));
        begun.receive();
        assertThat(task.cancel(false)).isTrue();
        awaitIdle(heddle);
        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void whatAJobThrowsIsNotTriedAgain() {
        SharedInts ints = new SharedInts(folder);
        Task<?> task = heddle().start(
                        () -> {
                            ints.increment(RUNS);
                            throw new UnsupportedOperationException("torn");
                        },
                        TaskOptions.DEFAULT.retries(5));
        assertThatThrownBy(task::join).hasRootCauseMessage("torn");
        assertThat(ints.get(RUNS)).isEqualTo(1);
    }

    @Test
    void aTimeThatIsOverIsNotTriedAgain() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> never = heddle.channel(0);
        Task<?> task = heddle.start(
                () -> {
                    ints.increment(RUNS);
                    never.receive();
                },
                TaskOptions.DEFAULT.timeLimit(enoughToBegin()).retries(5));
        assertThatThrownBy(task::join).hasCauseInstanceOf(TimeoutException.class);
        awaitIdle(heddle);
        assertThat(ints.get(RUNS)).isEqualTo(1);
    }

    @Test
    void optionsThatMakeNoSenseAreSentences() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.DEFAULT.timeLimit(Duration.ZERO))
                .withMessageContaining("give it more than zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskOptions.DEFAULT.retries(-1))
                .withMessageContaining("0 times or more");
        assertThat(SOON.retries(2).timeLimit()).contains(SHORT);
        assertThat(SOON.retries(2).retries()).isEqualTo(2);
    }
}
