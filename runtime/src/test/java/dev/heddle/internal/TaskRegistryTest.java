package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The live tasks are those that were added and not removed. */
class TaskRegistryTest extends HeddleTest {
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
                registry.remove(live.remove(rest % left));
                assertThat(registry.isEmpty()).isEqualTo(left == 1);
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

    @Test
    void whatWasRemovedIsNotKept() {
        List<WeakReference<TaskCore<?>>> removed = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            TaskCore<?> task = task();
            registry.add(task);
            if (i % 1_000 != 0) {
                registry.remove(task);
                removed.add(new WeakReference<>(task));
            }
        }
        eventually("they are collected", () -> {
            System.gc();
            return removed.stream().allMatch(task -> task.refersTo(null));
        });
        assertThat(registry.snapshot()).hasSize(10);
    }

    @Test
    void manyThreadsComingAndGoing() throws Exception {
        TaskCore<?> stays = task();
        registry.add(stays);
        long seed = new Random().nextLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            threads.add(spawn(() -> {
                Deque<TaskCore<?>> mine = new ArrayDeque<>();
                for (int n = 0; n < 50_000; n++) {
                    if (mine.isEmpty() || random.nextInt(100) < 51) {
                        TaskCore<?> task = task();
                        registry.add(task);
                        mine.add(task);
                    } else {
                        registry.remove(random.nextBoolean() ? mine.removeFirst() : mine.removeLast());
                    }
                    if (n % 1_000 == 0) {
                        assertThat(registry.isEmpty()).isFalse();
                        assertThat(registry.snapshot())
                                .as("seed %s", seed)
                                .contains(stays)
                                .containsAll(mine);
                    }
                }
                mine.forEach(registry::remove);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(registry.snapshot()).containsExactly(stays);
        assertThat(registry.live()).isEqualTo(1);
        registry.remove(stays);
        assertThat(registry.isEmpty()).isTrue();
    }
}
