package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Starters that meet at the limit, from several threads. */
class TaskLimitTest extends HeddleTest {
    private static final int STARTERS = 8;
    private static final int EACH = 2_000;
    private static final int LIMIT = 5;

    @Test
    void manyStartersNeverHaveMoreThanTheLimitAndAllGetIn() throws Exception {
        AtomicInteger live = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        try (Heddle heddle =
                Heddle.builder(Model.GREEN).maxTasks(LIMIT, LimitPolicy.BLOCK).open()) {
            Thread[] starters = new Thread[STARTERS];
            for (int i = 0; i < STARTERS; i++) {
                starters[i] = spawn(() -> {
                    for (int n = 0; n < EACH; n++) {
                        heddle.start(() -> {
                            most.accumulateAndGet(live.incrementAndGet(), Math::max);
                            Heddle.yield();
                            live.decrementAndGet();
                            done.incrementAndGet();
                        });
                    }
                });
            }
            for (Thread starter : starters) {
                starter.join();
            }
        }
        assertThat(done).hasValue(STARTERS * EACH);
        assertThat(most.get()).isBetween(1, LIMIT);
    }

    @Test
    void anInterruptedStarterIsRefusedAndStaysInterrupted() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.THREAD).maxTasks(1, LimitPolicy.BLOCK).open()) {
            Channel<Integer> gate = heddle.channel(0);
            heddle.start(() -> gate.receive());
            Thread starter = spawn(() -> {
                assertThatThrownBy(() -> heddle.start(() -> 1))
                        .isInstanceOf(RejectedExecutionException.class)
                        .hasCauseInstanceOf(InterruptedException.class);
                assertThat(Thread.interrupted()).isTrue();
            });
            eventually("it waits", () -> starter.getState() == Thread.State.WAITING);
            starter.interrupt();
            starter.join();
            gate.send(1);
        }
    }

    @Test
    void shutdownRefusesThoseWhoWait() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.THREAD).maxTasks(1, LimitPolicy.BLOCK).open()) {
            Channel<Integer> gate = heddle.channel(0);
            heddle.start(() -> gate.receive());
            Thread starter = spawn(() -> assertThatThrownBy(() -> heddle.start(() -> 1))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("is closed and starts no more tasks"));
            eventually("it waits", () -> starter.getState() == Thread.State.WAITING);
            heddle.shutdown();
            starter.join();
            gate.send(1);
        }
    }

    @Test
    void tasksThatStartTasksAtTheLimitGoOnWhenTheCallerRunsThem() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.GREEN).maxTasks(2, LimitPolicy.CALLER_RUNS).open()) {
            Task<Integer> task = heddle.start(() -> sum(heddle, 10));
            assertThat(task.join()).isEqualTo(1 << 10);
        }
    }

    private static int sum(Heddle heddle, int depth) throws InterruptedException {
        if (depth == 0) {
            return 1;
        }
        Task<Integer> left = heddle.start(() -> sum(heddle, depth - 1));
        return sum(heddle, depth - 1) + left.join();
    }
}
