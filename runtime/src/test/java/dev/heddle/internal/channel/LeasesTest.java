package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever other processes have leased, and whenever it is taken back, a channel is exact about its elements and its room. */
class LeasesTest extends HeddleTest {
    private static final int MOST = 5;
    private static final int RUNS = Integer.getInteger("heddle.leases.runs", 20_000);

    /** Another process, which does one instruction that others can see at a time. */
    private static final class Far {
        final int number;
        final RevocableCount credit = count();
        final RevocableCount prefetch = count();
        final Lease<Integer> lease = new Lease<>(credit, prefetch);

        /** What it has written to its ring and the channel has not got. */
        final ArrayDeque<int[]> ring = new ArrayDeque<>();

        int granted;
        int sent;

        /** Written to the ring and not yet counted. */
        @Nullable
        Integer uncounted;

        List<Integer> lent = List.of();
        int taken;

        /** It has seen that it is to call. */
        boolean calls;

        boolean dead;

        Far(int number) {
            this.number = number;
        }

        private static RevocableCount count() {
            return new RevocableCount(Arena.ofAuto().allocate(RevocableCount.BYTES, RevocableCount.BYTES));
        }
    }

    /** One run: the channel, two processes that lease from it, and what must have become of every element. */
    private static final class Run {
        final Random random;
        final int capacity;
        final QueueChannel<Integer> channel;
        final List<Far> all = List.of(new Far(0), new Far(1));
        final List<String> log = new ArrayList<>();

        int next;

        /** Those that are in the channel, by sender, in the order in which they were sent. */
        final List<ArrayDeque<Integer>> inside = List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

        boolean closed;

        Run(long seed) {
            random = new Random(seed);
            capacity = 1 + random.nextInt(6);
            channel = new QueueChannel<>(capacity);
        }

        int size() {
            return inside.stream().mapToInt(ArrayDeque::size).sum();
        }

        void step() throws InterruptedException {
            Far far = all.get(random.nextInt(all.size()));
            switch (random.nextInt(40)) {
                case 0, 1, 2, 3 -> trySend();
                case 4, 5, 6, 7 -> tryReceive();
                case 8, 9, 10, 11 -> askForCredit(far);
                case 12, 13, 14, 15 -> write(far);
                case 16, 17, 18, 19 -> count(far);
                case 20, 21, 22, 23 -> deliver(far);
                case 24, 25, 26, 27, 28 -> askAhead(far);
                case 29, 30, 31, 32 -> take(far);
                case 33, 34 -> call(far);
                case 35 -> end(far);
                case 36, 37 -> assertThat(channel.size()).as("size").isEqualTo(size());
                case 38 -> die(far);
                default -> close();
            }
        }

        private void trySend() {
            int element = next++;
            log.add("trySend " + element);
            if (closed) {
                assertThatThrownBy(() -> channel.trySend(element)).isInstanceOf(ChannelClosedException.class);
                return;
            }
            boolean sent = channel.trySend(element);
            assertThat(sent).as("there was room").isEqualTo(size() < capacity);
            if (sent) {
                inside.get(2).add(element);
            }
        }

        private void tryReceive() {
            log.add("tryReceive");
            received(channel.tryReceive());
        }

        /** Nothing is found only if everything is on its way. */
        private void received(Received<Integer> received) {
            switch (received) {
                case Received.Element<Integer>(Integer element) -> gone(element);
                case Received.Empty<Integer> e ->
                    assertThat(size())
                            .as("all is on its way")
                            .isEqualTo(onTheWay())
                            .isGreaterThanOrEqualTo(closed ? 1 : 0);
                case Received.Closed<Integer> c -> {
                    assertThat(closed).isTrue();
                    assertThat(size()).as("left when it was closed and drained").isZero();
                }
            }
        }

        private void gone(int element) {
            assertThat(inside.stream().filter(sent -> !sent.isEmpty() && sent.element() == element))
                    .as("senders of whose elements " + element + " was the next, of " + inside)
                    .hasSize(1);
            inside.forEach(sent -> sent.remove(element));
        }

