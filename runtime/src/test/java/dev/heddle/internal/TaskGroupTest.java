package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.TaskFailedException;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code all()} and {@code race()} where the test says when tasks end, and where chance does. */
class TaskGroupTest extends HeddleTest {
    private static final int ROUNDS = 1_000;

    private final ManualHeddle heddle = new ManualHeddle();

    private static Job<Integer> failure(String message) {
        return () -> {
            throw new UnsupportedOperationException(message);
        };
    }

    /** Runs the tasks that were launched so far as soon as so many were, the last first. */
    private void runAtLaunchOf(int count) {
        List<TaskCore<?>> tasks = new ArrayList<>();
        heddle.onLaunch = task -> {
            tasks.add(task);
            if (tasks.size() == count) {
                tasks.reversed().forEach(TaskCore::run);
            }
        };
    }

    @Test
    void theFailureThatComesFirstIsTheCauseAndTheOthersAreSuppressed() {
        runAtLaunchOf(3);
        assertThatThrownBy(() -> heddle.all(List.of(failure("third"), () -> 2, failure("first"))))
                .isInstanceOf(TaskFailedException.class)
                .satisfies(thrown -> {
                    assertThat(thrown.getCause()).hasMessage("first");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .satisfies(other -> assertThat(other).hasMessage("third"));
                });
        assertThat(heddle.live()).isZero();
        heddle.close(); // has nothing to report
        assertThat(heddle.told).isEmpty();
    }

    @Test
    void aRaceThatNobodyWinsNamesTheFirstToFail() {
        runAtLaunchOf(2);
        assertThatThrownBy(() -> heddle.race(List.of(failure("second"), failure("first"))))
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("none of 2 tasks succeeded; the first to fail: task ")
                .satisfies(thrown -> {
                    assertThat(thrown.getCause()).hasMessage("first");
                    assertThat(thrown.getSuppressed())
                            .singleElement()
                            .satisfies(other -> assertThat(other).hasMessage("second"));
                });
        heddle.close();
    }

    @Test
    void whatIsDecidedStartsNoMore() throws Exception {
        runAtLaunchOf(1);
        assertThatThrownBy(() -> heddle.all(List.of(failure("torn"), () -> 2))).hasRootCauseMessage("torn");
        runAtLaunchOf(1);
        int won = heddle.race(List.of(() -> 1, () -> 2));
        assertThat(won).isEqualTo(1);
        assertThat(heddle.stats().started()).isEqualTo(2);
    }

    @Test
    void aStartThatFailsLeavesNoneBehind() {
        heddle.onLaunch = task -> {
            if (!heddle.launched.isEmpty()) {
                throw new OutOfMemoryError("no more threads");
            }
        };
        assertThatThrownBy(() -> heddle.all(List.of(() -> 1, () -> 2)))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("no more threads");
        assertThat(heddle.launched)
                .singleElement()
                .satisfies(task -> assertThat(task.isCancelled()).isTrue());
        assertThat(heddle.live()).isZero();
    }

    /** The code of the cancelled ends while the caller begins to wait for that, or before, or after. */
    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "FIBER"})
    void noEndIsMissed(Model model) throws Exception {
        AtomicInteger live = new AtomicInteger();
        try (Heddle raced = Heddle.builder(model).processors(2).open()) {
            for (int round = 0; round < ROUNDS; round++) {
                int failing = round % 5; // 4: none
                List<Job<Integer>> jobs = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    int number = i;
                    jobs.add(() -> {
                        live.incrementAndGet();
                        try {
                            Heddle.yield();
                            if (number == failing) {
                                throw new UnsupportedOperationException();
                            }
                            return number;
                        } finally {
                            Heddle.yield();
                            live.decrementAndGet();
                        }
                    });
                }
                if (failing == 4) {
                    assertThat(raced.all(jobs)).containsExactly(0, 1, 2, 3);
                } else {
                    assertThatThrownBy(() -> raced.all(jobs)).isInstanceOf(TaskFailedException.class);
                }
                assertThat(live).as("round " + round).hasValue(0);
                assertThat(raced.race(jobs)).isNotEqualTo(failing);
                assertThat(live).as("round " + round).hasValue(0);
            }
        }
    }

    @Test
    void invokeAnyHasTheFirstFailureAsItsCause() {
        runAtLaunchOf(2);
        assertThatThrownBy(() -> heddle.invokeAny(List.of(failure("second"), failure("first"))))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("first");
    }

    @Test
    void invokeAllLeavesItsFailuresToItsFutures() throws Exception {
        runAtLaunchOf(2);
        List<Future<Integer>> futures = heddle.invokeAll(List.of(failure("torn"), () -> 2));
        assertThat(futures.getFirst().exceptionNow()).hasMessage("torn");
        assertThat(futures.getLast().resultNow()).isEqualTo(2);
        heddle.close();
    }
}
