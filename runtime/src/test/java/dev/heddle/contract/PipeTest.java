package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Pipe;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A pipe is a channel between two: in order, nothing lost or doubled, with an end. */
class PipeTest extends ContractTest {
    private static final Received<Integer> EMPTY = new Received.Empty<>();

    /** More than fits, in every model. */
    private static final int MANY = 20_000;

    private record Point(int x, List<String> names) implements Serializable {}

    @Test
    void elementsComeInOrderFromTaskToTask() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Task<Integer> receiver = heddle.start(() -> receiveAll(pipe));
        Task<?> sender = heddle.start(() -> sendAll(pipe));
        sender.join();
        assertThat(receiver.join()).isEqualTo(MANY);
    }

    @Test
    void elementsComeInOrderFromTheOwnerToATaskAndBack() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> there = heddle.pipe();
        Pipe<Integer> back = heddle.pipe();
        Task<?> task = heddle.start(() -> {
            for (int element : there) {
                back.send(element);
            }
            back.close();
        });
        int received = 0;
        for (int i = 0; i < MANY; i++) {
            there.send(i);
            if (i % 100 == 99) {
                while (received <= i) {
                    assertThat(back.receive()).isEqualTo(received++);
                }
            }
        }
        there.close();
        task.join();
        assertThat(back.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
    }

    private static void sendAll(Sink<Integer> sink) throws InterruptedException {
        for (int i = 0; i < MANY; i++) {
            sink.send(i);
        }
        sink.close();
    }

    private static int receiveAll(Source<Integer> source) {
        int next = 0;
        for (int element : source) {
            if (element != next++) {
                throw new IllegalStateException(element + " instead of " + (next - 1));
            }
        }
        return next;
    }

    @Test
    void elementsOfAllKindsAndLengthsCross() throws Exception {
        Heddle heddle = heddle();
        Pipe<Object> there = heddle.pipe();
        Pipe<Object> back = heddle.pipe();
        heddle.start(() -> {
            for (Object element : there) {
                back.send(element);
            }
        });
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        for (int length : new int[] {0, 1, 64, 10_000, 16_383, 16_384, 16_385, 65_535, 65_536, 70_000, 3_000_000}) {
            byte[] sent = Arrays.copyOf(bytes, length);
            there.send(sent);
            assertThat((byte[]) back.receive()).isEqualTo(sent);
        }
        for (Object sent :
                List.of("text", "x".repeat(100_000), 5, 5.5, List.of(1, 2), new Point(3, List.of("a", "b")))) {
            there.send(sent);
            assertThat(back.receive()).isEqualTo(sent);
        }
        there.close();
    }

    @Test
    void aSenderWaitsForRoom() throws Exception {
        Pipe<Integer> pipe = heddle().pipe();
        int sent = 0;
        while (pipe.trySend(sent)) {
            sent++;
        }
        assertThat(sent).isGreaterThan(10);
        assertThat(pipe.send(-1, SHORT)).isFalse();
        assertThat(pipe.trySend(-1)).isFalse();
        assertThat(pipe.receive()).isZero();
        for (int i = 1; i < sent; i++) {
            assertThat(pipe.tryReceive()).isEqualTo(new Received.Element<>(i));
        }
        assertThat(pipe.tryReceive()).as("what timed out was not sent").isEqualTo(EMPTY);
        assertThat(pipe.trySend(5)).isTrue();
        assertThat(pipe.receive(LONG)).isEqualTo(new Received.Element<>(5));
    }

    @Test
    void aTaskThatSendsWaitsForRoomAsWell() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Task<?> sender = heddle.start(() -> sendAll(pipe));
        awaitWaiting(heddle, 1);
        assertThat(receiveAll(pipe)).isEqualTo(MANY);
        sender.join();
    }

    @Test
    void theFormsThatDoNotWaitForEver() throws Exception {
        Pipe<Integer> pipe = heddle().pipe();
        assertThat(pipe.tryReceive()).isEqualTo(EMPTY);
        for (Duration time : new Duration[] {SHORT, Duration.ZERO, Duration.ofSeconds(-1)}) {
            assertThat(pipe.receive(time)).isEqualTo(EMPTY);
            assertThat(pipe.send(1, time)).isTrue();
            assertThat(pipe.receive(time)).isEqualTo(new Received.Element<>(1));
        }
        assertThatThrownBy(() -> pipe.send(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> pipe.trySend(null)).isInstanceOf(NullPointerException.class);
        Task<Boolean> task = heddle().start(() -> pipe.receive(LONG).equals(new Received.Element<>(2)));
        pipe.send(2);
        assertThat(task.join()).isTrue();
    }

    // ---- the end

    @Test
    void whatWasSentBeforeTheEndIsReceived() throws Exception {
        Pipe<Integer> pipe = heddle().pipe();
        pipe.send(1);
        pipe.send(2);
        assertThat(pipe.isClosed()).isFalse();
        pipe.close();
        assertThat(pipe.isClosed()).isTrue();
        assertThat(heddle().start(() -> pipe.isClosed() ? pipe.receive() : -1).join())
                .isEqualTo(1);
        assertThat(pipe.receive()).isEqualTo(2);
        assertThat(pipe.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
        assertThat(pipe.receive(SHORT)).isEqualTo(new Received.Closed<Integer>(null));
        assertThatThrownBy(pipe::receive)
                .isInstanceOf(ChannelClosedException.class)
                .hasNoCause();
        assertThat(pipe).isEmpty();
        assertThatThrownBy(() -> pipe.send(3)).isInstanceOf(ChannelClosedException.class);
        assertThatThrownBy(() -> pipe.trySend(3)).isInstanceOf(ChannelClosedException.class);
        assertThatThrownBy(() -> pipe.send(3, SHORT)).isInstanceOf(ChannelClosedException.class);
        pipe.close(new IllegalStateException("too late"));
        assertThat(pipe.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
    }

    @Test
    void aCauseComesAfterWhatWasSent() throws Exception {
        Pipe<Integer> pipe = heddle().pipe();
        heddle().start(() -> {
                    pipe.send(1);
                    pipe.close(new IllegalArgumentException("for a reason"));
                })
                .join();
        assertThat(pipe.receive()).isOne();
        assertThatThrownBy(pipe::receive)
                .isInstanceOf(ChannelClosedException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("for a reason");
        Task<Integer> receiver = heddle().start(() -> receiveAll(pipe));
        assertThatThrownBy(receiver::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReceiverThatWaitsSeesTheEnd() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Task<Integer> receiver = heddle.start(() -> receiveAll(pipe));
        awaitWaiting(heddle, 1);
        pipe.close();
        assertThat(receiver.join()).isZero();
    }

    @Test
    void aSenderThatWaitsIsToldThatTheReceiverHasClosed() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Task<?> sender = heddle.start(() -> sendAll(pipe));
        awaitWaiting(heddle, 1);
        heddle.start(() -> {
                    pipe.receive();
                    pipe.close();
                })
                .join();
        assertThatThrownBy(sender::join)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(ChannelClosedException.class);
    }

    // ---- two at one end

    @Test
    void aSecondUserOfAnEndIsRefusedAndTheFirstDoesNotNotice() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Task<Integer> receiver = heddle.start(() -> pipe.receive());
        awaitWaiting(heddle, 1);
        assertThatThrownBy(pipe::receive)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("receives from this pipe just now, and a pipe has one sender and one receiver")
                .hasMessageContaining("use a channel");
        assertThatThrownBy(pipe::tryReceive).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pipe.receive(SHORT)).isInstanceOf(IllegalStateException.class);
        pipe.send(1);
        assertThat(receiver.join()).isOne();

        Task<?> sender = heddle.start(() -> sendAll(pipe));
        awaitWaiting(heddle, 1);
        assertThatThrownBy(() -> pipe.send(5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sends to this pipe just now");
        assertThatThrownBy(() -> pipe.trySend(5)).isInstanceOf(IllegalStateException.class);
        assertThat(receiveAll(pipe)).isEqualTo(MANY);
        sender.join();
    }

    @Test
    void anEndIsHandedOnFromTaskToTask() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        int next = 0;
        for (int round = 0; round < 20; round++) {
            int from = round * 10;
            heddle.start(() -> {
                        for (int i = from; i < from + 5; i++) {
                            pipe.send(i);
                        }
                    })
                    .join();
            for (int i = from + 5; i < from + 10; i++) {
                pipe.send(i);
            }
            int expected = next;
            assertThat(heddle.start(() -> {
                                for (int i = expected; i < expected + 3; i++) {
                                    if (pipe.receive() != i) {
                                        return "not " + i;
                                    }
                                }
                                return "in order";
                            })
                            .join())
                    .isEqualTo("in order");
            next += 3;
            assertThat(pipe.receive()).isEqualTo(next++);
        }
    }

    @Test
    void aTaskThatWaitsMakesRoomForTheOther() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Pipe<Integer> pipe = heddle.pipe();
            Task<Integer> receiver = heddle.start(() -> receiveAll(pipe));
            Task<?> sender = heddle.start(() -> sendAll(pipe));
            assertThat(receiver.join()).isEqualTo(MANY);
            sender.join();
        }
    }

    // ---- interrupts

    @Test
    void anInterruptIsSeenBeforeAnythingIsDone() {
        Pipe<Integer> pipe = heddle().pipe();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pipe.send(1)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(pipe::receive).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pipe.receive(LONG)).isInstanceOf(InterruptedException.class);
        assertThat(pipe.tryReceive()).as("nothing was sent").isEqualTo(EMPTY);
    }

    @Test
    void aCancelEndsAWaitAndTheEndIsFreeAgain() throws Exception {
        Heddle heddle = heddle();
        Pipe<Integer> pipe = heddle.pipe();
        Channel<String> ends = heddle.channel(2);
        Task<?> receiver = heddle.start(() -> {
            try {
                pipe.receive();
            } catch (InterruptedException e) {
                ends.send("receiver");
                throw e;
            }
        });
        awaitWaiting(heddle, 1);
        receiver.cancel(true);
        assertThat(ends.receive()).isEqualTo("receiver");
        awaitIdle(heddle);
        Task<?> sender = heddle.start(() -> {
            try {
                sendAll(pipe);
            } catch (InterruptedException e) {
                ends.send("sender");
                throw e;
            }
        });
        awaitWaiting(heddle, 1);
        sender.cancel(true);
        assertThat(ends.receive()).isEqualTo("sender");
        awaitIdle(heddle);
        List<Integer> received = new ArrayList<>();
        while (pipe.tryReceive() instanceof Received.Element<Integer>(Integer element)) {
            received.add(element);
        }
        for (int i = 0; i < received.size(); i++) {
            assertThat(received.get(i)).isEqualTo(i);
        }
        pipe.send(-1);
        assertThat(pipe.receive()).isEqualTo(-1);
    }

    @Test
    void aPipeIsNoPartOfASelect() {
        Pipe<Integer> pipe = heddle().pipe();
        assertThatThrownBy(() -> new Select<Integer>().receive(pipe, element -> element))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use a channel instead");
        assertThatThrownBy(() -> new Select<Integer>().send(pipe, () -> 1, () -> 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
