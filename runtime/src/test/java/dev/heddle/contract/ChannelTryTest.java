package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Task;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The forms that do not wait, or not for ever, say how it went. */
class ChannelTryTest extends ContractTest {
    private static final Received<Integer> EMPTY = new Received.Empty<>();
    private static final Duration BEYOND_NANOSECONDS = Duration.ofDays(365L * 1_000_000);

    @Test
    void tryingOnABuffer() throws Exception {
        Channel<Integer> channel = heddle().channel(1);
        assertThat(channel.tryReceive()).isEqualTo(EMPTY);
        assertThat(channel.trySend(1)).isTrue();
        assertThat(channel.trySend(2)).as("full").isFalse();
        assertThat(channel.tryReceive()).isEqualTo(new Received.Element<>(1));
        assertThat(channel.tryReceive()).isEqualTo(EMPTY);
    }

    @Test
    void tryingOnARendezvousNeedsOneWhoWaits() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        assertThat(channel.trySend(1)).as("nobody waits").isFalse();
        Task<Integer> receiver = heddle.start(() -> channel.receive());
        eventually("it waits and gets it", () -> channel.trySend(2));
        assertThat(receiver.join()).isEqualTo(2);
        Task<?> sender = heddle.start(() -> channel.send(3));
        Received<Integer> three = new Received.Element<>(3);
        eventually("it waits and is served", () -> channel.tryReceive().equals(three));
        sender.join();
    }

    @Test
    void aTaskTries() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(1);
        Task<String> task = heddle.start(() -> channel.trySend(1)
                + " " + channel.trySend(2)
                + " " + channel.tryReceive()
                + " " + channel.tryReceive()
                + " " + channel.receive(SHORT)
                + " " + channel.send(3, SHORT)
                + " " + channel.send(4, SHORT));
        assertThat(task.join()).isEqualTo("true false Element[value=1] Empty[] Empty[] true false");
        assertThat(channel.tryReceive()).isEqualTo(new Received.Element<>(3));
    }

    @Test
    void whatTimedOutHasNotHappened() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        assertThat(channel.receive(SHORT)).isEqualTo(EMPTY);
        assertThat(channel.send(1, SHORT)).isFalse();
        assertThat(channel.tryReceive()).as("the element is not there").isEqualTo(EMPTY);
        assertThat(channel.trySend(2)).as("the receiver is not there").isFalse();
    }

    @Test
    void zeroAndNegativeTimesDoNotWait() throws Exception {
        Channel<Integer> channel = heddle().channel(0);
        for (Duration time : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), BEYOND_NANOSECONDS.negated()}) {
            assertThat(channel.receive(time)).isEqualTo(EMPTY);
            assertThat(channel.send(1, time)).isFalse();
        }
    }

    @Test
    void aTimeBeyondAllBoundsIsForEver() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<Boolean> receiver =
                heddle.start(() -> channel.receive(BEYOND_NANOSECONDS).equals(new Received.Element<>(1)));
        assertThat(channel.send(1, BEYOND_NANOSECONDS)).isTrue();
        assertThat(receiver.join()).isTrue();
    }

    @Test
    void aTimedReceiveTakesWhatComesInTime() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> channel = heddle.channel(0);
        Task<?> sender = heddle.start(() -> {
            if (!channel.send(1, LONG)) {
                throw new IllegalStateException("nobody received");
            }
        });
        assertThat(channel.receive(LONG)).isEqualTo(new Received.Element<>(1));
        sender.join();
    }

    @Test
    void anInterruptIsSeenBeforeAnythingIsDone() {
        Channel<Integer> channel = heddle().channel(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.send(1)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("as InterruptedException goes").isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(channel::receive).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.send(1, SHORT)).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.receive(SHORT)).isInstanceOf(InterruptedException.class);
        assertThat(channel.tryReceive()).as("nothing was sent").isEqualTo(EMPTY);
    }
}
