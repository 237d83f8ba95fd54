package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A select does one operation that is possible, or says what Go's would say; in a task as well as outside. */
class SelectTest extends ContractTest {
    /** What a channel is like when a select looks at it. */
    enum State {
        EMPTY(1, 0, false, "nothing", "sent"),
        HALF_FULL(2, 1, false, "received 0", "sent"),
        FULL(1, 1, false, "received 0", "nothing"),
        RENDEZVOUS(0, 0, false, "nothing", "nothing"),
        UNLIMITED(Channel.UNLIMITED, 3, false, "received 0", "sent"),
        CLOSED(1, 0, true, "ended", "fails"),
        CLOSED_NOT_DRAINED(1, 1, true, "received 0", "fails"),
        CLOSED_RENDEZVOUS(0, 0, true, "ended", "fails");

        final int capacity;
        final int elements;
        final boolean closed;
        final String whenReceiving;
        final String whenSending;

        State(int capacity, int elements, boolean closed, String whenReceiving, String whenSending) {
            this.capacity = capacity;
            this.elements = elements;
            this.closed = closed;
            this.whenReceiving = whenReceiving;
            this.whenSending = whenSending;
        }
    }

    private Channel<Integer> channel(State state) throws InterruptedException {
        Channel<Integer> channel = heddle().channel(state.capacity);
        for (int i = 0; i < state.elements; i++) {
            channel.send(i);
        }
        if (state.closed) {
            channel.close();
        }
        return channel;
    }

    private static String tryToReceive(Channel<Integer> channel) throws InterruptedException {
        return new Select<String>()
                .receive(channel, element -> "received " + element, cause -> "ended")
                .otherwise(() -> "nothing")
                .await();
    }

    private static String tryToSend(Channel<Integer> channel) throws InterruptedException {
        try {
            return new Select<String>()
                    .send(channel, () -> 7, () -> "sent")
                    .otherwise(() -> "nothing")
                    .await();
        } catch (ChannelClosedException e) {
            return "fails";
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPossibleDependsOnTheChannel(State state) throws Exception {
        assertThat(tryToReceive(channel(state))).isEqualTo(state.whenReceiving);
        assertThat(tryToSend(channel(state))).isEqualTo(state.whenSending);
        Channel<Integer> from = channel(state);
        assertThat(heddle().start(() -> tryToReceive(from)).join()).isEqualTo(state.whenReceiving);
        Channel<Integer> to = channel(state);
        assertThat(heddle().start(() -> tryToSend(to)).join()).isEqualTo(state.whenSending);
        assertThat(to.size()).isEqualTo(state.elements + (state.whenSending.equals("sent") ? 1 : 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "RENDEZVOUS"})
    void aReceiveThatIsNotPossibleDoesNotKeepAnotherFromBeingDone(State state) throws Exception {
        Channel<Integer> channel = channel(state);
        Channel<Integer> ready = channel(State.FULL);
        Task<Boolean> task = heddle().start(() -> new Select<Boolean>()
                .receive(channel, element -> false)
                .receive(ready, element -> true)
                .await());
        assertThat(task.join()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "RENDEZVOUS"})
    void aSendThatIsNotPossibleDoesNotKeepAnotherFromBeingDone(State state) throws Exception {
        Channel<Integer> channel = channel(state);
        Channel<Integer> ready = channel(State.EMPTY);
        Task<Boolean> task = heddle().start(() -> new Select<Boolean>()
                .send(channel, () -> 7, () -> false)
                .send(ready, () -> 7, () -> true)
                .await());
        assertThat(task.join()).isTrue();
        assertThat(channel.size()).as("elements, as before").isEqualTo(state.elements);
    }

    @Test
    void oneWhoWaitsOnTheOtherSideOfARendezvousMakesItPossible() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Thread sender = spawn(() -> channel.send(5));
        eventually(
                "it waits and is served",
                () -> trying(() -> tryToReceive(channel).equals("received 5")));
        assertThat(sender.join(LONG)).isTrue();
        Thread receiver = spawn(() -> assertThat(channel.receive()).isEqualTo(7));
        eventually(
                "it waits and is served", () -> trying(() -> tryToSend(channel).equals("sent")));
        assertThat(receiver.join(LONG)).isTrue();
    }

    @Test
    void oneIsDoneAndNoOther() throws Exception {
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            int seed = i;
            Channel<Integer> first = channel(State.FULL);
            Channel<Integer> second = channel(State.EMPTY);
            Channel<Integer> third = channel(State.UNLIMITED);
            chosen.add(heddle().start(() -> new Select<Integer>()
                            .receive(first, element -> 1)
                            .send(second, () -> 2, () -> 2)
                            .receive(third, element -> 3)
                            .seed(seed)
                            .await())
                    .join());
            assertThat(1 - first.size() + second.size() + State.UNLIMITED.elements - third.size())
                    .as("operations that were done, with seed %s", seed)
                    .isEqualTo(1);
        }
        assertThat(chosen).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void theSameChannelMayBeInSeveralClauses() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        int count = 100;
        List<Integer> received = new ArrayList<>();
        Task<?> sender = heddle().start(() -> {
            Select<Integer> next = new Select<Integer>();
            int[] element = {0};
            for (int i = 0; i < 3; i++) {
                next.send(channel, () -> element[0], () -> element[0]++);
            }
            while (element[0] < count) {
                next.await();
            }
            channel.close();
        });
        Select<Boolean> next = new Select<Boolean>();
        for (int i = 0; i < 3; i++) {
            next.receive(channel, received::add, cause -> false);
        }
        while (next.await()) {}
        sender.join();
        assertThat(received).hasSize(count).isSorted().doesNotHaveDuplicates();
    }

    // ---- otherwise and timeout

    @Test
    void aTimeoutIsNotEarlyAndThenNothingIsDone() throws Exception {
        Channel<Integer> from = heddle().channel(0);
        Channel<Integer> to = heddle().channel(0);
        long took = heddle().start(() -> {
                    long start = System.nanoTime();
                    return new Select<Long>()
                            .receive(from, element -> -1L)
                            .send(to, () -> 1, () -> -2L)
                            .timeout(SHORT, () -> System.nanoTime() - start)
                            .await();
                })
                .join();
        assertThat(took).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(from.trySend(1)).as("the receiver is not there").isFalse();
        assertThat(to.tryReceive()).as("the element is not there").isEqualTo(new Received.Empty<Integer>());
    }

    @Test
    void whatComesInTimeIsReceived() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Task<Integer> receiver = heddle().start(() -> new Select<Integer>()
                .receive(channel, element -> element)
                .timeout(LONG, () -> -1)
                .await());
        channel.send(3);
        assertThat(receiver.join()).isEqualTo(3);
    }

