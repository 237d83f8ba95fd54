package dev.heddle.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.Task;
import dev.heddle.testing.HeddleTest;
import dev.heddle.trace.TraceEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecorderTest extends HeddleTest {
    private final Recorder recorder = Recorder.within(4 << 20);

    private HeddleBuilder builder(Model model) {
        return Heddle.builder(model).name("t").processors(1).trace(recorder);
    }

    /** What happened to a task, in order, but for what the operating system may bring about. */
    private static List<String> story(Recording recording, long task) {
        List<String> story = new ArrayList<>();
        recording.forEach(event -> {
            if (event.task() == task && event.kind() != Kind.HANDOFF) { // which comes when the machine is busy
                story.add(event.kind() + (event.kind() == Kind.UNMOUNT ? " " + event.reason() : ""));
            }
        });
        return story;
    }

    /** The carrier of a task writes down that it has left a moment after others know that it has ended. */
    private static Recording settled(Recorder recorder) {
        eventually("all that ended have left", () -> {
            Recording now = recorder.recording();
            List<Long> mounted = of(now, Kind.MOUNT).stream()
                    .map(TraceEvent::task)
                    .distinct()
                    .toList();
            List<Long> left = of(now, Kind.UNMOUNT).stream()
                    .filter(event -> event.reason() == TraceEvent.Reason.DONE)
                    .map(TraceEvent::task)
                    .toList();
            return of(now, Kind.END).stream()
                    .map(TraceEvent::task)
                    .allMatch(task -> !mounted.contains(task) || left.contains(task));
        });
        return recorder.recording();
    }

    private static List<TraceEvent> of(Recording recording, Kind kind) {
        List<TraceEvent> found = new ArrayList<>();
        recording.forEach(event -> {
            if (event.kind() == kind) {
                found.add(event);
            }
        });
        return found;
    }

    private static void requireWellFormed(Recording recording) {
        List<Integer> lanes = recording.lanes().stream().map(Lane::number).toList();
        long before = 0;
        for (int i = 0; i < recording.size(); i++) {
            TraceEvent event = recording.event(i);
            assertThat(event.nanos()).isBetween(before, recording.duration().toNanos());
            before = event.nanos();
            if (event.lane() != TraceEvent.NO_LANE) {
                assertThat(lanes).contains(event.lane());
            }
        }
    }

    /** A task that waits for an element, sleeps, yields and joins, beside one that sends it. */
    private record Ran(long waiter, long sender, long slow) {}

    private static Ran run(Heddle h) throws Exception {
        Channel<Integer> channel = h.channel(1);
        AtomicReference<Thread> receiver = new AtomicReference<>();
        AtomicReference<Task<?>> sender = new AtomicReference<>();
        AtomicReference<Task<?>> slow = new AtomicReference<>();
        Task<?> waiter = h.start(() -> {
            receiver.set(Thread.currentThread());
            sender.set(h.start(() -> {
                while (h.model() == Model.THREAD && receiver.get().getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                channel.send(1);
            }));
            channel.receive();
            Heddle.sleep(Duration.ofMillis(1));
            Heddle.yield();
            slow.set(h.start(() -> Heddle.sleep(Duration.ofMillis(20))));
            slow.get().join();
        });
        waiter.join();
        return new Ran(waiter.id(), sender.get().id(), slow.get().id());
    }

    private static final String[] OF_THE_WAITER = {
        "START",
        "WAKE",
        "MOUNT",
        "UNMOUNT CHANNEL",
        "WAKE",
        "MOUNT",
        "RECEIVE",
        "UNMOUNT SLEEP",
        "WAKE",
        "MOUNT",
        "UNMOUNT YIELD",
        "MOUNT",
        "UNMOUNT JOIN",
        "WAKE",
        "MOUNT",
        "END",
        "UNMOUNT DONE"
    };

    private void assertStory(Recording recording, Ran ran) {
        assertThat(story(recording, ran.waiter)).containsExactly(OF_THE_WAITER);
        assertThat(story(recording, ran.sender))
                .containsExactly("START", "WAKE", "MOUNT", "SEND", "END", "UNMOUNT DONE");
        assertThat(recording.lost()).isZero();
        TraceEvent start = of(recording, Kind.START).stream()
                .filter(event -> event.task() == ran.sender)
                .findFirst()
                .orElseThrow();
        assertThat(start.detail()).as("its parent").isEqualTo(ran.waiter);
        List<TraceEvent> wakes = of(recording, Kind.WAKE).stream()
                .filter(event -> event.task() == ran.waiter)
                .toList();
        assertThat(wakes.get(1).detail()).as("who has sent").isEqualTo(ran.sender);
        assertThat(wakes.get(2).detail()).as("a timer").isZero();
        assertThat(wakes.get(3).detail()).as("whom it has joined").isEqualTo(ran.slow);
        assertThat(recording.taskName(ran.waiter)).isEqualTo("RecorderTest");
        requireWellFormed(recording);
    }

    @Test
    void greenTasksTellTheirStory() throws Exception {
        Ran ran;
        try (Heddle h = builder(Model.GREEN).open()) {
            ran = run(h);
        }
        Recording recording = settled(recorder);
        assertThat(recording.model()).isEqualTo(Model.GREEN);
        assertThat(recording.lanes()).contains(new Lane(1, "t-carrier-1"));
        assertStory(recording, ran);
    }

    @Test
    void fibersTellTheirStory() throws Exception {
        Ran ran;
        try (Heddle h = builder(Model.FIBER).open()) {
            ran = run(h);
        }
        assertThat(recorder.recording().lanes())
                .containsExactly(new Lane(0, Thread.currentThread().getName()));
        assertStory(settled(recorder), ran);
    }

    @Test
    void fibersOnThreadsTellTheSameStory() throws Exception {
        Ran ran;
        try (Heddle h =
                builder(Model.FIBER).fiberBacking(FiberBacking.OS_THREAD).open()) {
            ran = run(h);
        }
        assertStory(settled(recorder), ran);
    }

    @Test
    void threadsTellTheirStory() throws Exception {
        Ran ran;
        try (Heddle h = builder(Model.THREAD).open()) {
            ran = run(h);
        }
        Recording recording = settled(recorder);
        assertThat(story(recording, ran.waiter))
                .containsExactly(
                        "START",
                        "MOUNT", // nobody wakes a thread that starts, or whose time is over
                        "UNMOUNT CHANNEL",
                        "WAKE",
                        "MOUNT",
                        "RECEIVE",
                        "UNMOUNT SLEEP",
                        "MOUNT",
                        "UNMOUNT YIELD",
                        "MOUNT",
                        "UNMOUNT JOIN",
                        "WAKE",
                        "MOUNT",
                        "END",
                        "UNMOUNT DONE");
        assertThat(recording.lanes()).contains(new Lane((int) ran.waiter, "t-" + ran.waiter));
        requireWellFormed(recording);
    }

    @Test
    void workersTellWhatTheirTasksDoByTheClockOfTheParent() throws Exception {
        List<Task<?>> tasks = new ArrayList<>();
        Recording running;
        long begun = System.nanoTime();
        try (Heddle h = builder(Model.PROCESS).processors(2).open()) {
            Channel<Integer> there = h.channel(1);
            Channel<Integer> back = h.channel(1);
            Task<?> task = h.start(() -> {
                back.send(there.receive() + 1);
                Heddle.sleep(Duration.ofMillis(1));
                back.send(0);
            });
            tasks.add(task);
            there.send(1);
            back.receive();
            back.receive();
            task.join();
            running = recorder.recording();
            tasks.add(h.start((Job<Integer>) () -> 7));
            tasks.getLast().join();
        }
        long took = System.nanoTime() - begun;
        Recording recording = settled(recorder);
        for (Recording one : List.of(running, recording)) {
            List<String> story = story(one, tasks.getFirst().id());
            assertThat(story).startsWith("START", "MOUNT");
            assertThat(story)
                    .containsSubsequence("MOUNT", "RECEIVE", "SEND", "UNMOUNT SLEEP", "MOUNT", "SEND", "UNMOUNT DONE");
            assertThat(story).endsWith("UNMOUNT DONE", "END");
        }
        assertThat(story(recording, tasks.getLast().id())).containsExactly("START", "MOUNT", "UNMOUNT DONE", "END");
        assertThat(recording.duration().toNanos())
                .isLessThan(took + Duration.ofSeconds(60).toNanos());
        assertThat(of(recording, Kind.WORKER_START)).hasSizeGreaterThanOrEqualTo(1);
        assertThat(of(recording, Kind.WORKER_EXIT)).allMatch(event -> event.detail() == 0);
        assertThat(recording.lanes()).allMatch(lane -> lane.name().startsWith("t-worker-"));
        requireWellFormed(recording);
    }

    @Test
    void theGlobalLockIsTakenByWhoeverRuns() throws Exception {
        try (Heddle h = builder(Model.GREEN).globalLock().open()) {
            Task<?> task = h.start(() -> Heddle.sleep(Duration.ofMillis(1)));
            task.join();
        }
        Recording recording = settled(recorder);
        List<TraceEvent> taken = of(recording, Kind.LOCK_TAKEN);
        assertThat(taken).hasSizeGreaterThanOrEqualTo(2);
        assertThat(taken).allMatch(event -> event.task() > 0 && event.lane() > 0);
        assertThat(of(recording, Kind.LOCK_DROPPED)).hasSize(taken.size());
    }

    @Test
    void waitsOfTheJdkAreToldApart() throws Exception {
        long id;
        try (Heddle h = builder(Model.GREEN).processors(1).open()) {
            Mutex mutex = h.mutex();
            AtomicReference<Thread> waiter = new AtomicReference<>();
            Task<?> task = h.start(() -> {
                mutex.lock();
                Task<?> other = h.start(() -> {
                    waiter.set(Thread.currentThread());
                    mutex.lock();
                    mutex.unlock();
                });
                while (waiter.get() == null || waiter.get().getState() != Thread.State.WAITING) {
                    Heddle.yield();
                }
                mutex.unlock();
                other.join();
                Thread.sleep(200); // why it left is only read a moment later, and must still be so
                return other.id();
            });
            id = (Long) task.join();
            Recording recording = settled(recorder);
            assertThat(story(recording, id))
                    .containsSubsequence("MOUNT", "UNMOUNT LOCK", "WAKE", "MOUNT", "UNMOUNT DONE");
            assertThat(story(recording, task.id())).containsSubsequence("UNMOUNT YIELD", "UNMOUNT SLEEP");
        }
    }

    @Test
    void endsTellHow() throws Exception {
        Task<?> failing;
        Task<?> cancelled;
        try (Heddle h = builder(Model.GREEN).open()) {
            failing = h.start(() -> {
                throw new IllegalStateException("on purpose");
            });
            cancelled = h.start(() -> Heddle.sleep(Duration.ofDays(1)));
            cancelled.cancel(true);
            assertThatThrownBy(failing::join).hasMessageContaining("on purpose");
        }
        Recording recording = settled(recorder);
        assertThat(of(recording, Kind.END).stream()
                        .sorted(Comparator.comparingLong(TraceEvent::task))
                        .map(TraceEvent::detail))
                .containsExactly(TraceEvent.FAILED, TraceEvent.CANCELLED);
    }

    @Test
    void memoryIsBoundedAndTheLatestIsKept() throws Exception {
        Recorder small = Recorder.within(1 << 20);
        Task<?> task;
        try (Heddle h = Heddle.builder(Model.GREEN).processors(1).trace(small).open()) {
            task = h.start(() -> {
                for (int i = 0; i < 100_000; i++) {
                    Heddle.yield();
                }
            });
        }
        Recording recording = settled(small);
        assertThat((long) recording.size() * 24).isLessThanOrEqualTo(1 << 20);
        assertThat(recording.size()).isGreaterThan(10_000);
        assertThat(recording.lost()).isGreaterThan(100_000);
        assertThat(story(recording, task.id())).endsWith("MOUNT", "END", "UNMOUNT DONE");
        requireWellFormed(recording);
    }

    @Test
    void onlyTheLastSecondsAreKept() throws Exception {
        Recorder brief = Recorder.keeping(Duration.ofMillis(5));
        try (Heddle h = Heddle.builder(Model.GREEN).processors(1).trace(brief).open()) {
            Task<?> first = h.start((Job<Integer>) () -> 1);
            first.join();
            h.start(() -> Heddle.sleep(Duration.ofMillis(20))).join();
            Recording recording = brief.recording();
            assertThat(story(recording, first.id())).isEmpty();
            assertThat(recording.lost()).isZero();
            assertThat(recording.duration()).isEqualTo(Duration.ofMillis(5));
        }
    }

    @Test
    void moreThreadsThanBuffersLoseNothing() throws Exception {
        int threads = 300;
        try (Heddle h = Heddle.builder(Model.THREAD).trace(recorder).open()) {
            Channel<Integer> go = h.channel(0);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(h.start((Job<Integer>) go::receive));
            }
            for (int i = 0; i < threads; i++) {
                go.send(i);
            }
            for (Task<?> task : tasks) {
                task.join();
            }
        }
        Recording recording = settled(recorder);
        assertThat(recording.lost()).isZero();
        assertThat(of(recording, Kind.RECEIVE)).hasSize(threads);
        assertThat(of(recording, Kind.END)).hasSize(threads);
    }

    @Test
    void aRecorderIsForOneHeddle() {
        assertThatThrownBy(recorder::recording)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not been given to a heddle");
        builder(Model.THREAD).open().close();
        assertThatThrownBy(() -> recorder.stacks(true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before HeddleBuilder.open()");
        HeddleBuilder again = builder(Model.THREAD);
        assertThatThrownBy(again::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("given to a heddle before");
        assertThatThrownBy(() -> Recorder.within(1024)).hasMessageContaining("needs 1048576 or more");
        assertThatThrownBy(() -> Recorder.keeping(Duration.ZERO)).hasMessageContaining("more than zero");
    }
}
