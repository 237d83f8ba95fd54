package dev.heddle.internal.process;

import static dev.heddle.testing.Processes.PID;
import static dev.heddle.testing.Processes.isAlive;
import static dev.heddle.testing.Processes.sharedMemoryFiles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool while nobody dies. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ProcessPoolTest extends HeddleTest {
    @TempDir
    Path folder;

    private static ProcessHeddle open(int processors, Doorbell.Kind kind, Trace trace) {
        return new ProcessHeddle(TestOptions.of(Model.PROCESS, processors, TestOptions.traced(trace)), kind);
    }

    @Test
    void workersAreOtherProcessesAndDoNotOutliveTheHeddle() throws Exception {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        Trace trace = (event, subject, detail) -> {
            if (event == Trace.Event.WORKER_START || event == Trace.Event.WORKER_EXIT) {
                events.add(event + " " + subject + " " + detail);
            }
        };
        long pid;
        try (Heddle heddle = open(1, Doorbell.Kind.best(), trace)) {
            pid = heddle.start(PID).join();
            assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
            assertThat(heddle.start(PID).join()).isEqualTo(pid);
            assertThat(isAlive(pid)).isTrue();
        }
        assertThat(isAlive(pid)).isFalse();
        assertThat(events).containsExactly("WORKER_START " + pid + " 1", "WORKER_EXIT " + pid + " 0");
        eventually(
                "no shared memory file is left",
                () -> sharedMemoryFiles(ProcessHandle.current().pid()).isEmpty());
    }

    @Test
    void worksByPollingWhereThereIsNoFutex() throws Exception {
        try (Heddle heddle = open(2, Doorbell.Kind.POLLING, Trace.OFF)) {
            Channel<byte[]> channel = heddle.channel(1);
            Task<?> sender = heddle.start(() -> channel.send(new byte[1_000_000]));
            assertThat(channel.receive()).hasSize(1_000_000);
            sender.join();
            for (int i = 0; i < 100; i++) {
                int x = i;
                assertThat(heddle.start(() -> x + 1).join()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void jobAndResultMayBeLongerThanTheRing() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            byte[] much = new byte[20_000_000];
            much[much.length - 1] = 3;
            byte[] back = heddle.start(() -> {
                        much[0] = 2;
                        return much;
                    })
                    .join();
            assertThat(back).hasSameSizeAs(much);
            assertThat(back[0]).isEqualTo((byte) 2);
            assertThat(back[much.length - 1]).isEqualTo((byte) 3);
            assertThat(much[0]).as("the job worked on a copy").isZero();
        }
    }

    @Test
    void tasksBeyondTheWorkersWaitInOrder() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            Channel<Integer> order = heddle.channel(10);
            Channel<String> gate = heddle.channel(0);
            Task<String> first = heddle.start(() -> gate.receive());
            for (int i = 0; i < 10; i++) {
                int number = i;
                heddle.start(() -> order.send(number));
            }
            eventually("the first runs", () -> heddle.stats().running() == 1);
            Stats stats = heddle.stats();
            assertThat(stats.runnable()).isEqualTo(10);
            assertThat(stats.osThreads()).isEqualTo(1);
            assertThat(stats.parked()).isZero();
            gate.send("go");
            assertThat(first.join()).isEqualTo("go");
            for (int i = 0; i < 10; i++) {
                assertThat(order.receive()).isEqualTo(i);
            }
        }
    }

    @Test
    void theNumberOfWorkersFollows() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            assertThat(heddle.processors(3)).isEqualTo(1);
            Channel<Long> pids = heddle.channel(0);
            Channel<String> gate = heddle.channel(0);
            Job<String> hold = () -> {
                pids.send(ProcessHandle.current().pid());
                return gate.receive();
            };
            List<Task<String>> tasks =
                    Stream.generate(() -> heddle.start(hold)).limit(3).toList();
            Set<Long> three = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                three.add(pids.receive());
            }
            assertThat(three).hasSize(3);
            assertThat(heddle.processors(1)).isEqualTo(3);
            assertThat(heddle.processors()).isEqualTo(1);
            assertThat(three).as("none that has a task is ended").allMatch(Processes::isAlive);
            for (int i = 0; i < 3; i++) {
                gate.send("end");
            }
            for (Task<String> task : tasks) {
                assertThat(task.join()).isEqualTo("end");
            }
            eventually("two are gone", () -> heddle.stats().osThreads() == 1);
            assertThat(three)
                    .filteredOn(Processes::isAlive)
                    .containsExactly(heddle.start(PID).join());
        }
    }

    @Test
    void anInterruptEndsTheTaskAndNotTheNext() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            Channel<String> report = heddle.channel(10);
            Channel<String> never = heddle.channel(0);
            long pid = heddle.start(PID).join();
            for (int i = 0; i < 20; i++) {
                Task<?> task = heddle.start(() -> {
                    report.send("begun");
                    try {
                        never.receive();
                    } catch (InterruptedException e) {
                        report.send("interrupted");
                    }
                });
                assertThat(report.receive()).isEqualTo("begun");
                assertThat(task.cancel(true)).isTrue();
                assertThat(report.receive()).isEqualTo("interrupted");
                assertThat(heddle.start(() -> Thread.interrupted()).join()).isFalse();
            }
            assertThat(heddle.start(PID).join()).as("the same worker").isEqualTo(pid);
        }
    }

    @Test
    void anInterruptThatComesBeforeTheCodeBeginsIsNotLost() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            Channel<String> never = heddle.channel(0);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Task<?> task = heddle.start(() -> never.receive());
                tasks.add(task);
                task.cancel(true); // queued, on its way, or running
            }
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1); // all before it have let the worker go
            assertThat(tasks).allMatch(Task::isCancelled);
        }
    }

    @Test
    void aWorkerHasTheClassPathAndFlagsThatWereAskedFor() throws Exception {
        Files.writeString(folder.resolve("resource.txt"), "found");
        try (Heddle heddle = Heddle.builder(Model.PROCESS)
                .processors(1)
                .workerClassPath(List.of(folder))
                .workerJvmFlags("-Xmx96m", "-XX:+UseParallelGC", "-Dasked=yes")
                .open()) {
            Task<String> resource = heddle.start(() -> {
                try (var in = ClassLoader.getSystemResourceAsStream("resource.txt")) {
                    return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                }
            });
            assertThat(resource.join()).isEqualTo("found");
            assertThat(heddle.start(() -> Runtime.getRuntime().maxMemory()).join())
                    .isLessThan(100_000_000);
            assertThat(heddle.start(() -> System.getProperty("asked")).join()).isEqualTo("yes");
        }
    }

    @Test
    void aWorkerOpensHeddlesOfItsOwn() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            List<Long> pids = heddle.start(() -> {
                        try (Heddle inner =
                                Heddle.builder(Model.PROCESS).processors(1).open()) {
                            Channel<Long> channel = inner.channel(0);
                            Task<?> task = inner.start(() -> channel.send(PID.call()));
                            long pid = channel.receive();
                            task.join();
                            return List.of(PID.call(), pid);
                        }
                    })
                    .join();
            assertThat(Set.of(pids.get(0), pids.get(1), PID.call())).hasSize(3);
            assertThat(isAlive(pids.get(1))).isFalse();
            assertThat(heddle.start(() -> Object.class.getModule().isOpen("java.lang", ProcessHeddle.class.getModule()))
                            .join())
                    .isEqualTo(Object.class.getModule().isOpen("java.lang", ProcessHeddle.class.getModule()));
        }
    }

    @Test
    void standardInputOfAJobIsEmpty() throws Exception {
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            assertThat(heddle.start(() -> System.in.read()).join()).isEqualTo(-1);
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
        }
    }

    @Test
    void threadsThatAJobLeavesBehindDoNotKeepTheWorker() throws Exception {
        long pid;
        try (Heddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF)) {
            Channel<String> never = heddle.channel(0);
            pid = heddle.start(() -> {
                        Thread.ofPlatform().start(() -> never.iterator().forEachRemaining(element -> {}));
                        return PID.call();
                    })
                    .join();
        }
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void closeBeforeTheWorkersAreReadyIsQuick() {
        ProcessHeddle heddle = open(3, Doorbell.Kind.best(), Trace.OFF);
        heddle.close();
        assertThat(heddle.stats().osThreads()).isZero();
    }

    @Test
    void nothingStartsAfterClose() {
        ProcessHeddle heddle = open(1, Doorbell.Kind.best(), Trace.OFF);
        heddle.close();
        assertThatThrownBy(() -> heddle.start(PID)).hasMessageContaining("is closed and starts no more tasks");
        heddle.processors(4);
        assertThat(heddle.stats().osThreads()).isZero();
    }
}
