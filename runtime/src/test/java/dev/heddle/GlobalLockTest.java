package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.stress.PinnedFrame;
import dev.heddle.testing.HeddleTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A {@link GlobalLock} by itself, between threads of all kinds. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class GlobalLockTest extends HeddleTest {
    /** So long that nobody ever requests the lock in these tests. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static final Duration SOON = Duration.ofMillis(1);

    /** Not volatile, and no atomic: the lock must do. */
    private long count;

    private void countTo(GlobalLock lock, int n) throws Exception {
        for (int i = 0; i < n; i++) {
            lock.hold(() -> {
                count++;
                Heddle.checkpoint();
                count++;
            });
        }
    }

    /** As {@link #eventually}, but without letting the lock go. */
    private static void seen(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(LONG.toNanos());
            LockSupport.parkNanos(100_000);
        }
    }

    private static void awaitWaitingFor(GlobalLock lock, Thread thread) {
        seen(thread + " waits for the lock", () -> {
            Object blocker = LockSupport.getBlocker(thread);
            return blocker != null && blocker.toString().equals(lock.toString());
        });
    }

    private final List<Thread> started = new ArrayList<>();

    private Thread start(Code code) {
        Thread thread = spawn(code);
        started.add(thread);
        return thread;
    }

    private void joinStarted() throws InterruptedException {
        for (Thread thread : started) {
            assertThat(thread.join(LONG)).isTrue();
        }
    }

    @Test
    void nothingIsLostBetweenThreadsOfAllKinds() throws Exception {
        GlobalLock lock = new GlobalLock(Duration.ofNanos(50_000));
        int each = 20_000;
        for (int i = 0; i < 2; i++) {
            start(() -> countTo(lock, each));
        }
        Thread virtual = Thread.startVirtualThread(() -> {
            try {
                countTo(lock, each);
            } catch (Exception e) {
                fails(e);
            }
        });
        try (Heddle green = Heddle.open(Model.GREEN);
                Heddle fibers = Heddle.open(Model.FIBER);
                Heddle threads = Heddle.builder(Model.FIBER)
                        .fiberBacking(FiberBacking.OS_THREAD)
                        .open()) {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                tasks.add(green.start(() -> countTo(lock, each)));
                tasks.add(fibers.start(() -> countTo(lock, each)));
                tasks.add(threads.start(() -> countTo(lock, each)));
            }
            countTo(lock, each); // as the owner of the fibers, who must run them while it waits
            for (Task<?> task : tasks) {
                task.join();
            }
        }
        virtual.join();
        joinStarted();
        lock.hold(() -> assertThat(count).isEqualTo(2L * each * 10));
        assertThat(lock.stats().holds()).isGreaterThanOrEqualTo(10L * each);
    }

    @Test
    void aHoldWithinAHoldIsAPlainCall() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        assertThat(lock.isHeld()).isFalse();
        String result = lock.hold(() -> {
            lock.hold(() -> assertThat(lock.isHeld()).isTrue());
            assertThat(lock.isHeld()).as("the inner hold drops nothing").isTrue();
            return "result";
        });
        assertThat(result).isEqualTo("result");
        assertThat(lock.isHeld()).isFalse();
        assertThat(lock.stats().holds()).isEqualTo(1);
        start(() -> lock.hold(() -> {}));
    }

    @Test
    void anExceptionDropsIt() {
        GlobalLock lock = new GlobalLock(NEVER);
        assertThatThrownBy(() -> lock.hold(() -> {
                    throw new IOException("disk");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
        assertThat(lock.isHeld()).isFalse();
        start(() -> lock.hold(() -> {}));
    }

    @Test
    void whoWaitsInHeddleLeavesIt() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        try (Heddle heddle = Heddle.open(Model.THREAD)) {
            Channel<Integer> there = heddle.channel(0);
            Channel<Integer> back = heddle.channel(0);
            Task<Integer> first = heddle.start(() -> lock.hold(() -> {
                there.send(1);
                int received = back.receive();
                assertThat(lock.isHeld()).isTrue();
                Heddle.sleep(Duration.ofMillis(1));
                return received;
            }));
            Task<?> second = heddle.start(() -> lock.hold(() -> {
                int received = there.receive();
                back.send(received + 1);
                assertThat(first.join()).isEqualTo(2);
                assertThat(lock.isHeld()).isTrue();
            }));
            second.join();
        }
        assertThat(lock.stats().forcedSwitches()).isZero();
    }

    @Test
    void whatBlocksLeavesIt() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        start(() -> lock.hold(() -> {
            Heddle.blocking(() -> {
                assertThat(lock.isHeld()).isFalse();
                lock.hold(() -> assertThat(lock.isHeld()).isTrue());
                entered.countDown();
                gate.await();
                return null;
            });
            assertThat(lock.isHeld()).isTrue();
        }));
        entered.await();
        lock.hold(gate::countDown);
    }

    @Test
    void whoYieldsHandsItOver() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        boolean[] entered = new boolean[1];
        Thread[] other = new Thread[1];
        lock.hold(() -> {
            other[0] = start(() -> lock.hold(() -> entered[0] = true));
            awaitWaitingFor(lock, other[0]);
            Heddle.yield();
            assertThat(entered[0]).as("the other was first").isTrue();
        });
    }

    @Test
    void aWaitOfTheJdkKeepsIt() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        AtomicBoolean entered = new AtomicBoolean();
        lock.hold(() -> {
            Thread other = start(() -> lock.hold(() -> entered.set(true)));
            awaitWaitingFor(lock, other);
            Thread.sleep(SHORT);
            assertThat(entered).isFalse();
        });
    }

    @Test
    void whoComputesLetsOthersHaveItAtACheckpoint() throws Exception {
        GlobalLock lock = new GlobalLock(SOON);
        boolean[] entered = new boolean[1];
        lock.hold(() -> {
            start(() -> lock.hold(() -> entered[0] = true));
            while (!entered[0]) {
                Heddle.checkpoint();
            }
        });
        GlobalLockStats stats = lock.stats();
        assertThat(stats.forcedSwitches()).isEqualTo(1);
        assertThat(stats.dropRequests()).isGreaterThanOrEqualTo(1);
        assertThat(stats.waits()).isGreaterThanOrEqualTo(1);
        assertThat(stats.waited()).isGreaterThanOrEqualTo(SOON);
        assertThat(stats.held()).isGreaterThanOrEqualTo(SOON);
    }

    @Test
    void withoutACheckpointItKeepsIt() throws Exception {
        GlobalLock lock = new GlobalLock(SOON);
        AtomicBoolean entered = new AtomicBoolean();
        lock.hold(() -> {
            start(() -> lock.hold(() -> entered.set(true)));
            seen("it is requested", () -> lock.stats().dropRequests() > 0);
            assertThat(entered).isFalse();
        });
        eventually("the other has it", entered::get);
        assertThat(lock.stats().forcedSwitches()).isZero();
    }

    /** As a loop of short calls of a library: the dropper must not be the next to take it, once it was requested. */
    @Test
    void whoTakesItAgainAndAgainDoesNotKeepItFromOthers() throws Exception {
        GlobalLock lock = new GlobalLock(SOON);
        AtomicBoolean entered = new AtomicBoolean();
        start(() -> lock.hold(() -> entered.set(true)));
        while (!entered.get()) {
            lock.hold(() -> {});
        }
    }

    @Test
    void thoseWhoWaitAreServedInTheOrderOfArrival() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        List<Integer> order = new ArrayList<>();
        lock.hold(() -> {
            for (int i = 0; i < 5; i++) {
                int number = i;
                Thread thread = start(() -> lock.hold(() -> order.add(number)));
                awaitWaitingFor(lock, thread);
            }
        });
        joinStarted();
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void twoMayBeHeldTogetherInWhateverOrder() throws Exception {
        GlobalLock one = new GlobalLock(Duration.ofNanos(20_000));
        GlobalLock other = new GlobalLock(Duration.ofNanos(20_000));
        int each = 2_000;
        List<List<GlobalLock>> orders = List.of(List.of(one, other), List.of(other, one), List.of(one, other));
        for (List<GlobalLock> order : orders) {
            start(() -> {
                for (int i = 0; i < each; i++) {
                    order.getFirst().hold(() -> {
                        Heddle.checkpoint();
                        order.getLast().hold(() -> {
                            count++;
                            Heddle.checkpoint();
                            count++;
                            assertThat(one.isHeld() && other.isHeld()).isTrue();
                        });
                        assertThat(order.getLast().isHeld()).isFalse();
                    });
                }
            });
        }
        joinStarted();
        one.hold(() -> other.hold(() -> assertThat(count).isEqualTo(2L * each * orders.size())));
    }

    @Test
    void anInterruptIsKeptForTheCode() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        AtomicBoolean entered = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        lock.hold(() -> {
            Thread other = start(() -> lock.hold(() -> {
                interrupted.set(Thread.currentThread().isInterrupted());
                entered.set(true);
            }));
            awaitWaitingFor(lock, other);
            other.interrupt();
            Thread.sleep(SHORT);
            assertThat(entered).isFalse();
            seen("it goes on waiting", () -> other.getState() != Thread.State.RUNNABLE);
        });
        joinStarted();
        assertThat(interrupted).isTrue();
    }

    @Test
    void aTaskMayHoldItBesideTheLockOfItsHeddle() throws Exception {
        for (Model model : List.of(Model.THREAD, Model.GREEN)) {
            GlobalLock lock = new GlobalLock(SOON);
            long[] counts = new long[2]; // guarded by the lock of the heddle, and by the other
            try (Heddle heddle = Heddle.builder(model).globalLock(SOON).open()) {
                List<Task<?>> tasks = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tasks.add(heddle.start(() -> {
                        for (int j = 0; j < 2_000; j++) {
                            counts[0]++;
                            lock.hold(() -> {
                                counts[1]++;
                                Heddle.checkpoint();
                                counts[0]++;
                            });
                            Heddle.checkpoint();
                        }
                    }));
                }
                Thread outside = start(() -> {
                    for (int j = 0; j < 2_000; j++) {
                        lock.hold(() -> {
                            counts[1]++;
                            Heddle.checkpoint();
                        });
                    }
                });
                for (Task<?> task : tasks) {
                    task.join();
                }
                assertThat(outside.join(LONG)).isTrue();
                assertThat(counts).as(model.name()).containsExactly(16_000, 10_000);
            }
        }
    }

    @Test
    void aFiberThatCannotWaitIsToldWithTheLockStillHeldAndIsNotInTheQueue() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        try (Heddle fibers = Heddle.open(Model.FIBER)) {
            Channel<Integer> never = fibers.channel(0);
            Task<Boolean> holds = fibers.start(() -> lock.hold(() -> PinnedFrame.call(() -> {
                assertThatThrownBy(never::receive)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("cannot wait");
                return lock.isHeld();
            })));
            assertThat(holds.join()).isTrue();
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            start(() -> lock.hold(() -> {
                inside.countDown();
                go.await();
            }));
            inside.await();
            Task<Integer> wants = fibers.start(() -> PinnedFrame.call(() -> lock.hold(() -> 1)));
            assertThatThrownBy(wants::join).hasMessageContaining("cannot wait");
            go.countDown();
        }
        joinStarted();
        start(() -> lock.hold(() -> {}));
        joinStarted();
    }

    @Test
    void dumpsSayWhoHasIt() throws Exception {
        GlobalLock lock = new GlobalLock(NEVER);
        try (Heddle heddle = Heddle.open(Model.THREAD)) {
            long me = Thread.currentThread().threadId();
            Task<?>[] task = new Task<?>[1];
            lock.hold(() -> {
                task[0] = heddle.start(() -> lock.hold(() -> {}));
                seen("it waits", () -> heddle.dump().contains("to take " + lock + ", held by thread #" + me));
            });
            task[0].join();
        }
    }

    @Test
    void itHasAnIntervalOfMoreThanZero() {
        assertThat(new GlobalLock().interval()).isEqualTo(Duration.ofMillis(5));
        assertThat(new GlobalLock(Duration.ofSeconds(1)).interval()).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> new GlobalLock(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("globalLock(PT0S)");
        assertThatThrownBy(() -> Heddle.builder(Model.FIBER).globalLock(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("globalLock(PT-0.001S)");
    }

    @Test
    void itDoesNotCrossToAnotherProcess() {
        GlobalLock lock = new GlobalLock();
        try (Heddle heddle = Heddle.builder(Model.PROCESS).processors(1).open()) {
            assertThatThrownBy(() -> heddle.start(() -> lock.hold(() -> 1)))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("GlobalLock");
        }
    }
}
