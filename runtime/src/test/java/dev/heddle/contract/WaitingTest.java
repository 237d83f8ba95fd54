package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Stats;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks that wait do not count against the number of processors. */
class WaitingTest extends ContractTest {
    @Test
    void moreTasksThanProcessorsWaitForOneAnother() throws Exception {
        int count = 5;
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> ring = heddle.channel(0);
            Channel<Integer> arrived = heddle.channel(count);
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                tasks.add(heddle.start(() -> {
                    arrived.send(1);
                    return ring.receive();
                }));
            }
            if (exempt(Exemption.ONE_TASK_PER_WORKER)) {
                arrived.receive();
                Stats stats = heddle.stats();
                assertThat(stats.running()).isEqualTo(1);
                assertThat(stats.runnable()).isEqualTo(count - 1);
            } else {
                for (int i = 0; i < count; i++) {
                    arrived.receive();
                }
            }
            for (int i = 0; i < count; i++) {
                ring.send(i);
            }
            int sum = 0;
            for (Task<Integer> task : tasks) {
                sum += task.join();
            }
            assertThat(sum).isEqualTo(10);
        }
    }
}
