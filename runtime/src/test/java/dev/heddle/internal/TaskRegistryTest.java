package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The live tasks are those that were added and not removed. */
class TaskRegistryTest {
    private final ManualHeddle heddle = new ManualHeddle();
    private final TaskRegistry registry = new TaskRegistry();

    private TaskCore<Integer> task() {
        return new TaskCore<>(heddle, () -> 1, false);
    }

    @AfterEach
    void close() {
        heddle.close();
    }

    @Test
    void everyOrderOfLeaving() {
        for (int order = 0; order < 24; order++) {
            List<TaskCore<?>> live = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TaskCore<?> task = task();
                registry.add(task); // all in one stripe, since this is one thread
                live.add(task);
            }
            int rest = order;
            for (int left = 4; left > 0; left--) {
                assertThat(registry.snapshot()).containsExactlyInAnyOrderElementsOf(live);
                assertThat(registry.isEmpty()).isFalse();
                assertThat(registry.remove(live.remove(rest % left))).isEqualTo(left == 1);
                rest /= left;
            }
            assertThat(registry.snapshot()).isEmpty();
            assertThat(registry.isEmpty()).isTrue();
        }
    }

    @Test
    void manyComingAndGoing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Set<TaskCore<?>> live = new HashSet<>();
        List<TaskCore<?>> order = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (order.isEmpty() || random.nextInt(5) < 3) {
                TaskCore<?> task = task();
                registry.add(task);
                live.add(task);
                order.add(task);
            } else {
                TaskCore<?> task = order.remove(random.nextInt(order.size()));
                registry.remove(task);
                live.remove(task);
            }
        }
        assertThat(registry.snapshot()).as("seed %s", seed).hasSize(live.size()).containsAll(live);
    }
}
