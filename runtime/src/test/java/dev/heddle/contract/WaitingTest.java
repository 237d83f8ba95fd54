package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
            for (int i = 0; i < count; i++) {
                arrived.receive();
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

    @Test
    void aTaskThatWaitsAgainAndAgainForAShortTimeDoesNotKeepAnotherFromRunning() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> channel = heddle.channel(0);
            Task<Integer> receiver = heddle.start(() -> {
                while (true) {
                    if (channel.receive(Duration.ofMillis(5)) instanceof Received.Element<Integer>(Integer value)) {
                        return value;
                    }
                }
            });
            Task<?> sender = heddle.start(() -> channel.send(7));
            assertThat(receiver.get(LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(7);
            sender.join();
        }
    }

    @Test
    void tasksThatWaitForOneStartedAfterThemDoNotKeepItFromRunning() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> numbers = heddle.channel(0);
            Channel<Integer> squares = heddle.channel(0);
            for (int i = 0; i < heddle.processors(); i++) {
                heddle.start(() -> {
                    for (int number : numbers) {
                        squares.send(number * number);
                    }
                });
            }
            heddle.start(() -> {
                for (int i = 0; i < 10; i++) {
                    numbers.send(i);
                }
                numbers.close();
            });
            int sum = 0;
            for (int i = 0; i < 10; i++) {
                sum += squares.receive();
            }
            assertThat(sum).isEqualTo(285);
        }
    }
}
