package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Task;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A send on a channel of capacity 0 waits for its receiver, on one of capacity n for room. */
class ChannelRendezvousTest extends ContractTest {
    private static final int SENT = 0;

    @TempDir
    Path folder;

    @Test
    void aSendWaitsForItsReceiver() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Channel<Integer> running = heddle.channel(0);
        Task<?> sender = heddle.start(() -> {
            running.send(1);
            channel.send(7);
            ints.increment(SENT);
        });
        running.receive();
        assertThat(running.receive(SHORT)).as("time for it").isEqualTo(new Received.Empty<Integer>());
        assertThat(ints.get(SENT)).isZero();
        assertThat(channel.receive()).isEqualTo(7);
        sender.join();
        assertThat(ints.get(SENT)).isEqualTo(1);
    }

    @Test
    void aReceiveWaitsForItsSender() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<Integer> receiver = heddle.start(() -> channel.receive());
        channel.send(7);
        assertThat(receiver.join()).isEqualTo(7);
    }

    @Test
    void aBufferTakesAsManyAsItsCapacity() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(3);
        assertThat(channel.capacity()).isEqualTo(3);
        Channel<Integer> never = heddle.channel(0);
        Task<?> sender = heddle.start(() -> {
            for (int i = 1; i <= 5; i++) {
                channel.send(i);
                ints.increment(SENT);
            }
        });
        eventually("three are sent", () -> ints.get(SENT) == 3);
        assertThat(never.receive(SHORT)).as("time for more").isEqualTo(new Received.Empty<Integer>());
        assertThat(ints.get(SENT)).isEqualTo(3);
        for (int i = 1; i <= 5; i++) {
            assertThat(channel.receive()).isEqualTo(i);
        }
        sender.join();
    }

    @Test
    void twoTasksPassABallToAndFro() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> there = heddle.channel(0);
        Channel<Integer> back = heddle.channel(0);
        int rounds = 200;
        Task<Integer> first = heddle.start(() -> {
            int ball = 0;
            for (int i = 0; i < rounds; i++) {
                there.send(ball + 1);
                ball = back.receive();
            }
            return ball;
        });
        Task<?> second = heddle.start(() -> {
            for (int i = 0; i < rounds; i++) {
                back.send(there.receive() + 1);
            }
        });
        assertThat(first.join()).isEqualTo(2 * rounds);
        second.join();
    }
}
