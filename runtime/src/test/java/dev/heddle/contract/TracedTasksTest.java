package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Pipe;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Subscription;
import dev.heddle.Task;
import dev.heddle.trace.Recorder;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tasks do is recorded, in whatever process. */
class TracedTasksTest extends ContractTest {
    private final Recorder recorder = Recorder.within(4 << 20);

    private Heddle recorded() {
        return open(options -> options.processors(2).trace(recorder));
    }

    /** {@return the details of what a task did of a kind, in order} */
    private static List<Long> details(Recording recording, Task<?> task, Kind kind) {
        List<Long> details = new ArrayList<>();
        recording.forEach(event -> {
            if (event.task() == task.id() && event.kind() == kind) {
                details.add(event.detail());
            }
        });
        return details;
    }

    /** {@return what was recorded of the task: for UNMOUNT its reason, else the kind} */
    private static List<String> story(Recording recording, Task<?> task) {
        List<String> story = new ArrayList<>();
        recording.forEach(event -> {
            if (event.task() == task.id() && event.kind() == Kind.UNMOUNT) {
                story.add(event.reason().name());
            } else if (event.task() == task.id()) {
                story.add(event.kind().name());
            }
        });
        return story;
    }

    /** Waits until each is recorded to wait at a channel, and not, say, for the lock of one. */
    private void awaitAtChannel(Task<?>... tasks) {
        eventually(
                tasks.length + " tasks wait at a channel",
                () -> Arrays.stream(tasks).allMatch(task -> {
                    List<String> story = story(recorder.recording(), task);
                    return !story.isEmpty() && story.getLast().equals(Reason.CHANNEL.name());
                }));
    }

    /** {@return whether the task has waited at a channel, come back, and then received} */
    private static boolean hasWaitedAndReceived(Recording recording, Task<?> task) {
        List<String> story = story(recording, task);
        int waited = story.indexOf(Reason.CHANNEL.name());
        List<String> after = story.subList(waited + 1, story.size());
        return waited >= 0
                && after.contains("MOUNT")
                && after.indexOf("MOUNT") < after.indexOf("RECEIVE")
                && !after.subList(0, after.indexOf("RECEIVE")).contains("OTHER");
    }

    @Test
    void whatIsSentAndReceivedByPipes() throws Exception {
        Task<?> receiver;
        Task<?> sender;
        try (Heddle heddle = recorded()) {
            Pipe<Integer> pipe = heddle.pipe();
            receiver = heddle.start(() -> {
                pipe.receive();
                return pipe.receive(Duration.ofDays(1)) instanceof Received.Element<Integer>;
            });
            awaitAtChannel(receiver);
            sender = heddle.start(() -> {
                pipe.send(1);
                return pipe.trySend(2);
            });
            sender.join();
            receiver.join();
        }
        Recording recording = recorder.recording();
        List<Long> sent = details(recording, sender, Kind.SEND);
        assertThat(sent).hasSize(2).containsOnly(sent.getFirst());
        assertThat(details(recording, receiver, Kind.RECEIVE)).isEqualTo(sent);
        assertThat(hasWaitedAndReceived(recording, receiver)).isTrue();
    }

    @Test
    void whatIsSentToBroadcastsAndReceivedFromSubscriptions() throws Exception {
        Task<?> first;
        Task<?> second;
        Task<?> sender;
        try (Heddle heddle = recorded()) {
            Broadcast<Integer> broadcast = heddle.broadcast(4);
            Subscription<Integer> one = broadcast.subscribe();
            Subscription<Integer> two = broadcast.subscribe();
            first = heddle.start(() -> one.receive() + one.receive() + one.receive());
            second = heddle.start(() -> {
                Select<Integer> next = new Select<Integer>().receive(two, n -> n);
                return next.await() + next.await() + next.await();
            });
            awaitAtChannel(first, second);
            sender = heddle.start(() -> {
                broadcast.send(1);
                new Select<Boolean>().send(broadcast, () -> 2, () -> true).await();
                return broadcast.trySend(3);
            });
            sender.join();
            first.join();
            second.join();
        }
        Recording recording = recorder.recording();
        List<Long> subscribed = new ArrayList<>();
        recording.forEach(event -> {
            if (event.kind() == Kind.SUBSCRIBE) {
                subscribed.add(event.detail());
            }
        });
        long broadcast = TraceEvent.broadcast(subscribed.getFirst());
        assertThat(details(recording, sender, Kind.SEND)).containsExactly(broadcast, broadcast, broadcast);
        long one = TraceEvent.subscription(subscribed.getFirst());
        assertThat(details(recording, first, Kind.RECEIVE)).containsExactly(one, one, one);
        long two = TraceEvent.subscription(subscribed.getLast());
        assertThat(details(recording, second, Kind.RECEIVE)).containsExactly(two, two, two);
        assertThat(subscribed)
                .containsExactly(TraceEvent.subscribed(broadcast, one), TraceEvent.subscribed(broadcast, two));
        assertThat(one).isNotEqualTo(two);
        assertThat(hasWaitedAndReceived(recording, first)).isTrue();
        assertThat(hasWaitedAndReceived(recording, second)).isTrue();
    }

    /** {@return the stack of the last event of a kind of a task; empty if there is none} */
    private static List<String> lastStack(Recording recording, Task<?> task, Kind kind) {
        List<String> last = new ArrayList<>();
        recording.forEach(event -> {
            if (event.task() == task.id() && event.kind() == kind) {
                last.clear();
                last.addAll(recording.stack(event));
            }
        });
        return last;
    }

    private static int receiveOne(Channel<Integer> channel) throws InterruptedException {
        return channel.receive();
    }

    @Test
    void whereTasksAreStartedAndWaitIfThatIsWanted() throws Exception {
        recorder.stacks(true);
        Task<?> receiver;
        try (Heddle heddle = recorded()) {
            Channel<Integer> channel = heddle.channel(1);
            receiver = heddle.start(() -> receiveOne(channel));
            awaitWaiting(heddle, 1);
            channel.send(1);
            receiver.join();
        }
        Recording recording = recorder.recording();
        String here = TracedTasksTest.class.getName() + ".";
        assertThat(lastStack(recording, receiver, Kind.STARTED_AT))
                .first()
                .asString()
                .startsWith(here + "whereTasksAreStartedAndWaitIfThatIsWanted(TracedTasksTest.java:");
        List<String> waited = lastStack(recording, receiver, Kind.WAITS_AT);
        assertThat(waited).hasSizeGreaterThanOrEqualTo(2);
        assertThat(waited.get(0)).startsWith(here + "receiveOne(TracedTasksTest.java:");
        assertThat(waited.get(1)).startsWith(here + "lambda$whereTasksAreStartedAndWaitIfThatIsWanted$");
        assertThat(waited).noneMatch(frame -> frame.startsWith("java.") || frame.startsWith("dev.heddle.internal."));
        assertThat(recording.stacks()).doesNotHaveDuplicates();
    }

    @Test
    void stacksAreNotNotedUnlessWanted() throws Exception {
        try (Heddle heddle = recorded()) {
            Channel<Integer> channel = heddle.channel(0);
            Task<?> receiver = heddle.start(() -> receiveOne(channel));
            channel.send(1);
            receiver.join();
        }
        Recording recording = recorder.recording();
        assertThat(recording.stacks()).isEmpty();
        recording.forEach(event -> assertThat(event.kind()).isNotIn(Kind.STARTED_AT, Kind.WAITS_AT));
    }
}
