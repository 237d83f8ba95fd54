package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects lose and double nothing, whoever meets whom, gives up, is interrupted or cancelled. */
class SelectExactlyOnceTest extends ContractTest {
    private static final int EACH = 200;
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private static Job<Integer> sender(Channel<Integer> a, Channel<Integer> b, int number) {
        return () -> {
            int[] element = {number * EACH};
            Select<Integer> next = new Select<Integer>()
                    .send(a, () -> element[0], () -> element[0]++)
                    .send(b, () -> element[0], () -> element[0]++);
            while (element[0] < (number + 1) * EACH) {
                next.await();
            }
            return EACH;
        };
    }

    private static Job<BitSet> receiver(Channel<Integer> a, Channel<Integer> b) {
        return () -> {
            BitSet seen = new BitSet();
            Select.OnElement<Integer, Boolean> note = element -> {
                if (seen.get(element)) {
                    throw new IllegalStateException(element + " came twice");
                }
                seen.set(element);
                return true;
            };
            Select<Boolean> next =
                    new Select<Boolean>().receive(a, note, cause -> true).receive(b, note, cause -> true);
            while (next.isOpen()) {
                next.await();
            }
            return seen;
        };
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, 16, Channel.UNLIMITED})
    void severalSelectsSendToSeveralThatReceive(int capacity) throws Exception {
        int pairs = 2;
        int processors = exempt(Exemption.ONE_TASK_PER_WORKER) ? 2 * pairs : 2;
        try (Heddle heddle = open(options -> options.processors(processors))) {
            Channel<Integer> a = heddle.channel(capacity);
            Channel<Integer> b = heddle.channel(capacity);
            List<Task<BitSet>> receivers = new ArrayList<>();
            List<Task<Integer>> senders = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                receivers.add(heddle.start(i == 0 ? receiver(a, b) : receiver(b, a)));
                senders.add(heddle.start(i == 0 ? sender(a, b, i) : sender(b, a, i)));
            }
            int sent = 0;
            for (Task<Integer> task : senders) {
                sent += task.join();
            }
            a.close();
            b.close();
            BitSet all = new BitSet();
            for (Task<BitSet> task : receivers) {
                BitSet part = task.join();
                assertThat(all.intersects(part)).as("received twice").isFalse();
                all.or(part);
            }
            assertThat(all.cardinality()).isEqualTo(sent).isEqualTo(pairs * EACH);
        }
    }

    // ---- interrupts

    @Test
    void anInterruptedSelectLeavesNothingBehind() throws Exception {
        Channel<Integer> from = heddle().channel(0);
        Channel<Integer> to = heddle().channel(0);
        Thread thread = spawn(() -> assertThatThrownBy(() -> new Select<Integer>()
                        .receive(from, element -> element)
                        .send(to, () -> 1, () -> 1)
                        .await())
                .isInstanceOf(InterruptedException.class));
        eventually("it waits", () -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        assertThat(thread.join(LONG)).isTrue();
        assertThat(from.trySend(1)).as("nobody is left that would take it").isFalse();
        assertThat(to.tryReceive()).as("it was not sent").isEqualTo(new Received.Empty<Integer>());
    }

    @Test
    void aCancelledSelectLeavesTheElementToOthers() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        for (int i = 0; i < 30; i++) {
            awaitIdle(heddle);
            Task<Integer> cancelled = heddle.start(() -> new Select<Integer>()
                    .receive(never, element -> element)
                    .receive(channel, element -> element)
                    .await());
            Task<Integer> other = heddle.start(() -> new Select<Integer>()
                    .receive(channel, element -> element)
                    .receive(never, element -> element)
                    .await());
            awaitWaiting(heddle, 2);
            long ended = heddle.stats().completed();
            assertThat(cancelled.cancel(true)).isTrue();
            eventually("its code has ended", () -> heddle.stats().completed() > ended);
            channel.send(i);
            assertThat(other.join()).isEqualTo(i);
        }
    }

    @Test
    void aCancelledSelectsElementIsNotSent() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        for (int i = 0; i < 30; i++) {
            int mine = i;
            awaitIdle(heddle);
            Task<?> cancelled = heddle.start(() -> {
                new Select<Integer>()
                        .send(channel, () -> -1, () -> 0)
                        .receive(never, element -> 0)
                        .await();
            });
            awaitWaiting(heddle, 1);
            long ended = heddle.stats().completed();
            assertThat(cancelled.cancel(true)).isTrue();
            eventually("its code has ended", () -> heddle.stats().completed() > ended);
            Task<?> other = heddle.start(() -> channel.send(mine));
            assertThat(channel.receive()).isEqualTo(i);
            other.join();
        }
    }

    /**
     * Selects that receive, tasks all, are cancelled at random moments while an element each is sent to one of their channels. An
     * element counts where it ends up: with a task, whether cancelled or not, still in a channel, or with us, unsent.
     */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void randomCancelsOfSelectsThatReceiveLoseAndDoubleNothing(int capacity) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int rounds = model == Model.PROCESS ? 50 : 500;
        Heddle heddle = heddle();
        Channel<Integer> a = heddle.channel(capacity);
        Channel<Integer> b = heddle.channel(capacity);
        Channel<Integer> received = heddle.channel(rounds);
        AtomicIntegerArray counts = new AtomicIntegerArray(rounds);
        for (int i = 0; i < rounds; i++) {
            Task<?> task = heddle.start(() -> {
                int element = new Select<Integer>()
                        .receive(a, each -> each)
                        .receive(b, each -> each)
                        .await();
                if (!received.trySend(element)) {
                    throw new IllegalStateException("the channel of results is full");
                }
            });
            if (random.nextBoolean()) {
                task.cancel(true);
            }
            Channel<Integer> channel = random.nextBoolean() ? a : b;
            if (!(random.nextBoolean() ? channel.trySend(i) : channel.send(i, A_MOMENT))) {
                counts.incrementAndGet(i); // it never will be
            }
            task.cancel(true);
        }
        awaitIdle(heddle);
        for (Channel<Integer> channel : List.of(a, b, received)) {
            channel.close();
            channel.forEach(counts::incrementAndGet);
        }
        for (int i = 0; i < rounds; i++) {
            assertThat(counts.get(i)).as("element %s, seed %s", i, seed).isEqualTo(1);
        }
    }

    /** The same the other way round: the element is sent if the task says so, and then it is received by us. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void randomCancelsOfSelectsThatSendLoseAndDoubleNothing(int capacity) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int rounds = model == Model.PROCESS ? 50 : 500;
        Heddle heddle = heddle();
        Channel<Integer> a = heddle.channel(capacity);
        Channel<Integer> b = heddle.channel(capacity);
        Channel<Integer> sent = heddle.channel(rounds);
        BitSet received = new BitSet();
        for (int i = 0; i < rounds; i++) {
            int element = i;
            Task<?> task = heddle.start(() -> {
                new Select<Boolean>()
                        .send(a, () -> element, () -> sent.trySend(element))
                        .send(b, () -> element, () -> sent.trySend(element))
                        .await();
            });
            if (random.nextBoolean()) {
                task.cancel(true);
            }
            Channel<Integer> channel = random.nextBoolean() ? a : b;
            note(received, random.nextBoolean() ? channel.tryReceive() : channel.receive(A_MOMENT), seed);
            task.cancel(true);
        }
        awaitIdle(heddle);
        for (Channel<Integer> channel : List.of(a, b)) {
            channel.close();
            for (int element : channel) {
                note(received, new Received.Element<>(element), seed);
            }
        }
        sent.close();
        BitSet reported = new BitSet();
        sent.forEach(reported::set);
        assertThat(received)
                .as("what was received, of what was sent; seed %s", seed)
                .isEqualTo(reported);
    }

    private static void note(BitSet all, Received<Integer> received, long seed) {
        if (received instanceof Received.Element<Integer>(Integer element)) {
            assertThat(all.get(element))
                    .as("%s came twice, seed %s", element, seed)
                    .isFalse();
            all.set(element);
        }
    }
}
