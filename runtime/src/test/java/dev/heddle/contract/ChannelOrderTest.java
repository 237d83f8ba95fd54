package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements come in the order in which they were sent; who waits is served in the order of arrival. */
class ChannelOrderTest extends ContractTest {
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 16})
    void oneSendersElementsKeepTheirOrder(int capacity) throws Exception {
        int count = 500;
        Channel<Integer> channel = heddle().channel(capacity);
        Task<?> sender = heddle().start(() -> {
            for (int i = 0; i < count; i++) {
                channel.send(i);
            }
            channel.close();
        });
        List<Integer> received = new ArrayList<>();
        for (int element : channel) {
            received.add(element);
        }
        assertThat(received).isEqualTo(IntStream.range(0, count).boxed().toList());
        sender.join();
    }

    @Test
    void receiversAreServedInTheOrderOfArrival() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        for (int i = 0; i < 5; i++) {
            int mine = i;
            Thread receiver = spawn(() -> assertThat(channel.receive()).isEqualTo(mine));
            eventually("it waits", () -> receiver.getState() == Thread.State.WAITING);
        }
        for (int i = 0; i < 5; i++) {
            channel.send(i);
        }
    }

    @Test
    void sendersAreServedInTheOrderOfArrival() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(-1);
        for (int i = 0; i < 5; i++) {
            int mine = i;
            Thread sender = spawn(() -> channel.send(mine));
            eventually("it waits", () -> sender.getState() == Thread.State.WAITING);
        }
        for (int i = -1; i < 5; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
    }

    @Test
    void tasksThatWaitAreServedInTheOrderOfArrival() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<Integer> first = heddle.start(() -> channel.receive());
        waitsForGood(heddle, 1);
        Task<Integer> second = heddle.start(() -> channel.receive());
        waitsForGood(heddle, 2);
        channel.send(1);
        channel.send(2);
        assertThat(first.join()).isEqualTo(1);
        assertThat(second.join()).isEqualTo(2);
    }

    /** Waits until so many tasks wait, and not only look so for the moment that it takes one to begin. */
    private void waitsForGood(Heddle heddle, int count) {
        for (int i = 0; i < 100; i++) {
            awaitWaiting(heddle, count);
        }
    }
}
