package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A select that waits takes part in one operation, stands in line with others, and meets other selects. */
class SelectWaitingTest extends ContractTest {
    private static final int ROUNDS = 200;

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, Channel.UNLIMITED})
    void itReceivesWhatIsSentAndNothingElse(int capacity) throws Exception {
        Heddle heddle = heddle();
        List<Channel<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            channels.add(heddle.channel(capacity));
        }
        Channel<Integer> first = channels.get(0);
        Channel<Integer> second = channels.get(1);
        Channel<Integer> third = channels.get(2);
        for (Channel<Integer> to : channels) {
            Task<Integer> task = heddle.start(() -> new Select<Integer>()
                    .receive(first, element -> element)
                    .receive(second, element -> element)
                    .receive(third, element -> element)
                    .await());
            awaitWaiting(heddle, 1);
            to.send(channels.indexOf(to));
            assertThat(task.join()).isEqualTo(channels.indexOf(to));
            for (Channel<Integer> channel : channels) {
                assertThat(channel.size()).isZero();
                assertThat(channel.trySend(9))
                        .as("there is room, and no receiver")
                        .isEqualTo(capacity > 0);
                assertThat(channel.tryReceive() instanceof Received.Element).isEqualTo(capacity > 0);
            }
        }
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 2})
    void itSendsToWhoeverReceivesAndNothingElse(int capacity) throws Exception {
        for (boolean toFirst : new boolean[] {true, false}) {
            Channel<Integer> first = full(capacity);
            Channel<Integer> second = full(capacity);
            Task<String> task = heddle().start(() -> new Select<String>()
                    .send(first, () -> 7, () -> "first")
                    .send(second, () -> 8, () -> "second")
                    .await());
            awaitWaiting(heddle(), 1);
            List<Integer> received = new ArrayList<>();
            for (int i = 0; i <= capacity; i++) {
                received.add((toFirst ? first : second).receive());
            }
            assertThat(received).endsWith(toFirst ? 7 : 8).hasSize(capacity + 1);
            assertThat(task.join()).isEqualTo(toFirst ? "first" : "second");
            assertThat(first.size() + second.size()).isEqualTo(capacity);
            assertThat((toFirst ? first : second).tryReceive()).isEqualTo(new Received.Empty<Integer>());
        }
    }

    private Channel<Integer> full(int capacity) throws InterruptedException {
        Channel<Integer> channel = heddle().channel(capacity);
        for (int i = 0; i < capacity; i++) {
            channel.send(i);
        }
        return channel;
    }

    @Test
    void itStandsInLineWithReceiversAndOtherSelects() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> other = heddle().channel(0);
        List<Thread> inOrder = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int mine = i;
            Thread receiver = spawn(() -> {
                int element = mine % 2 == 0
                        ? channel.receive()
                        : new Select<Integer>()
                                .receive(other, x -> x)
                                .receive(channel, x -> x)
                                .await();
                assertThat(element).isEqualTo(mine);
            });
            eventually("it waits", () -> receiver.getState() == Thread.State.WAITING);
            inOrder.add(receiver);
        }
        for (int i = 0; i < 6; i++) {
            channel.send(i);
            assertThat(inOrder.get(i).join(LONG)).isTrue();
        }
        assertThat(other.trySend(1)).as("nobody is left").isFalse();
    }

    @Test
    void itLeavesTheLineWithoutMovingTheOthers() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> other = heddle().channel(0);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int mine = i;
            Thread receiver = spawn(() -> {
                int element = new Select<Integer>()
                        .receive(channel, x -> x)
                        .receive(other, x -> -1)
                        .when(() -> mine == 1)
                        .await();
                assertThat(element).isEqualTo(mine == 1 ? -1 : mine);
            });
            eventually("it waits", () -> receiver.getState() == Thread.State.WAITING);
            waiting.add(receiver);
        }
        other.send(9);
        assertThat(waiting.get(1).join(LONG)).isTrue();
        channel.send(0);
        channel.send(2);
        assertThat(channel.trySend(3)).isFalse();
    }

    @Test
    void anInterruptIsSeenBeforeAnythingIsDone() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        Select<Integer> select = new Select<Integer>().receive(channel, element -> element);
        Thread.currentThread().interrupt();
        assertThatThrownBy(select::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("as InterruptedException goes").isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> select.otherwise(() -> 0).await()).isInstanceOf(InterruptedException.class);
        assertThat(select.await()).as("it can be used again").isEqualTo(1);
    }

    // ---- selects that meet

    @Test
    void aSelectThatSendsMeetsOneThatReceives() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Task<Integer> receiver = heddle.start(() -> {
            int[] sum = {0};
            Select<Integer> next =
                    new Select<Integer>().receive(never, element -> -1).receive(channel, element -> sum[0] += element);
            for (int i = 0; i < ROUNDS; i++) {
                next.await();
            }
            return sum[0];
        });
        Task<?> sender = heddle.start(() -> {
            int[] number = {0};
            Select<Integer> next = new Select<Integer>()
                    .send(channel, () -> number[0], () -> number[0]++)
                    .receive(never, element -> -1);
            while (number[0] < ROUNDS) {
                next.await();
            }
        });
        sender.join();
        assertThat(receiver.join()).isEqualTo(ROUNDS * (ROUNDS - 1) / 2);
    }

    /** Each locks both channels; if it were in the order of the clauses, two could each hold what the other wants. */
    @Test
    void twoMeetAtTwoChannelsInOppositeOrder() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Task<Integer> first = heddle.start(exchange(a, b));
        Task<Integer> second = heddle.start(exchange(b, a));
        assertThat(first.join() + second.join()).as("what each has sent").isEqualTo(ROUNDS);
    }

    /** Sends there or receives from here, so many times together; says how many were sends. */
    private static Job<Integer> exchange(Channel<Integer> there, Channel<Integer> here) {
        return () -> {
            int[] sent = {0};
            int[] received = {0};
            Select<Boolean> next = new Select<Boolean>()
                    .send(there, () -> sent[0], () -> ++sent[0] > 0)
                    .receive(here, element -> element == received[0]++);
            while (sent[0] + received[0] < ROUNDS) {
                if (!next.await()) {
                    throw new IllegalStateException("not the element that was to come next, after " + received[0]);
                }
            }
            return sent[0];
        };
    }

    /** Go's runtime tests this as well: a select that both sends and receives does not receive from itself. */
    @Test
    void aSelectDoesNotMeetItself() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        List<Task<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int mine = i;
            tasks.add(heddle.start(() -> {
                boolean[] alone = {true};
                Select<Boolean> next = new Select<Boolean>()
                        .send(channel, () -> mine, () -> true)
                        .receive(channel, element -> alone[0] &= element != mine);
                for (int j = 0; j < ROUNDS; j++) {
                    next.await();
                }
                return alone[0];
            }));
        }
        for (Task<Boolean> task : tasks) {
            assertThat(task.join()).as("it has received from the other only").isTrue();
        }
    }

    @Test
    void aSelectCanUseItsOwnBuffer() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        Task<Integer> task = heddle().start(() -> {
            int[] sum = {0};
            Select<Integer> next = new Select<Integer>()
                    .send(channel, () -> 1, () -> sum[0])
                    .receive(channel, element -> sum[0] += element);
            while (sum[0] < ROUNDS) {
                next.await();
            }
            return sum[0];
        });
        assertThat(task.join()).isEqualTo(ROUNDS);
    }

    /** At each moment one of the two is possible. */
    @Test
    void otherwiseIsNotDoneWhileSomethingIsPossible() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(1);
        Channel<Integer> never = heddle.channel(0);
        Task<?> other = heddle.start(() -> {
            // Fills and empties it without knowing which; there is no moment at which it is neither full nor empty.
            for (int i = 0; i < ROUNDS; i++) {
                channel.trySend(i);
                channel.tryReceive();
                Heddle.yield();
            }
        });
        Task<Integer> task = heddle.start(() -> {
            int[] nothing = {0};
            Select<Integer> next = new Select<Integer>()
                    .send(channel, () -> 1, () -> 1)
                    .receive(channel, element -> 1)
                    .receive(never, element -> 1)
                    .otherwise(() -> ++nothing[0]);
            for (int i = 0; i < ROUNDS; i++) {
                next.await();
                Heddle.yield();
            }
            return nothing[0];
        });
        assertThat(task.join()).isZero();
        other.join();
    }
}
