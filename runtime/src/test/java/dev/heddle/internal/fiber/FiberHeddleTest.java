package dev.heddle.internal.fiber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.Parker;
import dev.heddle.internal.vthread.VirtualThreads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Fibers take turns with the thread that opened their heddle, one at a time, in order. */
class FiberHeddleTest extends FiberTest {
    @Test
    void fibersRunInOrderAndOnlyWhileTheOwnerWaits() throws Exception {
        Thread owner = Thread.currentThread();
        List<List<String>> runs = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            List<String> order = new ArrayList<>();
            try (Heddle heddle = open()) {
                Channel<Integer> channel = heddle.channel(1);
                for (int i = 0; i < 3; i++) {
                    int me = i;
                    heddle.start(() -> {
                        assertThat(VirtualThreads.currentCarrier() == owner)
                                .isEqualTo(backing == FiberBacking.CONTINUATION);
                        for (int turn = 0; turn < 2; turn++) {
                            order.add(me + "." + turn);
                            Heddle.yield();
                        }
                        channel.send(me);
                        order.add(me + " sent");
                    });
                }
                assertThat(order).isEmpty();
                for (int i = 0; i < 3; i++) {
                    order.add("received " + channel.receive());
                }
            }
            runs.add(order);
        }
        assertThat(runs.getFirst()).startsWith("0.0", "1.0", "2.0", "0.1", "1.1", "2.1", "0 sent");
        assertThat(runs).allMatch(order -> order.equals(runs.getFirst()));
    }

    @Test
    void theOwnersYieldRunsEachRunnableFiberOnce() {
        try (Heddle heddle = open()) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int me = i;
                heddle.start(() -> {
                    for (int turn = 0; turn < 3; turn++) {
                        order.add(me);
                        Heddle.yield();
                    }
                });
            }
            Heddle.yield();
            assertThat(order).containsExactly(0, 1);
            assertThat(heddle.stats().runnable()).isEqualTo(2);
            Heddle.yield();
            assertThat(order).containsExactly(0, 1, 0, 1);
            assertThat(heddle.processors(7)).isEqualTo(1);
            assertThat(heddle.processors()).isEqualTo(1);
        }
    }

    @Test
    void severalHeddlesOfOneOwnerRunTogether() throws Exception {
        try (Heddle outer = open()) {
            Channel<Integer> between = outer.channel(0);
            Task<Integer> receiver = outer.start(() -> between.receive());
            try (Heddle inner = open()) {
                inner.start(() -> between.send(42));
            }
            assertThat(receiver.join()).isEqualTo(42);
        }
        assertThat(Parker.OF_PLATFORM_THREAD.get())
                .as("what is left on the owner's thread")
                .isNull();
    }

    @Test
    void wakeUpsFromOutsideReachAnOwnerThatSleeps() throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        try (Heddle heddle = open()) {
            Channel<Integer> channel = heddle.channel(0);
            Thread owner = Thread.currentThread();
            Task<Integer> sum = heddle.start(() -> channel.receive() + channel.receive());
            AtomicBoolean parked = new AtomicBoolean();
            spawn(() -> {
                eventually("the owner parks", () -> owner.getState() == Thread.State.WAITING);
                parked.set(true);
                LockSupport.parkNanos(SMALL.toNanos()); // while the owner's processor time is being measured
                channel.send(1);
                channel.send(2);
            });
            long before = threads.getCurrentThreadCpuTime();
            assertThat(sum.join()).isEqualTo(3);
            assertThat(parked.get()).isTrue();
            assertThat(threads.getCurrentThreadCpuTime() - before)
                    .as("processor time of an owner that waits for %s", SMALL)
                    .isLessThan(SMALL.toNanos() / 2);
        }
    }

    @Test
    void timedWaitsOfFibersAndOfTheOwnerEnd() throws Exception {
        try (Heddle heddle = open()) {
            long start = System.nanoTime();
            Channel<Integer> channel = heddle.channel(0);
            Duration limit = Duration.ofMillis(20);
            assertThat(heddle.start(() -> channel.receive(limit)).join()).isEqualTo(new Received.Empty<Integer>());
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(limit.toNanos());
            Task<?> never = heddle.start(() -> channel.receive());
            assertThatThrownBy(() -> never.get(5, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            never.cancel(true);
        }
    }

    @Test
    void noWakeUpFromOutsideIsLost() throws Exception {
        int rounds = 3_000;
        try (Heddle heddle = open()) {
            Channel<Integer> there = heddle.channel(0);
            Channel<Integer> back = heddle.channel(0);
            spawn(() -> {
                for (int element : there) {
                    back.send(element + 1);
                }
            });
            Task<Integer> fiber = heddle.start(() -> {
                int sum = 0;
                for (int i = 0; i < rounds; i++) {
                    there.send(i);
                    sum += back.receive() - i;
                }
                there.close();
                return sum;
            });
            assertThat(fiber.join()).isEqualTo(rounds);
        }
    }

    @Test
    void anotherThreadMayStartAndJoinFibers() throws Exception {
        try (Heddle heddle = open()) {
            AtomicInteger joined = new AtomicInteger();
            Channel<Integer> done = heddle.channel(0);
            spawn(() -> {
                joined.set(heddle.start(() -> 42).join());
                done.close();
            });
            for (int nothing : done) {
                fails(new AssertionError("received " + nothing));
            }
            assertThat(joined.get()).isEqualTo(42);
        }
    }

    // ---- wrong use

    @Test
    @SuppressWarnings("try") // the explicit close is what is tested
    void onlyTheOwnerCloses() throws Exception {
        try (Heddle heddle = open()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread other = spawn(() -> {
                try {
                    heddle.close();
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            });
            other.join();
            assertThat(thrown.get()).hasMessageContaining("let that thread close it");
            Task<?> inside = heddle.start(heddle::close);
            assertThatThrownBy(inside::join)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("would wait for itself");
        }
    }

    @Test
    void aVirtualThreadCannotOwnFibers() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        open().close();
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                })
                .join();
        assertThat(thrown.get()).hasMessageContaining("open it on a platform thread");
    }

    // ---- interrupts

    @Test
    void anInterruptOfTheOwnerArrivesOnceWhileFibersRun() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (Heddle heddle = open()) {
            Task<?> busy = heddle.start(() -> {
                while (!stop.get()) {
                    Heddle.yield();
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    assertThatAnInterruptEndsAJoinOnce(heddle, busy);
                }
            } finally {
                stop.set(true);
            }
        }
    }

    /** Another thread interrupts the owner, which this is, while it runs fibers. */
    private void assertThatAnInterruptEndsAJoinOnce(Heddle heddle, Task<?> busy) throws Exception {
        Thread owner = Thread.currentThread();
        CountDownLatch began = new CountDownLatch(1);
        heddle.start(began::countDown);
        Thread interrupter = spawn(() -> {
            began.await();
            owner.interrupt();
        });
        assertThatThrownBy(busy::join).isInstanceOf(InterruptedException.class);
        interrupter.join();
        heddle.start(() -> {}).join();
        assertThat(owner.isInterrupted()).isFalse();
    }

    @Test
    void anInterruptThatTheOwnersCodeTakesIsNotTakenForTheNextOne() throws Exception {
        Thread owner = Thread.currentThread();
        AtomicBoolean stop = new AtomicBoolean();
        try (Heddle heddle = open()) {
            Task<?> busy = heddle.start(() -> {
                while (!stop.get()) {
                    Heddle.yield();
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    heddle.start(owner::interrupt);
                    Heddle.yield();
                    assertThat(Thread.interrupted())
                            .as("taken by code of the user's")
                            .isTrue();
                    assertThatAnInterruptEndsAJoinOnce(heddle, busy);
                }
            } finally {
                stop.set(true);
            }
        }
    }

    @Test
    void anOwnerMayInterruptItself() throws Exception {
        try (Heddle heddle = open()) {
            Task<Integer> task = heddle.start(() -> 1);
            Thread.currentThread().interrupt();
            assertThatThrownBy(task::join).isInstanceOf(InterruptedException.class);
            Heddle.yield();
            Thread.currentThread().interrupt();
            assertThat(task.join()).as("of a task that has ended").isEqualTo(1);
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }

    @Test
    void aFiberMayInterruptItsOwner() throws Exception {
        try (Heddle heddle = open()) {
            Thread owner = Thread.currentThread();
            heddle.start(owner::interrupt);
            Channel<Integer> never = heddle.channel(0);
            Task<?> waiting = heddle.start(() -> never.receive());
            assertThatThrownBy(waiting::join).isInstanceOf(InterruptedException.class);
            waiting.cancel(true);
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptOfAFiberStaysWithTheFiber() throws Exception {
        try (Heddle heddle = open()) {
            Channel<Integer> never = heddle.channel(0);
            Task<?> interrupted = heddle.start(() -> never.receive());
            Heddle.yield();
            interrupted.cancel(true);
            assertThatThrownBy(interrupted::join).isInstanceOf(CancellationException.class);
            assertThat(heddle.start(() -> Thread.currentThread().isInterrupted())
                            .join())
                    .isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    // ---- blocking

    @Test
    void blockingLetsOtherFibersRun() throws Exception {
        try (Heddle heddle = open()) {
            Thread owner = Thread.currentThread();
            CountDownLatch go = new CountDownLatch(1);
            Task<Thread> blocked = heddle.start(() -> Heddle.blocking(() -> {
                go.await();
                return Thread.currentThread();
            }));
            Task<?> other = heddle.start(go::countDown);
            other.join();
            assertThat(blocked.join()).isNotSameAs(owner).matches(thread -> !thread.isVirtual() && thread.isDaemon());
        }
    }

    @Test
    void blockingPassesExceptionsAndInterrupts() throws Exception {
        try (Heddle heddle = open()) {
            Task<?> failing = heddle.start(() -> Heddle.blocking(() -> {
                throw new IOException("disk");
            }));
            assertThatThrownBy(failing::get).hasRootCauseInstanceOf(IOException.class);
            CountDownLatch inside = new CountDownLatch(1);
            AtomicReference<Throwable> seen = new AtomicReference<>();
            Task<?> interrupted = heddle.start(() -> {
                try {
                    Heddle.blocking(() -> {
                        inside.countDown();
                        Thread.sleep(LONG);
                        return null;
                    });
                } catch (InterruptedException e) {
                    seen.set(e);
                }
            });
            eventually("the call has begun", () -> inside.getCount() == 0);
            interrupted.cancel(true);
            eventually("the call was interrupted", () -> seen.get() != null);
        }
    }

    // ---- the end

    @Test
    void aHeddleThatIsShutDownIsFreedByItsOwnersNextWait() throws Exception {
        Heddle heddle = open();
        Task<Integer> last = heddle.start(() -> 1);
        heddle.shutdown();
        assertThat(heddle.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(last.join()).isEqualTo(1);
        heddle.close();
    }
}
