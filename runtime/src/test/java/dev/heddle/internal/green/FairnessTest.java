package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.internal.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** No runnable task waits for ever, whatever the others do. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class FairnessTest extends GreenTest {
    @Test
    void twoTasksThatWakeEachOtherDoNotStarveTheQueue() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1)) {
            Task<Long> first = heddle.start(() -> {
                Thread me = Thread.currentThread();
                long turns = 0;
                Thread other = Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        LockSupport.unpark(me);
                        LockSupport.park();
                    }
                    LockSupport.unpark(me); // who may have parked before stop was set
                });
                while (!stop.get()) {
                    turns++;
                    LockSupport.unpark(other);
                    LockSupport.park();
                }
                LockSupport.unpark(other);
                return turns;
            });
            // Queued from outside and from inside.
            heddle.start(() -> heddle.start(() -> 1).join()).join();
            heddle.start(() -> {
                        Task<Integer> queued = heddle.start(() -> 1);
                        heddle.start(() -> 2); // pushes the other out of the run-next slot
                        return queued.join();
                    })
                    .join();
            stop.set(true);
            assertThat(first.join()).isPositive();
        }
    }

    @Test
    void aTaskThatYieldsForEverLetsOthersRun() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1)) {
            for (int i = 0; i < 3; i++) {
                heddle.start(() -> {
                    while (!stop.get()) {
                        Heddle.yield();
                    }
                });
            }
            for (int i = 0; i < 100; i++) {
                heddle.start(() -> {}).join();
            }
            stop.set(true);
        }
    }

    @Test
    void yieldLetsEveryOtherRunnableTaskRunOnce() throws Exception {
        List<Integer> order = new ArrayList<>();
        try (GreenHeddle heddle = open(1)) {
            heddle.start(() -> {
                        List<Task<?>> tasks = new ArrayList<>();
                        for (int i = 0; i < 3; i++) {
                            int me = i;
                            tasks.add(heddle.start(() -> {
                                for (int turn = 0; turn < 3; turn++) {
                                    order.add(me);
                                    Heddle.yield();
                                }
                            }));
                        }
                        for (Task<?> task : tasks) {
                            task.join();
                        }
                    })
                    .join();
        }
        // The task that was started last runs first; from then on it is first in, first out.
        assertThat(order).containsExactly(2, 0, 1, 2, 0, 1, 2, 0, 1);
    }

    @Test
    void aTaskThatSpinsLosesItsProcessor() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1)) {
            CountDownLatch spinning = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> {
                    spinning.countDown();
                    spin(stop);
                });
            }
            assertThat(spinning.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
            assertThat(heddle.stats().handoffs()).isGreaterThanOrEqualTo(2);
            assertThat(heddle.stats().osThreads()).isGreaterThanOrEqualTo(3);
            stop.set(true);
        }
    }

    @Test
    void aTaskThatBlocksItsCarrierLosesItsProcessor() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1)) {
            Task<?> task = heddle.start(() -> BlocksInItsInitialiser.block(blocked, stop));
            assertThat(blocked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
            stop.set(true);
            task.join();
        }
    }

    /** A virtual thread cannot unmount in a class initialiser, so whatever it waits for there blocks the carrier. */
    private static final class BlocksInItsInitialiser {
        private static CountDownLatch announce = new CountDownLatch(1);
        private static AtomicBoolean until = new AtomicBoolean();

        private static final class Slow {
            static {
                announce.countDown();
                while (!until.get()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }

            static void touch() {}
        }

        static void block(CountDownLatch announced, AtomicBoolean stop) {
            announce = announced;
            until = stop;
            Slow.touch();
        }
    }

    @Test
    void blockingLeavesTheProcessorAtOnce() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            CountDownLatch inside = new CountDownLatch(20);
            AtomicBoolean stop = new AtomicBoolean();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int me = i;
                tasks.add(heddle.start(() -> Heddle.blocking(() -> {
                    inside.countDown();
                    spin(stop);
                    return me;
                })));
            }
            assertThat(inside.await(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("20 at once, on 1 processor")
                    .isTrue();
            assertThat(heddle.start(() -> 1).join()).isEqualTo(1);
            stop.set(true);
            for (int i = 0; i < 20; i++) {
                assertThat(tasks.get(i).join()).isEqualTo(i);
            }
            assertThat(heddle.stats().handoffs()).isGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void afterBlockingATaskExecutesOnlyWithAProcessor() throws Exception {
        try (GreenHeddle heddle = open(1)) {
            AtomicInteger executing = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tasks.add(heddle.start(() -> {
                    for (int turn = 0; turn < 20; turn++) {
                        Heddle.blocking(() -> {
                            LockSupport.parkNanos(10_000);
                            return null;
                        });
                        most.accumulateAndGet(executing.incrementAndGet(), Math::max);
                        executing.decrementAndGet();
                    }
                }));
            }
            for (Task<?> task : tasks) {
                task.join();
            }
            assertThat(most.get()).isEqualTo(1);
        }
    }

    @Test
    void spareCarriersAreBounded() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(1, tiny(2), Trace.OFF)) {
            AtomicInteger spinning = new AtomicInteger();
            for (int i = 0; i < 5; i++) {
                heddle.start(() -> {
                    spinning.incrementAndGet();
                    spin(stop);
                });
            }
            eventually("a carrier was refused", () -> heddle.scheduler().refusals() > 0);
            assertThat(spinning.get()).isEqualTo(3);
            assertThat(heddle.stats().osThreads()).isEqualTo(3);
            stop.set(true);
            eventually("the others have run, too", () -> spinning.get() == 5);
        }
    }

    @Test
    void aTaskWokenByOneThatGoesOnComputingIsNotLeftWithIt() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (GreenHeddle heddle = open(2)) {
            Task<Boolean> waker = heddle.start(() -> {
                Task<?> woken = heddle.start(() -> stop.set(true));
                spin(stop); // never switches before the other has run
                return woken.isDone() || stop.get();
            });
            assertThat(waker.join()).isTrue();
            assertThat(heddle.stats().steals()).isPositive();
        }
    }

    @Test
    void platformThreadsOfAnExecutorCanWakeTasks() throws Exception {
        try (ExecutorService outside = Executors.newFixedThreadPool(2);
                GreenHeddle heddle = open(2)) {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                int me = i;
                tasks.add(heddle.start(() -> outside.submit(() -> me).get()));
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(tasks.get(i).join()).isEqualTo(i);
            }
        }
    }
}
