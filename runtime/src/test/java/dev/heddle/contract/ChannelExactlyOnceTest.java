package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each element that was sent is received once, by one; interrupts and cancels lose none and double none. */
class ChannelExactlyOnceTest extends ContractTest {
    private static final int EACH = 300;
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    /** A worker has one task at a time, and these wait for each other: as many workers as tasks. */
    private Heddle openFor(int tasks) {
        return open(options -> options.processors(exempt(Exemption.ONE_TASK_PER_WORKER) ? tasks : 2));
    }

    private static Job<Integer> sender(Channel<Integer> channel, int number) {
        return () -> {
            for (int i = 0; i < EACH; i++) {
                channel.send(number * EACH + i);
            }
            return EACH;
        };
    }

    private static Job<BitSet> receiver(Channel<Integer> channel) {
        return () -> {
            BitSet seen = new BitSet();
            for (int element : channel) {
                if (seen.get(element)) {
                    throw new IllegalStateException(element + " came twice");
                }
                seen.set(element);
            }
            return seen;
        };
    }

    private static void merge(BitSet all, BitSet part) {
        assertThat(all.intersects(part)).as("received twice").isFalse();
        all.or(part);
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 16})
    void severalSendersAndReceivers(int capacity) throws Exception {
        int pairs = 2;
        try (Heddle heddle = openFor(2 * pairs)) {
            Channel<Integer> channel = heddle.channel(capacity);
            List<Task<BitSet>> receivers = new ArrayList<>();
            List<Task<Integer>> senders = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                receivers.add(heddle.start(receiver(channel)));
                senders.add(heddle.start(sender(channel, i)));
            }
            int sent = 0;
            for (Task<Integer> task : senders) {
                sent += task.join();
            }
            channel.close();
            BitSet all = new BitSet();
            for (Task<BitSet> task : receivers) {
                merge(all, task.join());
            }
            assertThat(all.cardinality()).isEqualTo(sent).isEqualTo(pairs * EACH);
        }
    }

    @Test
    void theMainThreadSendsAndTasksReceive() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(4);
        Task<BitSet> first = heddle.start(receiver(channel));
        Task<BitSet> second = heddle.start(receiver(channel));
        for (int i = 0; i < EACH; i++) {
            channel.send(i);
        }
        channel.close();
        BitSet all = first.join();
        merge(all, second.join());
        assertThat(all.cardinality()).isEqualTo(EACH);
    }

    @Test
    void anInterruptedReceiverLeavesTheElementToOthers() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Thread receiver = spawn(() -> assertThatThrownBy(channel::receive).isInstanceOf(InterruptedException.class));
        eventually("it waits", () -> receiver.getState() == Thread.State.WAITING);
        receiver.interrupt();
        eventually("it has ended", () -> !receiver.isAlive());
        assertThat(channel.trySend(1)).as("nobody is left that would take it").isFalse();
        Task<Integer> other = heddle().start(() -> channel.receive());
        channel.send(2);
        assertThat(other.join()).isEqualTo(2);
    }

    @Test
    void anIteratorThatIsInterruptedEndsAndStaysInterrupted() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        Thread receiver = spawn(() -> {
            assertThatThrownBy(() -> channel.iterator().hasNext()).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        });
        eventually("it waits", () -> receiver.getState() == Thread.State.WAITING);
        receiver.interrupt();
        assertThat(receiver.join(LONG)).isTrue();
    }

    @Test
    void aCancelledTaskLeavesTheElementToOthers() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        for (int i = 0; i < 50; i++) {
            awaitIdle(heddle);
            Task<Integer> cancelled = heddle.start(() -> channel.receive());
            Task<Integer> other = heddle.start(() -> channel.receive());
            awaitWaiting(heddle, 2);
            long ended = heddle.stats().completed();
            assertThat(cancelled.cancel(true)).isTrue();
            eventually("its code has ended", () -> heddle.stats().completed() > ended);
            channel.send(i);
            assertThat(other.join()).isEqualTo(i);
        }
    }

    @Test
    void aCancelledSendersElementIsNotSent() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        for (int i = 0; i < 50; i++) {
            int odd = -1;
            int even = i;
            awaitIdle(heddle);
            Task<?> cancelled = heddle.start(() -> channel.send(odd));
            awaitWaiting(heddle, 1);
            long ended = heddle.stats().completed();
            assertThat(cancelled.cancel(true)).isTrue();
            eventually("its code has ended", () -> heddle.stats().completed() > ended);
            Task<?> other = heddle.start(() -> channel.send(even));
            assertThat(channel.receive()).isEqualTo(i);
            other.join();
        }
    }

    /**
     * Receivers, tasks all, are cancelled at random moments while an element each is sent to them. An element counts
     * where it ends up: with a task, whether cancelled or not, or still in the channel.
     */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void randomCancelsLoseAndDoubleNothing(int capacity) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int rounds = model == Model.PROCESS ? 50 : 500;
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(capacity);
        Channel<Integer> received = heddle.channel(rounds);
        AtomicIntegerArray counts = new AtomicIntegerArray(rounds);
        for (int i = 0; i < rounds; i++) {
            Task<?> task = heddle.start(() -> {
                int element = channel.receive();
                while (!received.trySend(element)) {
                    throw new IllegalStateException("the channel of results is full");
                }
            });
            boolean before = random.nextBoolean();
            if (before) {
                task.cancel(true);
            }
            int element = i;
            boolean sent = random.nextBoolean() ? channel.trySend(element) : channel.send(element, A_MOMENT);
            if (!sent) {
                counts.incrementAndGet(element); // it never will be
            }
            task.cancel(true);
        }
        eventually(
                "the code of all has ended",
                () -> heddle.stats().started() == heddle.stats().completed());
        channel.close();
        channel.forEach(counts::incrementAndGet);
        received.close();
        received.forEach(counts::incrementAndGet);
        for (int i = 0; i < rounds; i++) {
            assertThat(counts.get(i)).as("element %s, seed %s", i, seed).isEqualTo(1);
        }
    }
}
