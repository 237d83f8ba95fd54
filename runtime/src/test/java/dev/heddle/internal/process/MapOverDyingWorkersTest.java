package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Results;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A map goes on over the death of its workers if its mapper may be called again, and else says which inputs they had. */
class MapOverDyingWorkersTest extends HeddleTest {
    private static final int INPUTS = 400;

    @Test
    void eachResultComesOnceAndInOrderThoughWorkersAreKilled() throws Exception {
        try (Heddle heddle = Heddle.builder(Model.PROCESS).processors(2).open()) {
            Channel<Long> pids = heddle.channel(INPUTS);
            List<Integer> inputs = IntStream.range(0, INPUTS).boxed().toList();
            List<Integer> seen = new ArrayList<>();
            long last = 0;
            try (Results<Integer> results = heddle.map(
                    inputs,
                    x -> {
                        pids.trySend(ProcessHandle.current().pid());
                        return x;
                    },
                    2,
                    TaskOptions.DEFAULT.retries(20))) {
                for (int result : results) {
                    seen.add(result);
                    if (seen.size() % 100 == 50) {
                        long pid = last;
                        while (pid == last) {
                            pid = pids.receive();
                        }
                        last = pid;
                        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                    }
                }
            }
            assertThat(seen).isEqualTo(inputs);
        }
    }

    @Test
    void withoutRetriesADeathNamesTheInputsOfItsTask() {
        try (Heddle heddle = Heddle.builder(Model.PROCESS).processors(2).open();
                Results<Integer> results = heddle.map(
                        IntStream.range(0, 20).boxed().toList(),
                        x -> {
                            if (x == 13) {
                                Runtime.getRuntime().halt(3);
                            }
                            return x;
                        },
                        5)) {
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() -> results.forEach(seen::add))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("failed at one of the inputs 10 to 14: ")
                    .hasCauseInstanceOf(WorkerDiedException.class);
            assertThat(seen).hasSize(10);
        }
    }
}
