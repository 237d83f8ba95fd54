package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks of THREAD, GREEN and FIBER, the owner of the fibers, which is the test, and a task of the model, use the same channels; those
 * are of the model, which may be PROCESS.
 */
class MixedModelsTest extends ContractTest {
    private static final int EACH = 100;

    private final List<Heddle> others = new ArrayList<>();

    @BeforeEach
    void open() {
        for (Model other : List.of(Model.THREAD, Model.GREEN, Model.FIBER)) {
            others.add(Heddle.open(other));
        }
    }

    @AfterEach
    void close() {
        others.forEach(Heddle::close);
    }

    /** All senders select among two channels, and all receivers do, in every order of the clauses. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 16, Channel.UNLIMITED})
    void allSendAndAllReceive(int capacity) throws Exception {
        Channel<Integer> a = heddle().channel(capacity);
        Channel<Integer> b = heddle().channel(capacity);
        List<Heddle> all = new ArrayList<>(others);
        all.add(heddle());
        List<Task<?>> senders = new ArrayList<>();
        List<Task<BitSet>> receivers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int first = i * EACH;
            Channel<Integer> one = i % 2 == 0 ? a : b;
            Channel<Integer> other = i % 2 == 0 ? b : a;
            senders.add(all.get(i).start(() -> {
                for (int j = first; j < first + EACH; j++) {
                    int element = j;
                    new Select<Boolean>()
                            .send(one, () -> element, () -> true)
                            .send(other, () -> element, () -> true)
                            .await();
                }
            }));
            receivers.add(all.get(i).start(() -> receiveAll(List.of(other, one))));
        }
        // With capacity 0 or 1 the senders need receivers; we are one of them, until there is nothing more for a while.
        BitSet seen = new BitSet();
        Select<Boolean> mine = new Select<Boolean>()
                .receive(a, element -> note(seen, element))
                .receive(b, element -> note(seen, element))
                .timeout(SHORT, () -> false);
        while (mine.await()) {}
        for (Task<?> sender : senders) {
            sender.join();
        }
        a.close();
        b.close();
        for (Task<BitSet> receiver : receivers) {
            BitSet part = receiver.join();
            assertThat(seen.intersects(part)).as("received twice").isFalse();
            seen.or(part);
        }
        assertThat(seen.cardinality()).isEqualTo(all.size() * EACH);
    }

    private static BitSet receiveAll(List<Channel<Integer>> channels) throws InterruptedException {
        BitSet seen = new BitSet();
        Select<Boolean> next = new Select<Boolean>();
        for (Channel<Integer> channel : channels) {
            next.receive(channel, element -> note(seen, element), cause -> true);
        }
        while (next.isOpen()) {
            next.await();
        }
        return seen;
    }

    private static boolean note(BitSet seen, int element) {
        if (seen.get(element)) {
            throw new IllegalStateException(element + " came twice");
        }
        seen.set(element);
        return true;
    }

    /** A ball that goes from a thread to a green thread to a fiber to a task of the model, and to the fibers' owner. */
    @Test
    void aBallGoesRound() throws Exception {
        int rounds = 50;
        List<Heddle> all = new ArrayList<>(others);
        all.add(heddle());
        List<Channel<Integer>> channels = new ArrayList<>();
        for (int i = 0; i <= all.size(); i++) {
            channels.add(heddle().channel(0));
        }
        List<Task<?>> players = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Channel<Integer> from = channels.get(i);
            Channel<Integer> to = channels.get(i + 1);
            players.add(all.get(i).start(() -> {
                for (int ball : from) {
                    to.send(ball + 1);
                }
            }));
        }
        int ball = 0;
        for (int i = 0; i < rounds; i++) {
            channels.getFirst().send(ball);
            ball = channels.getLast().receive();
        }
        assertThat(ball).isEqualTo(rounds * all.size());
        channels.forEach(Channel::close);
        for (Task<?> player : players) {
            player.join();
        }
    }

    /** Channels that four heddles have made, and a ticker, in one select. */
    @Test
    void channelsOfAllModelsAreInOneSelect() throws Exception {
        List<Heddle> all = new ArrayList<>(others);
        all.add(heddle());
        List<Task<?>> senders = new ArrayList<>();
        int[] sums = new int[all.size()];
        Select<Boolean> next = new Select<Boolean>();
        for (int i = 0; i < all.size(); i++) {
            int mine = i;
            Channel<Integer> channel = all.get(i).channel(i % 2);
            senders.add(all.get(i).start(() -> {
                for (int j = 1; j <= EACH; j++) {
                    channel.send(j);
                }
                channel.close();
            }));
            next.receive(channel, element -> (sums[mine] += element) > 0, cause -> true);
        }
        Channel<Instant> ticker = Channel.every(SHORT);
        next.receive(ticker, tick -> true, cause -> true);
        while (next.isOpen()) {
            next.await();
            if (Arrays.stream(sums).allMatch(sum -> sum == EACH * (EACH + 1) / 2)) {
                ticker.close();
            }
        }
        assertThat(sums).containsOnly(EACH * (EACH + 1) / 2);
        for (Task<?> sender : senders) {
            sender.join();
        }
    }

    @Test
    void aCloseReachesAll() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> never = heddle().channel(0);
        List<Heddle> all = new ArrayList<>(others);
        all.add(heddle());
        List<Task<String>> waiting = new ArrayList<>();
        for (Heddle each : all) {
            waiting.add(each.start(() -> new Select<String>()
                    .receive(never, element -> "never")
                    .receive(channel, element -> "received", cause -> "ended")
                    .await()));
        }
        for (Heddle each : all) {
            awaitWaiting(each, 1);
        }
        channel.close();
        for (Task<String> task : waiting) {
            assertThat(task.join()).isEqualTo("ended");
        }
        assertThat(never.tryReceive()).isEqualTo(new Received.Empty<Integer>());
    }
}
