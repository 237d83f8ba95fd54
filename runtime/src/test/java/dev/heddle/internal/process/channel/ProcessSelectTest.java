package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.NotTransferableException;
import dev.heddle.Overflow;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects of jobs in workers, among channels of the workers' heddle. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ProcessSelectTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static <T> T get(Task<T> task) throws Exception {
        return task.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Between a parent and a worker, in both directions at once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void receivesAndSends(int capacity) throws Exception {
        int count = 500;
        Channel<Integer> in = heddle.channel(capacity);
        Channel<Integer> out = heddle.channel(capacity);
        Task<List<Integer>> task = heddle.start(() -> {
            List<Integer> got = new ArrayList<>();
            int[] sent = {0};
            Select<Boolean> either = new Select<Boolean>()
                    .receive(in, got::add)
                    .when(() -> got.size() < count)
                    .send(out, () -> sent[0], () -> sent[0]++ < count)
                    .when(() -> sent[0] < count);
            while (got.size() < count || sent[0] < count) {
                either.await();
            }
            return got;
        });
        spawn(() -> {
            for (int i = 0; i < count; i++) {
                in.send(-i);
            }
        });
        for (int i = 0; i < count; i++) {
            assertThat(out.receive()).isEqualTo(i);
        }
        List<Integer> got = get(task);
        for (int i = 0; i < count; i++) {
            assertThat(got.get(i)).isEqualTo(-i);
        }
    }

    /** Both sides select, so that two waiters of which only one may be taken meet. */
    @Test
    void fromSelectToSelect() throws Exception {
        int count = 500;
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Task<int[]> sender = heddle.start(() -> {
            int[] sent = new int[2];
            int[] next = {0};
            Select<Integer> either = new Select<Integer>()
                    .send(a, () -> next[0], () -> sent[0]++)
                    .send(b, () -> next[0], () -> sent[1]++);
            for (; next[0] < count; next[0]++) {
                either.await();
            }
            a.close();
            b.close();
            return sent;
        });
        Task<int[]> receiver = heddle.start(() -> {
            int[] got = new int[2];
            int[] next = {0};
            Select<Boolean> either = new Select<Boolean>()
                    .receive(a, x -> x == next[0]++ && got[0]++ >= 0, cause -> true)
                    .receive(b, x -> x == next[0]++ && got[1]++ >= 0, cause -> true);
            while (either.isOpen()) {
                if (!either.await()) {
                    throw new IllegalStateException("not in order after " + Arrays.toString(got));
                }
            }
            return got;
        });
        int[] got = get(receiver);
        assertThat(got).isEqualTo(get(sender));
        assertThat(got[0] + got[1]).isEqualTo(count);
        assertThat(got[0]).as("neither starves").isBetween(count / 5, 4 * count / 5);
    }

    @Test
    void elementsLongerThanTheRing() throws Exception {
        Channel<byte[]> there = heddle.channel(0);
        Channel<byte[]> back = heddle.channel(0);
        Task<Integer> echo = heddle.start(() -> {
            byte[][] last = new byte[1][];
            Select<Boolean> turn = new Select<Boolean>()
                    .receive(there, bytes -> (last[0] = bytes) != null, cause -> false)
                    .send(back, () -> last[0], () -> (last[0] = null) == null)
                    .when(() -> last[0] != null);
            int turns = 0;
            while (turn.await()) {
                turns++;
            }
            return turns;
        });
        byte[] bytes = new byte[2_000_000];
        for (int i = 0; i < 5; i++) {
            new Random(i).nextBytes(bytes);
            there.send(bytes);
            assertThat(back.receive()).isEqualTo(bytes);
        }
        there.close();
        assertThat(get(echo)).isEqualTo(10);
    }

    @Test
    void timeOutsAndOtherwise() throws Exception {
        Channel<Integer> channel = heddle.channel(0);
        Channel<Integer> full = heddle.channel(1);
        full.send(1);
        String log = get(heddle.start(() -> {
            Select<String> select =
                    new Select<String>().receive(channel, x -> "got " + x).send(full, () -> 2, () -> "sent");
            long start = System.nanoTime();
            String late = select.timeout(SHORT, () -> "late").await();
            boolean inTime = System.nanoTime() - start >= SHORT.toNanos();
            return late + " " + inTime + " "
                    + select.timeout(Duration.ZERO, () -> "at once").await() + " "
                    + select.otherwise(() -> "otherwise").await();
        }));
        assertThat(log).isEqualTo("late true at once otherwise");
        assertThat(channel.trySend(3)).as("nobody is left waiting").isFalse();
        assertThat(full.receive()).isEqualTo(1);
        assertThat(full.size()).isZero();

        full.send(5);
        assertThat(get(heddle.start(() -> new Select<Integer>()
                        .receive(full, x -> x)
                        .otherwise(() -> 0)
                        .await())))
                .isEqualTo(5);
    }

    @Test
    void withNothingButATime() throws Exception {
        Channel<Integer> channel = heddle.channel(0);
        String log = get(heddle.start(() -> {
            long start = System.nanoTime();
            String late = new Select<String>().timeout(SHORT, () -> "late").await();
            late += " "
                    + new Select<String>()
                            .receive(channel, x -> "got")
                            .when(() -> false)
                            .timeout(SHORT, () -> "later")
                            .await();
            return late + " " + (System.nanoTime() - start >= 2 * SHORT.toNanos());
        }));
        assertThat(log).isEqualTo("late later true");
        Task<String> cancelled = heddle.start(
                () -> new Select<String>().timeout(LONG, () -> "late").await());
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(get(heddle.start(() -> 1))).isEqualTo(1);
    }

    @Test
    void aSeedMakesChoicesRepeatable() throws Exception {
        Channel<Integer> a = heddle.channel(100);
        Channel<Integer> b = heddle.channel(100);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int run = i;
            runs.add(get(heddle.start(() -> {
                StringBuilder choices = new StringBuilder();
                Select<StringBuilder> either = new Select<StringBuilder>()
                        .send(a, () -> 1, () -> choices.append('a'))
                        .send(b, () -> 1, () -> choices.append('b'))
                        .seed(run / 2);
                for (int turn = 0; turn < 20; turn++) {
                    either.await();
                }
                return choices.toString();
            })));
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2)).contains("a", "b");
        assertThat(runs.get(2)).isEqualTo(runs.get(3));
    }

    @Test
    void theEndOfAChannelIsToldOnceWithItsCause() throws Exception {
        Channel<Integer> a = heddle.channel(1);
        Channel<Integer> b = heddle.channel(0);
        a.send(1);
        a.close(new IOException("out of paper"));
        Channel<String> log = heddle.channel(10);
        Task<Boolean> task = heddle.start(() -> {
            Select<Boolean> select = new Select<Boolean>()
                    .receive(a, x -> log.trySend("a " + x), cause -> log.trySend("end of a: " + cause.getMessage()))
                    .receive(b, x -> log.trySend("b " + x), cause -> log.trySend("end of b: " + cause));
            while (select.isOpen()) {
                select.await();
            }
            return log.trySend("end");
        });
        assertThat(log.receive()).isEqualTo("a 1");
        assertThat(log.receive()).isEqualTo("end of a: out of paper");
        b.send(2);
        assertThat(log.receive()).isEqualTo("b 2");
        b.close();
        assertThat(log.receive()).isEqualTo("end of b: null");
        assertThat(log.receive()).isEqualTo("end");
        assertThat(get(task)).isTrue();
    }

    @Test
    void aClosedChannelThatNobodyCaresForThrows() throws Exception {
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Task<Integer> waiting = heddle.start(() ->
                new Select<Integer>().receive(b, x -> x).receive(a, x -> x).await());
        heddle.start(() -> a.close(new IllegalStateException("out of ink"))).join();
        assertThatThrownBy(() -> get(waiting))
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("every element has been received")
                .hasRootCauseMessage("out of ink");
        Task<Integer> sender = heddle.start(
                () -> new Select<Integer>().send(a, () -> 1, () -> 1).await());
        assertThatThrownBy(() -> get(sender))
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("was not sent")
                .hasRootCauseMessage("out of ink");
        assertThat(b.trySend(1)).as("nobody is left waiting").isFalse();
    }

    @Test
    void overflowPolicies() throws Exception {
        Channel<Integer> newest = heddle.channel(1, Overflow.DROP_NEWEST);
        Channel<Integer> fails = heddle.channel(1, Overflow.FAIL);
        newest.send(1);
        fails.send(1);
        assertThat(get(heddle.start(() -> new Select<String>()
                        .send(newest, () -> 2, () -> "dropped")
                        .await())))
                .isEqualTo("dropped");
        assertThat(newest.receive()).isEqualTo(1);
        assertThat(newest.size()).isZero();
        Task<String> task = heddle.start(
                () -> new Select<String>().send(fails, () -> 2, () -> "sent").await());
        assertThat(fails.receive()).isEqualTo(1);
        assertThat(get(task)).isEqualTo("sent");
        assertThat(fails.receive()).isEqualTo(2);
    }

    @Test
    void whatCannotCrossIsNamedAndNothingIsDone() throws Exception {
        Channel<Object> a = heddle.channel(1);
        Channel<Object> b = heddle.channel(1);
        Task<?> task = heddle.start(() -> new Select<Integer>()
                .send(a, () -> "x", () -> 1)
                .send(b, Object::new, () -> 2)
                .await());
        assertThatThrownBy(() -> get(task))
                .cause()
                .isInstanceOf(NotTransferableException.class)
                .hasMessageContaining("java.lang.Object");
        assertThat(a.size() + b.size()).isZero();
    }

    @Test
    void channelsOfTheHeddleAndOfTheWorkerDoNotMix() throws Exception {
        Channel<Instant> channel = heddle.channel(1);
        Task<?> task = heddle.start(() -> new Select<Integer>()
                .receive(channel, x -> 1)
                .receive(Channel.after(SHORT), x -> 2)
                .await());
        assertThatThrownBy(() -> get(task))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use timeout instead of a ticker");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsInASelectMakesRoom(boolean withTimeOuts) throws Exception {
        try (Heddle one = Heddle.builder(Model.PROCESS).processors(1).open()) {
            Channel<Integer> a = one.channel(0);
            Channel<Integer> b = one.channel(0);
            Task<Integer> waiting = one.start(() -> {
                Select<Integer> select =
                        new Select<Integer>().receive(a, x -> x).send(b, () -> 1, () -> 1);
                if (withTimeOuts) {
                    select.timeout(Duration.ofMillis(3), () -> 0);
                }
                int got = 0;
                while (got == 0) {
                    got = select.await();
                }
                return got;
            });
            Task<?> sender = one.start(() -> a.send(7));
            assertThat(get(waiting)).isEqualTo(7);
            get(sender);
        }
    }

    @Test
    void manyThreadsOfAWorkerSelect() throws Exception {
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Task<Integer> task = heddle.start(() -> {
            List<Thread> threads = new ArrayList<>();
            int[] sums = new int[50];
            for (int i = 0; i < sums.length; i++) {
                int me = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        sums[me] = new Select<Integer>()
                                .receive(a, x -> x)
                                .receive(b, x -> -x)
                                .await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            return Arrays.stream(sums).sum();
        });
        for (int i = 0; i < 25; i++) {
            a.send(1000 + i);
            b.send(i);
        }
        assertThat(get(task)).isEqualTo(25_000);
    }
}