        private int onTheWay() {
            return all.stream()
                    .mapToInt(far -> (int) far.ring.stream()
                            .filter(frame -> inside.get(far.number).contains(frame[1]))
                            .count())
                    .sum();
        }

        private void askForCredit(Far far) {
            if (far.dead || far.uncounted != null) {
                return;
            }
            while (!far.ring.isEmpty()) {
                deliver(far); // the request comes after what is in the ring
            }
            int element = next++;
            log.add(far.number + " sends for credit " + element);
            if (closed || !channel.trySend(element)) {
                return;
            }
            inside.get(far.number).add(element);
            int n = channel.grant(far.lease, MOST);
            if (n > 0) {
                log.add(far.number + " has credit " + n);
                far.granted = n;
                far.sent = 0;
            }
        }

        private void write(Far far) {
            if (far.dead || far.uncounted != null || far.sent == far.granted) {
                return;
            }
            int element = next++;
            log.add(far.number + " writes " + element);
            far.ring.add(new int[] {far.sent, element});
            far.uncounted = element;
        }

        private void count(Far far) {
            Integer element = far.uncounted;
            if (far.dead || element == null) {
                return;
            }
            far.uncounted = null;
            boolean counted = far.credit.count(far.sent);
            log.add(far.number + " counts " + element + ": " + counted);
            boolean known = wasCounted.remove(element);
            if (counted) {
                far.sent++;
                if (!known) {
                    inside.get(far.number).add(element);
                }
            } else {
                assertThat(known).as("both counted").isFalse();
                far.granted = far.sent;
            }
            assertThat(size()).as("size").isLessThanOrEqualTo(capacity);
        }

        /** Elements that the channel has counted, and their sender has not yet looked. */
        private final Set<Integer> wasCounted = new HashSet<>();

        private void deliver(Far far) {
            int[] frame = far.ring.poll();
            if (frame == null) {
                return;
            }
            log.add(frame[1] + " arrives");
            int before = channel.size();
            boolean uncounted = far.uncounted != null && far.uncounted == frame[1];
            channel.arrive(far.lease, frame[0], frame[1]);
            if (uncounted && channel.size() > before) {
                wasCounted.add(frame[1]);
                inside.get(far.number).add(frame[1]);
            }
        }

        private void askAhead(Far far) {
            if (far.dead || far.taken < far.lent.size()) {
                return;
            }
            log.add(far.number + " asks ahead");
            Received<Integer> received = channel.tryReceive();
            received(received);
            if (received instanceof Received.Element<Integer>) {
                far.lent = channel.lend(far.lease, MOST, element -> 1, 4);
                far.taken = 0;
                log.add(far.number + " is lent " + far.lent);
            }
        }

        private void take(Far far) {
            if (far.dead || far.taken == far.lent.size()) {
                return;
            }
            boolean taken = far.prefetch.count(far.taken);
            log.add(far.number + " takes " + far.lent.get(far.taken) + ": " + taken);
            if (taken) {
                gone(far.lent.get(far.taken++));
                far.calls |= far.prefetch.takeCall();
            } else {
                far.lent = List.of();
                far.taken = 0;
            }
        }

        private void call(Far far) {
            if (far.calls) {
                log.add(far.number + " calls");
                far.calls = false;
                channel.madeRoom();
            }
        }

        private void end(Far far) {
            if (!far.dead) {
                log.add(far.number + " ends its task");
                channel.takeBack(far.lease, false);
            }
        }

        private void die(Far far) {
            if (random.nextInt(5) > 0 || far.dead) {
                return;
            }
            log.add(far.number + " dies");
            far.dead = true;
            while (!far.ring.isEmpty()) {
                deliver(far); // what was in the ring is read to the end
            }
            channel.takeBack(far.lease, true);
        }

        private void close() {
            if (random.nextInt(5) == 0) {
                log.add("close");
                closed = true;
                channel.close();
            }
        }

