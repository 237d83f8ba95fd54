package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.LimitPolicy;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** {@code maxTasks} bounds the live tasks, and its policy says what happens to the next. */
class MaxTasksTest extends ContractTest {
    @Test
    void rejectRefusesTheNextAndTakesItOnceOneHasEnded() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(2, LimitPolicy.REJECT))) {
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> first = heddle.start(() -> gate.receive());
            Task<Integer> second = heddle.start(() -> gate.receive());
            assertThatThrownBy(() -> heddle.start(() -> 1))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining(heddle.name() + " has 2 live tasks, which is its limit");
            gate.send(1);
            gate.send(2);
            assertThat(first.join() + second.join()).isEqualTo(3);
            awaitIdle(heddle);
            assertThat(heddle.start(() -> 4).join()).isEqualTo(4);
            assertThat(heddle.stats().started()).as("the refused one was none").isEqualTo(3);
        }
    }

    @Test
    void callerRunsExecutesTheNextBeforeStartReturns() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(1, LimitPolicy.CALLER_RUNS))) {
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> first = heddle.start(() -> gate.receive());
            long caller = Thread.currentThread().threadId();
            Task<Long> inCaller = heddle.start(() -> Thread.currentThread().threadId());
            assertThat(inCaller.isDone()).isTrue();
            assertThat(inCaller.join()).isEqualTo(caller);
            Task<Long> again = heddle.start(() -> Thread.currentThread().threadId());
            assertThat(again.resultNow()).as("it has made no room").isEqualTo(caller);
            gate.send(1);
            assertThat(first.join()).isEqualTo(1);
        }
    }

    @Test
    void blockWaitsForRoomAndNeverHasMoreThanTheLimit() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(3, LimitPolicy.BLOCK))) {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                tasks.add(heddle.start(() -> number));
                assertThat(heddle.stats().started() - heddle.stats().completed())
                        .as("live tasks")
                        .isLessThanOrEqualTo(3);
            }
            int sum = 0;
            for (Task<Integer> task : tasks) {
                sum += task.join();
            }
            assertThat(sum).isEqualTo(49 * 50 / 2);
        }
    }

    @Test
    void aTaskThatIsCancelledBeforeItBeginsMakesRoom() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1).maxTasks(1, LimitPolicy.REJECT))) {
            for (int i = 0; i < 3; i++) {
                Channel<Integer> never = heddle.channel(0);
                Task<Integer> task = heddle.start(() -> never.receive());
                task.cancel(true);
                awaitIdle(heddle);
            }
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void aLimitOfNoTaskIsRefused() {
        HeddleBuilder builder = subject.builder();
        assertThatThrownBy(() -> builder.maxTasks(0, LimitPolicy.BLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxTasks(0)");
    }
}
