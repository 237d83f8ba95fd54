package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A select learns that a channel is closed, and goes on with the others. */
class SelectCloseTest extends ContractTest {
    /** All that wait for the end of the channel: {@code merge} of Go programs. */
    private static int sum(List<Channel<Integer>> channels) throws InterruptedException {
        int[] sum = {0};
        Select<Integer> next = new Select<Integer>();
        for (Channel<Integer> channel : channels) {
            next.receive(channel, element -> sum[0] += element, cause -> sum[0]);
        }
        while (next.isOpen()) {
            next.await();
        }
        return sum[0];
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 16, Channel.UNLIMITED})
    void severalChannelsAreMergedUntilAllAreClosed(int capacity) throws Exception {
        Heddle heddle = heddle();
        int each = 50;
        Channel<Integer> first = heddle.channel(capacity);
        Channel<Integer> second = heddle.channel(capacity);
        Channel<Integer> third = heddle.channel(capacity);
        List<Task<?>> senders = new ArrayList<>();
        for (Channel<Integer> channel : List.of(first, second, third)) {
            senders.add(heddle.start(() -> {
                for (int i = 1; i <= each; i++) {
                    channel.send(i);
                }
                channel.close();
            }));
        }
        Task<Integer> merged = heddle.start(() -> sum(List.of(first, second, third)));
        assertThat(merged.join()).isEqualTo(3 * each * (each + 1) / 2);
        for (Task<?> sender : senders) {
            sender.join();
        }
    }

    @Test
    void theEndIsToldOnceAndThenTheClauseIsLeftOut() throws Exception {
        Channel<Integer> closed = heddle().channel(1);
        Channel<Integer> open = heddle().channel(1);
        closed.send(1);
        closed.close();
        List<String> events = heddle().start(() -> {
                    List<String> all = new ArrayList<>();
                    Select<String> next = new Select<String>()
                            .receive(closed, element -> "received " + element, cause -> "ended with " + cause)
                            .receive(open, element -> "never", cause -> "never")
                            .otherwise(() -> "nothing");
                    for (int i = 0; i < 4; i++) {
                        all.add(next.isOpen() + " " + next.await());
                    }
                    return all;
                })
                .join();
        assertThat(events).containsExactly("true received 1", "true ended with null", "true nothing", "true nothing");
    }

    @Test
    void onceAllAreAtTheirEndItIsNotOpen() throws Exception {
        Channel<Integer> first = heddle().channel(0);
        Channel<Integer> second = heddle().channel(0);
        first.close();
        second.close();
        Select<Integer> next = new Select<Integer>()
                .receive(first, element -> element, cause -> 1)
                .receive(second, element -> element, cause -> 2);
        assertThat(next.isOpen()).isTrue();
        int one = next.await();
        assertThat(next.isOpen()).isTrue();
        assertThat(one + next.await()).isEqualTo(3);
        assertThat(next.isOpen()).isFalse();
        assertThatThrownBy(next::await)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for ever");
        assertThat(next.otherwise(() -> 7).await()).isEqualTo(7);
        assertThat(new Select<Integer>().isOpen()).as("without clauses").isFalse();
    }

    @Test
    void eachClauseOfTheSameChannelIsToldOnce() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Task<List<Integer>> task = heddle().start(() -> {
            List<Integer> ends = new ArrayList<>();
            Select<Boolean> next = new Select<Boolean>()
                    .receive(channel, element -> true, cause -> ends.add(1))
                    .receive(channel, element -> true, cause -> ends.add(2));
            while (next.isOpen()) {
                next.await();
            }
            return ends;
        });
        awaitWaiting(heddle(), 1);
        channel.close();
        assertThat(task.join()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aClauseIsNotLeftOutOfOtherSelects() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        channel.close();
        for (int i = 0; i < 2; i++) {
            assertThat(new Select<String>()
                            .receive(channel, element -> "received", cause -> "ended")
                            .await())
                    .isEqualTo("ended");
        }
    }

    @Test
    void theCauseIsPassedOn() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Channel<Integer> never = heddle().channel(0);
        Task<String> task = heddle().start(() -> new Select<String>()
                .receive(never, element -> "never")
                .receive(channel, element -> "received", cause -> String.valueOf(cause))
                .await());
        awaitWaiting(heddle(), 1);
        channel.close(new UnsupportedOperationException("torn"));
        assertThat(task.join()).contains("UnsupportedOperationException").contains("torn");
    }

    @ParameterizedTest(name = "waiting {0}")
    @ValueSource(booleans = {false, true})
    void aReceiveThatDoesNotSayWhatToDoThrows(boolean waiting) throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        if (!waiting) {
            channel.close(new UnsupportedOperationException("torn"));
        }
        Task<Integer> task = heddle().start(() ->
                new Select<Integer>().receive(channel, element -> element).await());
        if (waiting) {
            awaitWaiting(heddle(), 1);
            channel.close(new UnsupportedOperationException("torn"));
        }
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("every element has been received")
                .hasRootCauseInstanceOf(UnsupportedOperationException.class)
                .hasRootCauseMessage("torn");
    }

    @ParameterizedTest(name = "waiting {0}")
    @ValueSource(booleans = {false, true})
    void aSendThrows(boolean waiting) throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        if (!waiting) {
            channel.close(new UnsupportedOperationException("torn"));
        }
        Task<Integer> task = heddle().start(() ->
                new Select<Integer>().send(channel, () -> 2, () -> 2).await());
        if (waiting) {
            awaitWaiting(heddle(), 1);
            channel.close(new UnsupportedOperationException("torn"));
        }
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("was not sent")
                .hasRootCauseMessage("torn");
        assertThat(channel.receive()).isEqualTo(1);
        assertThat(channel.tryReceive()).isInstanceOf(Received.Closed.class);
    }

    /** All kinds of waits at once; each ends as its own kind does. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 2})
    void whoeverWaitsToSendIsToldToo(int capacity) throws Exception {
        Channel<Integer> channel = heddle().channel(capacity);
        Channel<Integer> never = heddle().channel(0);
        for (int i = 0; i < capacity; i++) {
            channel.send(i);
        }
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(
                    spawn(() -> assertThatThrownBy(() -> channel.send(99)).isInstanceOf(ChannelClosedException.class)));
            waiting.add(spawn(() -> assertThatThrownBy(() -> new Select<Integer>()
                            .receive(never, element -> element)
                            .send(channel, () -> 99, () -> 99)
                            .await())
                    .isInstanceOf(ChannelClosedException.class)));
        }
        eventually("all wait", () -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        channel.close();
        for (Thread thread : waiting) {
            assertThat(thread.join(LONG)).isTrue();
        }
        List<Integer> left = new ArrayList<>();
        channel.forEach(left::add);
        assertThat(left).hasSize(capacity).doesNotContain(99);
        assertThat(never.trySend(1)).as("nobody has stayed behind").isFalse();
    }

    @Test
    void whoeverWaitsToReceiveIsToldToo() throws Exception {
        Channel<Integer> channel = heddle().channel(2);
        Channel<Integer> never = heddle().channel(0);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(spawn(() -> assertThat(channel.iterator().hasNext()).isFalse()));
            waiting.add(spawn(() -> assertThat(channel.receive(LONG)).isInstanceOf(Received.Closed.class)));
            waiting.add(spawn(() -> {
                Select<Integer> next = new Select<Integer>()
                        .receive(never, element -> element)
                        .receive(channel, element -> element, cause -> -1);
                assertThat(next.await()).isEqualTo(-1);
            }));
        }
        eventually(
                "all wait",
                () -> waiting.stream()
                        .allMatch(thread -> thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
        channel.close();
        for (Thread thread : waiting) {
            assertThat(thread.join(LONG)).isTrue();
        }
        assertThat(never.trySend(1)).as("nobody has stayed behind").isFalse();
    }

    /** A select at two channels that are closed at the same time, again and again: it is told of both, once each. */
    @Test
    void severalCloseAtOnce() throws Exception {
        Heddle heddle = heddle();
        int rounds = 50;
        Channel<Channel<Integer>> firsts = heddle.channel(0);
        Channel<Channel<Integer>> seconds = heddle.channel(0);
        List<Task<?>> closers = new ArrayList<>();
        for (Channel<Channel<Integer>> source : List.of(firsts, seconds)) {
            closers.add(heddle.start(() -> {
                for (Channel<Integer> channel : source) {
                    channel.close();
                }
            }));
        }
        for (int i = 0; i < rounds; i++) {
            Channel<Integer> first = heddle.channel(0);
            Channel<Integer> second = heddle.channel(0);
            firsts.send(first);
            seconds.send(second);
            int[] ends = {0, 0};
            Select<Integer> next = new Select<Integer>()
                    .receive(first, element -> element, cause -> ends[0]++)
                    .receive(second, element -> element, cause -> ends[1]++);
            while (next.isOpen()) {
                next.await();
            }
            assertThat(ends).containsExactly(1, 1);
        }
        firsts.close();
        seconds.close();
        for (Task<?> closer : closers) {
            closer.join();
        }
    }
}