        /** All that is in the channel can be received in the end. */
        void finish() throws InterruptedException {
            all.forEach(far -> {
                while (!far.ring.isEmpty()) {
                    deliver(far);
                }
            });
            channel.close();
            closed = true;
            while (size() > 0) {
                received(channel.tryReceive());
            }
            assertThat(channel.tryReceive()).isInstanceOf(Received.Closed.class);
        }
    }

    @Test
    void everyElementAndAllRoomInEveryOrderOfEvents() throws Exception {
        long first = Long.getLong("heddle.seed", ThreadLocalRandom.current().nextLong());
        for (long seed = first; seed < first + RUNS; seed++) {
            Run run = new Run(seed);
            try {
                for (int i = 0; i < 60; i++) {
                    run.step();
                }
                run.finish();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dheddle.seed=" + seed + ", capacity " + run.capacity + ": " + run.log, e);
            }
        }
    }

    // ---- those who wait

    private final Far far = new Far(0);

    /** {@return a channel whose room is all kept for another process, or in its buffer} */
    private QueueChannel<Integer> leased(int capacity) {
        QueueChannel<Integer> channel = new QueueChannel<>(capacity);
        far.granted = channel.grant(far.lease, MOST);
        assertThat(far.granted).isPositive();
        return channel;
    }

    @Test
    void aSenderDoesNotWaitForRoomThatIsOnlyPromised() throws Exception {
        QueueChannel<Integer> channel = leased(4);
        for (int i = 0; i < 4; i++) {
            assertThat(channel.send(i, LONG)).isTrue();
        }
        assertThat(far.credit.count(0)).as("it may still send").isFalse();
    }

    @Test
    void aReceiverGetsWhatWasOnItsWayWhenTheChannelWasClosed() throws Exception {
        QueueChannel<Integer> channel = leased(4);
        assertThat(far.credit.count(0)).isTrue();
        assertThat(far.credit.count(1)).isTrue();
        channel.close();
        List<Received<Integer>> received = new ArrayList<>();
        Thread receiver = spawn(() -> IntStream.range(0, 3).forEach(i -> received.add(receive(channel))));
        eventually("it waits", () -> receiver.getState() == Thread.State.TIMED_WAITING);
        channel.arrive(far.lease, 0, 10);
        eventually("it waits again", () -> received.size() == 1 && receiver.getState() == Thread.State.TIMED_WAITING);
        channel.arrive(far.lease, 1, 11);
        receiver.join(LONG);
        assertThat(received)
                .containsExactly(new Received.Element<>(10), new Received.Element<>(11), new Received.Closed<>(null));
    }

    @Test
    void receiversOfAClosedChannelDoNotWaitForWhatADeadSenderPromised() throws Exception {
        QueueChannel<Integer> channel = leased(4);
        assertThat(far.credit.count(0)).isTrue();
        List<Received<Integer>> received = new ArrayList<>();
        Thread receiver = spawn(() -> received.add(receive(channel)));
        eventually("it waits", () -> receiver.getState() == Thread.State.TIMED_WAITING);
        channel.close();
        channel.takeBack(far.lease, true);
        receiver.join(LONG);
        assertThat(received).containsExactly(new Received.Closed<>(null));
    }

