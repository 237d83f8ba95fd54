package dev.heddle.lab.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TasksTest {
    @ParameterizedTest
    @EnumSource
    void resultsComeInTheOrderOfTheTasks(Model model) throws Exception {
        try (Heddle h = Heddle.builder(model).processors(2).open()) {
            List<Task<Integer>> tasks = List.of(h.start(() -> 1), h.start(() -> 2), h.start(() -> 3));
            assertThat(Tasks.joinAll(tasks)).containsExactly(1, 2, 3);
        }
    }

    /** The first task waits for ever; the second one's failure ends the wait and the first task. */
    @ParameterizedTest
    @EnumSource
    void aFailureIsNoticedWhileAnEarlierTaskStillRuns(Model model) {
        try (Heddle h = Heddle.builder(model).processors(2).open()) {
            Channel<Integer> never = h.channel(0);
            List<Task<Integer>> tasks = List.of(h.start(() -> never.receive()), h.start(() -> {
                throw new IllegalStateException("broken");
            }));
            assertThatThrownBy(() -> Tasks.joinAll(tasks)).hasMessageContaining("broken");
            assertThat(tasks.getFirst().isCancelled()).isTrue();
        }
    }

    @Test
    void aWorkerThatDiesIsNoticedWithinTwoSeconds() {
        try (Heddle h = Heddle.builder(Model.PROCESS).processors(2).open()) {
            Channel<Integer> never = h.channel(0);
            Channel<Long> pids = h.channel(1);
            List<Task<Integer>> tasks = List.of(h.start(() -> never.receive()), h.start(() -> {
                pids.send(ProcessHandle.current().pid());
                return never.receive();
            }));
            assertThatThrownBy(() -> {
                        ProcessHandle.of(pids.receive()).orElseThrow().destroyForcibly();
                        long killed = System.nanoTime();
                        try {
                            Tasks.joinAll(tasks);
                        } finally {
                            assertThat(Duration.ofNanos(System.nanoTime() - killed))
                                    .isLessThan(Duration.ofSeconds(2));
                        }
                    })
                    .hasCauseInstanceOf(WorkerDiedException.class);
        }
    }
}
