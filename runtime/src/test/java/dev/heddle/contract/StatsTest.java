package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import org.junit.jupiter.api.Test;

/** What {@code stats()} and the names tell about a heddle is so. */
class StatsTest extends ContractTest {
    @Test
    void tasksAreCounted() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> running = heddle.channel(0);
            Channel<Integer> gate = heddle.channel(0);
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
            assertThatThrownBy(() -> heddle.start(() -> {
                                throw new UnsupportedOperationException("torn");
                            })
                            .join())
                    .isInstanceOf(TaskFailedException.class);
            Task<Integer> waiting = heddle.start(() -> {
                running.send(1);
                return gate.receive();
            });
            running.receive();
            eventually("two of three have ended", () -> heddle.stats().completed() == 2);
            Stats stats = heddle.stats();
            assertThat(stats.started()).isEqualTo(3);
            assertThat(stats.failed()).isEqualTo(1);
            eventually("one is live", () -> {
                Stats now = heddle.stats();
                return now.running() + now.runnable() + now.parked() == 1;
            });
            assertThat(stats.osThreads()).isPositive();
            gate.send(1);
            waiting.join();
            eventually("all have ended", () -> heddle.stats().completed() == 3);
        }
    }

    @Test
    void aTaskThatWaitsCountsAsParked() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> waiting = heddle.start(() -> gate.receive());
        eventually("it waits", () -> {
            Stats stats = heddle.stats();
            return stats.parked() == 1 && stats.running() == 0 && stats.runnable() == 0;
        });
        gate.send(1);
        waiting.join();
    }

    @Test
    void theNameIsTheUsersOrTheModelAndANumber() {
        try (Heddle heddle = open(options -> options.name("loom").processors(1))) {
            assertThat(heddle.name()).isEqualTo("loom");
            assertThat(heddle).asString().contains("loom").contains(model.name());
        }
        assertThat(heddle().name()).matches(model.name().toLowerCase(java.util.Locale.ROOT) + "-\\d+");
        assertThat(heddle().model()).isEqualTo(model);
    }
}