    private static Received<Integer> receive(QueueChannel<Integer> channel) {
        try {
            return channel.receive(LONG);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSenderGoesOnWhenALentElementIsTaken() throws Exception {
        QueueChannel<Integer> channel = lending();
        Thread sender = spawn(() -> channel.send(9));
        eventually("it waits", () -> sender.getState() == Thread.State.WAITING);
        assertThat(far.prefetch.count(0)).isTrue();
        assertThat(far.prefetch.takeCall()).isTrue();
        assertThat(far.prefetch.takeCall()).as("it calls once").isFalse();
        channel.madeRoom();
        sender.join(LONG);
        assertThat(sender.isAlive()).isFalse();
        assertThat(channel.size()).isEqualTo(4);
        assertThat(receive(channel)).as("after the one that was taken").isEqualTo(new Received.Element<>(2));
    }

    @Test
    void aSenderThatWaitsIsNotOvertaken() throws Exception {
        QueueChannel<Integer> channel = lending();
        Thread sender = spawn(() -> channel.send(9));
        eventually("it waits", () -> sender.getState() == Thread.State.WAITING);
        assertThat(far.prefetch.count(0)).isTrue();
        assertThat(channel.trySend(10)).as("there was room for one").isFalse();
        sender.join(LONG);
        assertThat(IntStream.range(0, 4).mapToObj(i -> receive(channel)).toList())
                .endsWith(new Received.Element<>(9));
    }

    /** The other finds the room first, for the one that came before, and none for itself. */
    @ParameterizedTest(name = "select {0}")
    @ValueSource(booleans = {false, true})
    void aSenderThatWaitsIsWokenByAnotherThatHasToWait(boolean select) throws Exception {
        QueueChannel<Integer> channel = lending();
        Thread sender = spawn(() -> channel.send(9));
        eventually("it waits", () -> sender.getState() == Thread.State.WAITING);
        Waiter<Integer> other = new Waiter<>(10) {
            @Override
            protected void wake() {}
        };
        Selection selection = new InOrder(List.of(new Selectable.Operation(channel, 10))) {
            @Override
            protected void wake() {}
        };
        int[] order = {0};
        if (select) {
            assertThat(selection.tryNow(new Random(), order)).isNull();
        }
        assertThat(far.prefetch.count(0)).isTrue();
        if (select) {
            assertThat(selection.atOneMoment(Selection.locks(List.of(channel)), order, true))
                    .isNull();
        } else {
            assertThat(channel.begin(other)).isEqualTo(Waiter.Outcome.WAITING);
        }
        sender.join(LONG);
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    void aSenderGoesOnWhenWhoTookALentElementDies() throws Exception {
        QueueChannel<Integer> channel = lending();
        Thread sender = spawn(() -> channel.send(9));
        eventually("it waits", () -> sender.getState() == Thread.State.WAITING);
        assertThat(far.prefetch.count(0)).isTrue();
        channel.takeBack(far.lease, true);
        sender.join(LONG);
        assertThat(IntStream.range(0, 4).mapToObj(i -> receive(channel)).toList())
                .containsExactly(
                        new Received.Element<>(2),
                        new Received.Element<>(3),
                        new Received.Element<>(4),
                        new Received.Element<>(9));
    }

    /** {@return a channel with room for four, which another process was lent} */
    private QueueChannel<Integer> lending() throws InterruptedException {
        QueueChannel<Integer> channel = new QueueChannel<>(4);
        for (int i = -1; i < 1; i++) {
            channel.send(i);
            receive(channel);
            assertThat(channel.lend(far.lease, MOST, element -> 1, MOST)).isEmpty();
        }
        for (int i = 0; i < 4; i++) {
            channel.send(i);
        }
        assertThat(receive(channel)).isEqualTo(new Received.Element<>(0));
        assertThat(channel.lend(far.lease, MOST, element -> 1, MOST)).containsExactly(1, 2, 3);
        channel.send(4);
        return channel;
    }

    @Test
    void whatCannotBeIsFound() {
        QueueChannel<Integer> channel = leased(4);
        assertThatThrownBy(() -> channel.arrive(far.lease, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("element 1 came on credit after 0");
        for (int i = 0; i < far.granted; i++) {
            channel.arrive(far.lease, i, i);
        }
        assertThatThrownBy(() -> channel.arrive(far.lease, far.granted, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("element 2 came on a credit of 2");
    }

    @Test
    void countsThatCannotBeAreNotBelieved() throws Exception {
        QueueChannel<Integer> channel = lending();
        assertThat(far.prefetch.count(1_000_000)).isTrue();
        assertThat(channel.size()).isEqualTo(1);
        assertThat(channel.trySend(5)).isTrue();
        assertThat(receive(channel)).isEqualTo(new Received.Element<>(4));
        QueueChannel<Integer> other = leased(8);
        assertThat(far.credit.count(1_000_000)).isTrue();
        assertThat(other.size()).isEqualTo(far.granted);
        for (int i = far.granted; i < 8; i++) {
            assertThat(other.trySend(i)).isTrue();
        }
        assertThat(other.trySend(8)).isFalse();
    }
}
