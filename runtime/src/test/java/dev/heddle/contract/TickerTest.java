package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.NotTransferableException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Channels that get the time: once, or again and again. They may be late, and are never early. */
class TickerTest extends ContractTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @Test
    void afterADelayThereIsOneElementAndThenTheEnd() throws Exception {
        Instant before = Instant.now();
        long start = System.nanoTime();
        Channel<Instant> after = Channel.after(SHORT);
        Instant then = after.receive();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(then).isBetween(before, Instant.now());
        assertThatThrownBy(after::receive)
                .isInstanceOf(ChannelClosedException.class)
                .hasNoCause();
        assertThat(after.isClosed()).isTrue();
    }

    @Test
    void aTaskWaitsForADelay() throws Exception {
        long took = heddle().start(() -> {
                    long start = System.nanoTime();
                    int count = 0;
                    for (Instant _ : Channel.after(SHORT)) {
                        count++;
                    }
                    return count == 1 ? System.nanoTime() - start : 0;
                })
                .join();
        assertThat(took).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void noDelayIsNoWait() throws Exception {
        for (Duration delay : List.of(Duration.ZERO, Duration.ofDays(-1_000_000))) {
            Channel<Instant> after = Channel.after(delay);
            eventually("there it is", () -> after.size() == 1 && after.isClosed());
        }
        Channel<Instant> never = Channel.after(Duration.ofDays(1_000_000));
        assertThat(never.tryReceive()).isEqualTo(new Received.Empty<Instant>());
        never.close();
    }

    @Test
    void ticksComeAgainAndAgainAndNoneIsEarly() throws Exception {
        List<Long> times = heddle().start(() -> {
                    List<Long> all = new ArrayList<>();
                    long start = System.nanoTime();
                    Channel<Instant> ticker = Channel.every(OFTEN);
                    for (int i = 0; i < 10; i++) {
                        ticker.receive();
                        all.add(System.nanoTime() - start);
                    }
                    ticker.close();
                    return all;
                })
                .join();
        for (int i = 0; i < times.size(); i++) {
            assertThat(times.get(i)).as("tick %s", i + 1).isGreaterThanOrEqualTo((i + 1) * OFTEN.toNanos());
        }
    }

    @Test
    void ticksDoNotAddUp() throws Exception {
        Channel<Instant> ticker = Channel.every(OFTEN);
        Instant first = ticker.receive();
        eventually("there is one", () -> ticker.size() == 1);
        LockSupport.parkNanos(SHORT.toNanos()); // some more would have been due
        assertThat(ticker.size()).isEqualTo(1);
        Instant second = ticker.receive();
        assertThat(second).as("the one that was there is kept").isAfter(first).isBefore(Instant.now());
        assertThat(ticker.overflow()).isEqualTo(Overflow.DROP_NEWEST);
        ticker.close();
    }

    @Test
    void aTickerTicksUntilItIsClosed() throws Exception {
        Channel<Instant> ticker = Channel.every(OFTEN);
        Task<Integer> task = counting(ticker);
        if (exempt(Exemption.SHARED_MEMORY)) {
            awaitWaiting(heddle(), 1);
            ticker.close();
            assertThat(task.join()).isNotNegative();
        } else {
            assertThat(task).as("it cannot cross").isNull();
            ticker.close();
        }
        ticker.tryReceive(); // if one was left
        LockSupport.parkNanos(SHORT.toNanos());
        assertThat(ticker.tryReceive()).isEqualTo(new Received.Closed<Instant>(null));
    }

    /** {@return a task that counts the ticks; null if the ticker cannot cross to it} */
    private Task<Integer> counting(Channel<Instant> ticker) {
        try {
            return heddle().start(() -> {
                int count = 0;
                for (Instant _ : ticker) {
                    count++;
                }
                return count;
            });
        } catch (NotTransferableException e) {
            assertThat(exempt(Exemption.SHARED_MEMORY)).isFalse();
            assertThat(e).hasMessageContaining("ticker").hasMessageContaining("channel");
            return null;
        }
    }

    @Test
    void toCloseItEarlierCancelsADelay() throws Exception {
        Channel<Instant> after = Channel.after(SHORT);
        after.close();
        LockSupport.parkNanos(2 * SHORT.toNanos());
        assertThat(after.tryReceive()).isEqualTo(new Received.Closed<Instant>(null));
    }

    @Test
    void aPeriodIsPositive() {
        for (Duration period : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1_000_000))) {
            assertThatThrownBy(() -> Channel.every(period))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be positive");
        }
        assertThatThrownBy(() -> Channel.after(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aTickerIsAClauseAsAnyOther() throws Exception {
        Channel<Integer> results = heddle().channel(0);
        Task<?> worker = heddle().start(() -> {
            for (int i = 0; i < 3; i++) {
                Channel.after(OFTEN.multipliedBy(3)).receive();
                results.send(i);
            }
            results.close();
        });
        Channel<Instant> ticker = Channel.every(OFTEN);
        int[] counts = {0, 0};
        Select<Integer> next = new Select<Integer>()
                .receive(results, element -> ++counts[0], cause -> counts[0])
                .receive(ticker, tick -> ++counts[1], cause -> counts[1]);
        while (next.isOpen()) {
            next.await();
            if (counts[0] == 3 && counts[1] > 0) {
                ticker.close();
            }
        }
        worker.join();
        assertThat(counts[0]).isEqualTo(3);
    }

    /** In a worker the ticker is one of the worker's own process. */
    @Test
    void aTaskSelectsAmongTickersThatItMade() throws Exception {
        String first = heddle().start(() -> {
                    Channel<Instant> often = Channel.every(OFTEN);
                    Channel<Instant> never = Channel.after(Duration.ofDays(1));
                    Select<String> next = new Select<String>()
                            .receive(never, tick -> "the late one")
                            .receive(often, tick -> "the early one");
                    String came = next.await() + ", " + next.await();
                    often.close();
                    never.close();
                    return came;
                })
                .join();
        assertThat(first).isEqualTo("the early one, the early one");
    }

    @Test
    void aDelayLimitsAllAwaitsTogetherAndATimeoutEachOfThem() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Task<?> sender = heddle().start(() -> {
            while (true) {
                channel.send(1);
            }
        });
        long start = System.nanoTime();
        Channel<Instant> deadline = Channel.after(SHORT);
        Select<Boolean> next = new Select<Boolean>()
                .receive(channel, element -> true)
                .receive(deadline, tick -> false)
                .timeout(LONG, () -> {
                    throw new AssertionError("there was always something");
                });
        while (next.await()) {}
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        channel.close();
        assertThatThrownBy(sender::join).hasCauseInstanceOf(ChannelClosedException.class);
    }
}
