package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is sent on a closed channel; what was sent before is received. */
class ChannelCloseTest extends ContractTest {
    @Test
    void whatWasSentBeforeIsReceived() throws Exception {
        Channel<Integer> channel = heddle().channel(2);
        channel.send(1);
        channel.send(2);
        assertThat(channel.isClosed()).isFalse();
        channel.close();
        assertThat(channel.isClosed()).isTrue();
        assertThat(channel.receive()).isEqualTo(1);
        assertThat(channel.tryReceive()).isEqualTo(new Received.Element<>(2));
        assertThat(channel.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
        assertThat(channel.receive(SHORT)).isEqualTo(new Received.Closed<Integer>(null));
        assertThatThrownBy(channel::receive)
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("every element has been received")
                .hasNoCause();
    }

    @Test
    void aTaskReceivesWhatWasSentBefore() throws Exception {
        Channel<Integer> channel = heddle().channel(3);
        for (int i = 1; i <= 3; i++) {
            channel.send(i);
        }
        channel.close();
        Task<Integer> sum = heddle().start(() -> {
            int total = 0;
            for (int element : channel) {
                total += element;
            }
            return channel.isClosed() ? total : -1;
        });
        assertThat(sum.join()).isEqualTo(6);
    }

    @Test
    void aSendOnAClosedChannelFails() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.close();
        assertThatThrownBy(() -> channel.send(1))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("was not sent")
                .hasMessageContaining("let only the senders close a channel");
        assertThatThrownBy(() -> channel.trySend(1)).isInstanceOf(ChannelClosedException.class);
        assertThatThrownBy(() -> channel.send(1, SHORT)).isInstanceOf(ChannelClosedException.class);
        Task<?> task = heddle().start(() -> channel.send(1));
        assertThatThrownBy(task::join)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(ChannelClosedException.class);
    }

    @Test
    void closingAgainDoesNothing() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.close();
        channel.close();
        channel.close(new IllegalStateException("too late"));
        assertThat(channel.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
    }

    @Test
    void receiversThatWaitSeeTheEnd() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<Boolean> patient = heddle.start(() -> channel.receive(LONG) instanceof Received.Closed<Integer>);
        Task<Integer> iterating = heddle.start(() -> {
            int count = 0;
            for (int ignored : channel) {
                count++;
            }
            return count;
        });
        awaitWaiting(heddle, 2);
        channel.close();
        assertThat(patient.join()).isTrue();
        assertThat(iterating.join()).isZero();
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1})
    void sendersThatWaitFail(int capacity) throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(capacity);
        for (int i = 0; i < capacity; i++) {
            channel.send(i);
        }
        Task<?> sender = heddle.start(() -> channel.send(99));
        awaitWaiting(heddle, 1);
        channel.close();
        assertThatThrownBy(sender::join)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(ChannelClosedException.class);
        List<Integer> left = new ArrayList<>();
        channel.forEach(left::add);
        assertThat(left).hasSize(capacity).doesNotContain(99);
    }

    @Test
    void aCauseReachesTheReceiversOnceDrained() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        channel.send(1);
        channel.close(new UnsupportedOperationException("torn"));
        assertThat(channel.receive()).isEqualTo(1);
        assertThatThrownBy(channel::receive)
                .isInstanceOf(ChannelClosedException.class)
                .cause()
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("torn");
        assertThatThrownBy(() -> channel.iterator().hasNext())
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> channel.send(2))
                .isInstanceOf(ChannelClosedException.class)
                .hasCauseInstanceOf(UnsupportedOperationException.class);
        assertThat(channel.tryReceive())
                .isInstanceOfSatisfying(
                        Received.Closed.class,
                        closed -> assertThat(closed.cause()).hasMessage("torn"));
    }

    @Test
    void aTaskClosesWithACauseAndATaskSeesIt() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<String> receiver = heddle.start(() -> {
            try {
                return "received " + channel.receive();
            } catch (ChannelClosedException e) {
                return String.valueOf(e.getCause());
            }
        });
        Task<?> closer = heddle.start(() -> channel.close(new UnsupportedOperationException("torn")));
        closer.join();
        assertThat(receiver.join()).contains("UnsupportedOperationException").contains("torn");
    }

    /** Whoever closes last of several that do, with a cause each: there is one cause, and it is one of theirs. */
    @Test
    void severalCloseAtOnceAndOneCauseStands() throws Exception {
        Heddle heddle = heddle();
        for (int i = 0; i < 20; i++) {
            Channel<Integer> channel = heddle.channel(0);
            Channel<Integer> start = heddle.channel(0);
            List<Task<?>> closers = new ArrayList<>();
            for (String name : List.of("first", "second")) {
                closers.add(heddle.start(() -> {
                    start.receive();
                    channel.close(new UnsupportedOperationException(name));
                }));
            }
            start.send(1);
            start.send(2);
            for (Task<?> closer : closers) {
                closer.join();
            }
            String cause = causeOf(channel);
            assertThat(cause).isIn("first", "second");
            channel.close(new UnsupportedOperationException("too late"));
            assertThat(causeOf(channel)).as("still").isEqualTo(cause);
        }
    }

    private static String causeOf(Channel<Integer> channel) {
        return channel.tryReceive() instanceof Received.Closed<Integer>(Throwable cause) ? cause.getMessage() : "none";
    }

    /** An element is either sent and received, or its sender is told that it was not. */
    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, 1, Channel.UNLIMITED})
    void aCloseWhileOthersSendAndReceiveLosesNothing(int capacity) throws Exception {
        Heddle heddle = heddle();
        for (int i = 0; i < 20; i++) {
            int before = i;
            Channel<Integer> channel = heddle.channel(capacity);
            Task<Integer> sender = heddle.start(() -> {
                int sent = 0;
                try {
                    while (true) {
                        channel.send(sent + 1);
                        sent++;
                        Heddle.yield(); // one that never waits would be the only fiber to run
                    }
                } catch (ChannelClosedException e) {
                    return sent;
                }
            });
            Task<Integer> receiver = heddle.start(() -> {
                int last = 0;
                for (int element : channel) {
                    if (element != ++last) {
                        throw new IllegalStateException(element + " instead of " + last);
                    }
                    if (element == before) {
                        channel.close();
                    }
                }
                return last;
            });
            if (before == 0) {
                channel.close();
            }
            assertThat(receiver.join()).as("received, of what was sent").isEqualTo(sender.join());
        }
    }

    @Test
    void theIteratorKeepsTheContractOfIterators() throws Exception {
        Channel<Integer> channel = heddle().channel(2);
        channel.send(1);
        channel.send(2);
        channel.close();
        Iterator<Integer> iterator = channel.iterator();
        assertThat(iterator.hasNext()).isTrue();
        assertThat(iterator.hasNext()).as("again").isTrue();
        assertThat(iterator.next()).isEqualTo(1);
        assertThat(iterator.next()).as("without hasNext").isEqualTo(2);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }
}
