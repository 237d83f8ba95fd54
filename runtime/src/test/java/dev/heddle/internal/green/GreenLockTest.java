package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.stress.PinnedFrame;
import dev.heddle.testing.HeddleTest;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** What is particular to the global lock of a GREEN heddle: a task has it while it is mounted, and only then. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class GreenLockTest extends HeddleTest {
    private static final Duration SOON = Duration.ofMillis(1);

    /** So long that nobody ever requests the lock. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static Heddle open(Duration interval) {
        return Heddle.builder(Model.GREEN).processors(2).globalLock(interval).open();
    }

    /** The task waits in this way until another has executed, who ends the wait. */
    private static void assertLeaves(Callable<?> wait, Callable<?> end) throws Exception {
        try (Heddle heddle = open(NEVER)) {
            Task<?> waits = heddle.start(() -> {
                wait.call();
            });
            Task<?> ends = heddle.start(() -> {
                end.call();
            });
            ends.join();
            waits.join();
        }
    }

    @Test
    void aWaitOfTheJdkLeavesIt() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        assertLeaves(
                () -> {
                    latch.await();
                    return 0;
                },
                () -> {
                    latch.countDown();
                    return 0;
                });
        AtomicBoolean done = new AtomicBoolean();
        assertLeaves(
                () -> {
                    while (!done.get()) {
                        Thread.sleep(1);
                    }
                    return 0;
                },
                () -> {
                    done.set(true);
                    return 0;
                });
        try (ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            InputStream in = accepted.getInputStream();
            assertLeaves(in::read, () -> {
                client.getOutputStream().write(1);
                return 0;
            });
        }
    }

    @Test
    void aLockOfTheJdkThatAnotherTaskHoldsIsWaitedForWithoutIt() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (Heddle heddle = open(NEVER)) {
            Task<?> holds = heddle.start(() -> {
                lock.lock();
                try {
                    locked.countDown();
                    gate.await();
                } finally {
                    lock.unlock();
                }
            });
            Task<?> wants = heddle.start(() -> {
                locked.await();
                gate.countDown();
                lock.lock();
                try {
                    assertThat(lock.hasQueuedThreads()).isFalse();
                } finally {
                    lock.unlock();
                }
            });
            holds.join();
            wants.join();
        }
    }

    @Test
    void virtualThreadsThatATaskStartsAreUnderItToo() throws Exception {
        long[] count = new long[1];
        int each = 20_000;
        try (Heddle heddle = open(Duration.ofNanos(50_000))) {
            Callable<?> counting = () -> {
                for (int i = 0; i < each; i++) {
                    count[0]++;
                    Heddle.checkpoint();
                }
                return 0;
            };
            Task<?> parent = heddle.start(() -> {
                List<Thread> children = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    children.add(Thread.startVirtualThread(() -> {
                        try {
                            counting.call();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }));
                }
                counting.call();
                for (Thread child : children) {
                    child.join();
                }
            });
            parent.join();
        }
        assertThat(count[0]).isEqualTo(4L * each);
    }

    @Test
    void whatBlocksHasItNotEvenAfterItWasUnmounted() throws Exception {
        AtomicBoolean otherRan = new AtomicBoolean();
        try (Heddle heddle = open(NEVER)) {
            Task<?> blocks = heddle.start(() -> Heddle.blocking(() -> {
                Heddle.blocking(() -> 0); // within a blocking call that changes nothing
                Thread.sleep(1); // and is mounted again
                spinUntil(otherRan);
                return 0;
            }));
            Task<?> other = heddle.start(() -> {
                Thread.sleep(10); // most probably the first spins by then
                otherRan.set(true);
            });
            other.join();
            blocks.join();
        }
    }

    @Test
    void manyBlockAtOnceAndEachHasItAfterwards() throws Exception {
        long[] count = new long[1];
        int tasks = 20;
        try (Heddle heddle = open(SOON)) {
            List<Task<?>> all = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                all.add(heddle.start(() -> {
                    for (int j = 0; j < 200; j++) {
                        Heddle.blocking(() -> {
                            Thread.onSpinWait();
                            return 0;
                        });
                        for (int k = 0; k < 100; k++) {
                            count[0]++;
                        }
                    }
                }));
            }
            for (Task<?> task : all) {
                task.join();
            }
        }
        assertThat(count[0]).isEqualTo(tasks * 200L * 100);
    }

    @Test
    void aPinnedTaskThatWaitsLeavesIt() throws Exception {
        try (Heddle heddle = open(NEVER)) {
            Channel<Integer> there = heddle.channel(0);
            Channel<Integer> back = heddle.channel(0);
            Task<Integer> pinned = heddle.start(() -> PinnedFrame.call(() -> {
                there.send(1);
                return back.receive();
            }));
            Task<?> other = heddle.start(() -> back.send(there.receive() + 1));
            assertThat(pinned.join()).isEqualTo(2);
            other.join();
        }
    }

    @Test
    void pinnedTasksShareItWithOthers() throws Exception {
        long[] count = new long[1];
        int each = 300;
        Callable<Integer> counting = () -> {
            for (int i = 0; i < each; i++) {
                for (int j = 0; j < 100; j++) {
                    count[0]++;
                }
                Heddle.checkpoint();
                if (i % 30 == 0) {
                    Heddle.blocking(() -> 0);
                    Heddle.sleep(SOON);
                }
            }
            return 0;
        };
        try (Heddle heddle = open(Duration.ofNanos(50_000))) {
            List<Task<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(heddle.start(() -> PinnedFrame.call(counting)));
                all.add(heddle.start(counting::call));
            }
            for (Task<?> task : all) {
                task.join();
            }
        }
        assertThat(count[0]).isEqualTo(6L * each * 100);
    }

    @Test
    void aPinnedTaskLetsOthersHaveItAtACheckpoint() throws Exception {
        AtomicBoolean otherRan = new AtomicBoolean();
        try (Heddle heddle = open(SOON)) {
            Task<?> pinned = heddle.start(() -> PinnedFrame.call(() -> {
                while (!otherRan.get()) {
                    Heddle.checkpoint();
                }
                return 0;
            }));
            heddle.start(() -> otherRan.set(true)).join();
            pinned.join();
        }
    }

    @Test
    void aTaskThatComputesKeepsItsProcessorToo() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean otherRan = new AtomicBoolean();
        try (Heddle heddle = open(SOON)) {
            Task<Boolean> computes = heddle.start(() -> {
                spinUntil(stop);
                return otherRan.get();
            });
            Task<?> other = heddle.start(() -> otherRan.set(true));
            eventually("it is requested", () -> heddle.stats().lock().dropRequests() > 0);
            Thread.sleep(SMALL); // many slices of a heddle without a lock
            stop.set(true);
            assertThat(computes.join()).isFalse();
            other.join();
            assertThat(heddle.stats().handoffs()).isZero();
        }
    }

    @Test
    void theNumberOfProcessorsIsRememberedAndStillOneExecutes() throws Exception {
        long[] count = new long[1];
        int each = 100_000;
        try (Heddle heddle = open(Duration.ofNanos(50_000))) {
            assertThat(heddle.processors(5)).isEqualTo(2);
            assertThat(heddle.processors()).isEqualTo(5);
            assertThat(heddle.stats().processors()).isEqualTo(5);
            List<Task<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(heddle.start(() -> {
                    for (int j = 0; j < each; j++) {
                        count[0]++;
                        Heddle.checkpoint();
                    }
                }));
            }
            assertThat(heddle.processors(1)).isEqualTo(5);
            for (Task<?> task : all) {
                task.join();
            }
            GlobalLockStats stats = heddle.stats().lock();
            assertThat(stats.forcedSwitches()).isLessThanOrEqualTo(stats.dropRequests());
        }
        assertThat(count[0]).isEqualTo(4L * each);
    }

    private static void spinUntil(AtomicBoolean condition) {
        while (!condition.get()) {
            Thread.onSpinWait();
        }
    }
}
