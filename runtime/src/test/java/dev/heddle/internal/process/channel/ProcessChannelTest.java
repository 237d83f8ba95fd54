package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels between a parent and its workers, and from worker to worker. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ProcessChannelTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static int sum(Channel<Integer> channel) {
        int sum = 0;
        for (int x : channel) {
            sum += x;
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void fromWorkerToWorkerInOrder(int capacity) throws Exception {
        int count = 2000;
        Channel<Integer> channel = heddle.channel(capacity);
        Task<?> sender = heddle.start(() -> {
            for (int i = 0; i < count; i++) {
                channel.send(i);
            }
            channel.close();
        });
        Task<Boolean> receiver = heddle.start(() -> {
            int next = 0;
            for (int x : channel) {
                if (x != next++) {
                    return false;
                }
            }
            return next == count;
        });
        assertThat(receiver.join()).isTrue();
        sender.join();
        assertThat(channel.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void thereAndBackInOrder(int capacity) throws Exception {
        Channel<Integer> there = heddle.channel(capacity);
        Channel<Integer> back = heddle.channel(capacity);
        Task<?> echo = heddle.start(() -> {
            for (int x : there) {
                back.send(x + 1);
            }
            back.close();
        });
        spawn(() -> {
            for (int i = 0; i < 1000; i++) {
                there.send(i);
            }
            there.close();
        });
        int next = 1;
        for (int x : back) {
            assertThat(x).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(1001);
        echo.join();
    }

    @Test
    void elementsOfAllSizes() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.err.println("ProcessChannelTest seed " + seed);
        Channel<byte[]> there = heddle.channel(2);
        Channel<byte[]> back = heddle.channel(2);
        Task<?> echo = heddle.start(() -> {
            for (byte[] bytes : there) {
                back.send(bytes);
            }
        });
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[i % 10 == 0 ? 2_000_000 : random.nextInt(300_000)];
            random.nextBytes(bytes);
            there.send(bytes);
            assertThat(back.receive()).isEqualTo(bytes);
        }
        there.close();
        echo.join();
    }

    @Test
    void manyThreadsOfAWorkerShareIt() throws Exception {
        Channel<Integer> channel = heddle.channel(1);
        Task<?> sender = heddle.start(() -> {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int x = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        channel.send(x);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            channel.close();
        });
        assertThat(sum(channel)).isEqualTo(50 * 49 / 2);
        sender.join();
    }

    @Test
    void triesAndTimeOuts() throws Exception {
        Channel<String> channel = heddle.channel(1);
        Duration brief = Duration.ofMillis(30);
        assertThat(heddle.start(() -> channel.tryReceive() instanceof Received.Empty)
                        .join())
                .isTrue();
        assertThat(heddle.start(() -> channel.receive(brief) instanceof Received.Empty)
                        .join())
                .isTrue();
        assertThat(heddle.start(() -> channel.trySend("a")).join()).isTrue();
        assertThat(heddle.start(() -> channel.trySend("b")).join()).isFalse();
        assertThat(heddle.start(() -> channel.send("c", brief)).join()).isFalse();
        assertThat(heddle.start(() -> channel.isClosed()).join()).isFalse();
        assertThat(heddle.start(() -> channel.capacity()).join()).isEqualTo(1);
        assertThat(heddle.start(() -> channel.receive(Duration.ofDays(1000000)).toString())
                        .join())
                .isEqualTo("Element[value=a]");
        assertThat(channel.tryReceive()).isInstanceOf(Received.Empty.class);
    }

    @Test
    void closeWithACauseIsSeenOnTheOtherSide() throws Exception {
        Channel<String> channel = heddle.channel(1);
        heddle.start(() -> {
                    channel.send("last");
                    channel.close(new IllegalStateException("out of paper"));
                })
                .join();
        assertThat(channel.receive()).isEqualTo("last");
        assertThatThrownBy(channel::receive)
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("out of paper");
        assertThat(heddle.start(() -> channel.isClosed()).join()).isTrue();
        assertThatThrownBy(() -> heddle.start(() -> channel.receive()).join())
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasRootCauseMessage("out of paper");
        assertThatThrownBy(() -> heddle.start(() -> channel.send("x")).join())
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("was not sent");
    }

    @Test
    void closeWakesThoseWhoWaitInWorkers() throws Exception {
        Channel<Integer> channel = heddle.channel(0);
        Task<Integer> receiver = heddle.start(() -> sum(channel));
        channel.send(5);
        channel.close();
        assertThat(receiver.join()).isEqualTo(5);
    }

    @Test
    void aChannelIsAnElementToo() throws Exception {
        Channel<Channel<String>> replies = heddle.channel(0);
        Task<?> server = heddle.start(() -> {
            for (Channel<String> reply : replies) {
                reply.send("pong");
            }
        });
        Channel<String> mine = heddle.channel(0);
        replies.send(mine);
        assertThat(mine.receive()).isEqualTo("pong");
        replies.close();
        server.join();
        assertThat(heddle.start(() -> mine).join())
                .as("back in its own process")
                .isSameAs(mine);
    }

    @Test
    void anElementIsACopyInOneProcessAsWell() throws Exception {
        Channel<int[]> channel = heddle.channel(1);
        int[] array = {1};
        channel.send(array);
        array[0] = 2;
        assertThat(channel.receive()).containsExactly(1);
    }

    /** Mostly too short for an answer; now and then long enough, so that on a slow machine something moves. */
    private static Duration briefly(Random random) {
        return Duration.ofNanos(1 + random.nextInt(random.nextInt(20) == 0 ? 20_000_000 : 200_000));
    }

    /** Receivers in a worker give up all the time; whatever they say they got must be all that was sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void interruptsAndTimeOutsLoseNothing(int capacity) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.err.println("ProcessChannelTest seed " + seed);
        int count = 1500;
        Channel<Integer> channel = heddle.channel(capacity);
        Channel<Integer> seen = heddle.channel(count);
        Task<?> receiver = heddle.start(() -> {
            Random random = new Random(seed);
            Thread me = Thread.currentThread();
            Thread nuisance = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.interrupted()) {
                    me.interrupt();
                    java.util.concurrent.locks.LockSupport.parkNanos(300_000);
                }
            });
            List<Integer> got = new ArrayList<>();
            boolean closed = false;
            while (!closed) {
                try {
                    Received<Integer> received = channel.receive(briefly(random));
                    if (received instanceof Received.Element<Integer> element) {
                        got.add(element.value());
                    }
                    closed = received instanceof Received.Closed;
                } catch (InterruptedException e) {
                    // and again
                }
            }
            nuisance.interrupt();
            while (nuisance.isAlive()) {
                Thread.onSpinWait(); // a join would be interrupted by its last ones
            }
            Thread.interrupted();
            for (int x : got) {
                seen.send(x);
            }
            seen.close();
        });
        Task<Integer> sender = heddle.start(() -> {
            Random random = new Random(seed + 1);
            int timeOuts = 0;
            for (int i = 0; i < count; ) {
                if (channel.send(i, briefly(random))) {
                    i++;
                } else {
                    timeOuts++;
                }
            }
            channel.close();
            return timeOuts;
        });
        int next = 0;
        for (int x : seen) {
            assertThat(x).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(count);
        sender.join();
        receiver.join();
    }
}
