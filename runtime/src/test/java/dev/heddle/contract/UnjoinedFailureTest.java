package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A failure that nobody looks at is not lost. */
class UnjoinedFailureTest extends ContractTest {
    private record Told(Task<?> task, Throwable failure) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();

    private Heddle openTelling() {
        return open(
                options -> options.processors(1).uncaughtHandler((task, failure) -> told.add(new Told(task, failure))));
    }

    private static Action failing(String message) {
        return () -> {
            throw new UnsupportedOperationException(message);
        };
    }

    @Test
    void closeThrowsItAndTheHandlerIsTold() throws Exception {
        Heddle heddle = openTelling();
        Task<?> task = heddle.start(failing("torn"));
        assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
        assertThatThrownBy(heddle::close)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("a task of heddle " + heddle.name())
                .hasMessageContaining("nobody joined it")
                .hasMessageContaining("torn")
                .hasCauseInstanceOf(UnsupportedOperationException.class);
        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.task()).isSameAs(task);
            assertThat(one.failure()).hasMessage("torn");
        });
        assertThat(heddle.isTerminated()).isTrue();
        heddle.close(); // has been said
    }

    @Test
    void severalAreCountedAndHangTogether() {
        Heddle heddle = openTelling();
        for (int i = 0; i < 3; i++) {
            heddle.start(failing("torn " + i));
        }
        assertThatThrownBy(heddle::close)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("3 tasks")
                .satisfies(report -> assertThat(report.getSuppressed()).hasSize(2));
        assertThat(told).hasSize(3);
    }

    @Test
    void oneThatSomebodyHasSeenIsNotReportedAgain() throws Exception {
        try (Heddle heddle = openTelling()) {
            Task<?> joined = heddle.start(failing("joined"));
            Task<?> got = heddle.start(failing("got"));
            Task<?> asked = heddle.start(failing("asked"));
            assertThatThrownBy(joined::join).isInstanceOf(TaskFailedException.class);
            assertThatThrownBy(got::get).hasCauseInstanceOf(UnsupportedOperationException.class);
            eventually("it has ended", asked::isDone);
            assertThat(asked.exceptionNow()).hasMessage("asked");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void cancellingATaskThatHasFailedIsNotLookingAtIt() {
        Heddle heddle = openTelling();
        Task<?> task = heddle.start(failing("torn"));
        eventually("it has ended", task::isDone);
        assertThat(task.cancel(true)).isFalse();
        assertThatThrownBy(heddle::close).isInstanceOf(TaskFailedException.class);
        assertThat(told).hasSize(1);
    }

    @Test
    void theFailureOfExecuteGoesToTheHandlerAtOnce() {
        try (Heddle heddle = openTelling()) {
            heddle.execute((Runnable & java.io.Serializable) () -> {
                throw new UnsupportedOperationException("torn");
            });
            eventually("the handler is told", () -> !told.isEmpty());
            assertThat(told.getFirst().failure()).hasMessage("torn");
        } // and close() has nothing to report
        assertThat(told).hasSize(1);
    }

    @Test
    void cancelledTasksAreNoFailures() {
        try (Heddle heddle = openTelling()) {
            Channel<Integer> gate = heddle.channel(0);
            heddle.start(() -> gate.receive()).cancel(true);
        }
        assertThat(told).isEmpty();
    }
}