    @Test
    void zeroAndNegativeTimesDoNotWait() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        for (Duration time : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(-365_000_000)}) {
            assertThat(new Select<String>()
                            .receive(channel, element -> "received")
                            .timeout(time, () -> "nothing")
                            .await())
                    .isEqualTo("nothing");
        }
    }

    @Test
    void theLastOfOtherwiseAndTimeoutCounts() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Select<String> select = new Select<String>()
                .receive(channel, element -> "received")
                .timeout(LONG, () -> "late")
                .otherwise(() -> "nothing");
        assertThat(select.await()).isEqualTo("nothing");
        assertThat(select.timeout(SHORT, () -> "late").await()).isEqualTo("late");
        assertThat(select.timeout(SHORT, () -> "later").await()).isEqualTo("later");
    }

    @Test
    void withoutClausesATimeoutIsASleep() throws Exception {
        long start = System.nanoTime();
        String done = heddle().start(
                        () -> new Select<String>().timeout(SHORT, () -> "late").await())
                .join();
        assertThat(done).isEqualTo("late");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(new Select<String>().otherwise(() -> "nothing").await()).isEqualTo("nothing");
    }

    // ---- when

    @Test
    void aClauseWhoseConditionDoesNotHoldIsLeftOut() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        List<String> done = heddle().start(() -> {
                    boolean[] wanted = {false};
                    Select<String> select = new Select<String>()
                            .receive(channel, element -> "received")
                            .when(() -> wanted[0])
                            .otherwise(() -> "nothing");
                    List<String> results = new ArrayList<>(List.of(select.await(), select.await()));
                    wanted[0] = true;
                    results.add(select.await());
                    results.add(select.await());
                    return results;
                })
                .join();
        assertThat(done).containsExactly("nothing", "nothing", "received", "nothing");
    }

    @Test
    void aConditionIsOfTheClauseThatWasAddedLast() throws Exception {
        Channel<Integer> first = heddle().channel(1);
        Channel<Integer> second = heddle().channel(1);
        first.send(1);
        for (int i = 0; i < 20; i++) {
            assertThat(new Select<String>()
                            .receive(first, element -> "first")
                            .when(() -> false)
                            .send(second, () -> 2, () -> "second")
                            .otherwise(() -> "nothing")
                            .await())
                    .isEqualTo(i == 0 ? "second" : "nothing");
        }
        assertThatThrownBy(() -> new Select<String>().when(() -> true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add a receive or a send first");
    }

    /** The queue of Go programs: it takes in as long as there is room, and gives as long as there is something. */
    @Test
    void conditionsMakeATaskABuffer() throws Exception {
        int most = 3;
        int count = 200;
        Channel<Integer> in = heddle().channel(0);
        Channel<Integer> out = heddle().channel(0);
        Task<Integer> queue = heddle().start(() -> {
            List<Integer> held = new ArrayList<>();
            boolean[] open = {true};
            Select<Integer> next = new Select<Integer>()
                    .receive(
                            in,
                            element -> {
                                held.add(element);
                                return held.size();
                            },
                            cause -> {
                                open[0] = false;
                                return held.size();
                            })
                    .when(() -> held.size() < most)
                    .send(out, held::getFirst, () -> {
                        held.removeFirst();
                        return held.size();
                    })
                    .when(() -> !held.isEmpty());
            int fullest = 0;
            while (open[0] || !held.isEmpty()) {
                fullest = Math.max(fullest, next.await());
            }
            out.close();
            return fullest;
        });
        Task<?> sender = heddle().start(() -> {
            for (int i = 0; i < count; i++) {
                in.send(i);
            }
            in.close();
        });
        int next = 0;
        for (int element : out) {
            assertThat(element).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(count);
        assertThat(queue.join()).isBetween(1, most);
        sender.join();
    }

    @Test
    void ifAllIsLeftOutItSaysSoInsteadOfWaitingForEver() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        assertThatThrownBy(() -> new Select<String>().await())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for ever")
                .hasMessageContaining("isOpen()");
        Task<String> task = heddle().start(() -> new Select<String>()
                .receive(channel, element -> "received")
                .when(() -> false)
                .await());
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for ever");
    }

    private interface Attempt {
        boolean succeeds() throws Exception;
    }

    private static boolean trying(Attempt attempt) {
        try {
            return attempt.succeeds();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
