package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Received;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Senders and receivers that use every form at random, and are interrupted at random moments: no element is lost, none
 * comes twice. The seed of a failing run is in its message.
 */
class QueueChannelStressTest extends HeddleTest {
    private static final int SENDERS = 3;
    private static final int RECEIVERS = 3;
    private static final int EACH = 20_000;

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 5})
    void interruptsLoseAndDoubleNothing(int capacity) {
        long seed = new Random().nextLong();
        SplittableRandom seeds = new SplittableRandom(seed);
        QueueChannel<Integer> channel = new QueueChannel<>(capacity);
        // 1 for an element that was sent, 10 for one that was received; so each must end as 11 or 0.
        AtomicIntegerArray counts = new AtomicIntegerArray(SENDERS * EACH);
        AtomicInteger senders = new AtomicInteger(SENDERS);
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int first = i * EACH;
            SplittableRandom random = seeds.split();
            threads.add(spawn(() -> {
                for (int element = first; element < first + EACH; element++) {
                    if (sent(channel, element, random)) {
                        counts.addAndGet(element, 1);
                    }
                }
                if (senders.decrementAndGet() == 0) {
                    channel.close();
                }
            }));
        }
        for (int i = 0; i < RECEIVERS; i++) {
            SplittableRandom random = seeds.split();
            threads.add(spawn(() -> {
                while (true) {
                    switch (received(channel, random)) {
                        case Received.Element<Integer>(Integer element) -> counts.addAndGet(element, 10);
                        case Received.Empty<Integer> e -> Thread.onSpinWait();
                        case Received.Closed<Integer> e -> {
                            return;
                        }
                    }
                }
            }));
        }
        SplittableRandom random = seeds.split();
        Thread interrupter = spawn(() -> {
            while (!ended.get()) {
                threads.get(random.nextInt(threads.size())).interrupt();
                for (int i = random.nextInt(2_000); i > 0; i--) {
                    Thread.onSpinWait();
                }
            }
        });
        for (Thread thread : threads) {
            eventually(thread + " has ended, seed " + seed, () -> !thread.isAlive());
        }
        ended.set(true);
        eventually("nobody interrupts any more", () -> !interrupter.isAlive());
        int sent = 0;
        for (int i = 0; i < counts.length(); i++) {
            assertThat(counts.get(i)).as("element %s, seed %s", i, seed).isIn(0, 11);
            sent += counts.get(i) / 11;
        }
        assertThat(sent).as("elements sent, seed %s", seed).isGreaterThan(SENDERS * EACH / 4);
    }

    private static boolean sent(QueueChannel<Integer> channel, int element, SplittableRandom random) {
        try {
            return switch (random.nextInt(4)) {
                case 0 -> channel.trySend(element);
                case 1 -> channel.send(element, Duration.ofNanos(random.nextInt(100_000)));
                default -> {
                    channel.send(element);
                    yield true;
                }
            };
        } catch (InterruptedException e) {
            return false; // and so it must never come
        }
    }

    private static Received<Integer> received(QueueChannel<Integer> channel, SplittableRandom random) {
        try {
            return switch (random.nextInt(3)) {
                case 0 -> channel.tryReceive();
                case 1 -> channel.receive(Duration.ofNanos(random.nextInt(100_000)));
                default -> channel.receive(Duration.ofSeconds(60));
            };
        } catch (InterruptedException e) {
            return new Received.Empty<>();
        }
    }
}
