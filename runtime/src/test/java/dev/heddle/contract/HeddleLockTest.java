package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.LimitPolicy;
import dev.heddle.Mutex;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a global lock one task executes at a time: of the heddle, or where each worker has its own lock, of the worker. */
class HeddleLockTest extends ContractTest {
    private static final Duration SOON = Duration.ofMillis(1);

    /** So long that nobody ever requests the lock. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static final int FIRST_HAS_BEGUN = 0;
    private static final int SECOND_HAS_BEGUN = 1;

    @TempDir
    Path folder;

    private Heddle openLocked(Duration interval) {
        return open(options -> options.processors(2).globalLock(interval));
    }

    @Test
    void anUpdateIsNeverLost() throws Exception {
        int tasks = 4;
        int each = 50_000;
        long[] count = new long[1]; // of the heddle, or copied to each worker
        try (Heddle heddle = openLocked(Duration.ofNanos(50_000))) {
            List<Task<Long>> all = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                all.add(heddle.start(() -> {
                    for (int j = 0; j < each; j++) {
                        count[0]++;
                        Heddle.checkpoint();
                    }
                    return count[0];
                }));
            }
            for (Task<Long> task : all) {
                assertThat(task.join()).isBetween((long) each, (long) tasks * each);
            }
        }
        assertThat(count[0]).isEqualTo(exempt(Exemption.SHARED_MEMORY) ? (long) tasks * each : 0);
    }

    @Test
    void oneThatComputesKeepsItUpToACheckpoint() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Duration limit = exempt(Exemption.SHARED_MEMORY) ? SHORT : LONG;
        boolean switches = !exempt(Exemption.CO_OPERATIVE);
        try (Heddle heddle = openLocked(SOON)) {
            Task<Boolean> first = heddle.start(() -> {
                ints.set(FIRST_HAS_BEGUN, 1);
                boolean alone = !ints.spinUntil(SECOND_HAS_BEGUN, 1, limit);
                while (switches && ints.get(SECOND_HAS_BEGUN) == 0) {
                    Heddle.checkpoint();
                }
                return alone;
            });
            eventually("the first has begun", () -> ints.get(FIRST_HAS_BEGUN) == 1);
            Task<?> second = heddle.start(() -> ints.set(SECOND_HAS_BEGUN, 1));
            assertThat(first.join())
                    .as("the second has begun only when the first let it, or in another worker")
                    .isEqualTo(exempt(Exemption.SHARED_MEMORY));
            second.join();
        }
    }

    @Test
    void twoThatComputeShareIt() throws Exception {
        SharedInts ints = new SharedInts(folder);
        boolean switches = !exempt(Exemption.CO_OPERATIVE);
        Duration limit = LONG;
        try (Heddle heddle = openLocked(SOON)) {
            List<Task<Boolean>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int mine = i;
                both.add(heddle.start(() -> {
                    long start = System.nanoTime();
                    for (int round = 1; round <= 20; round++) {
                        ints.set(mine, round);
                        while (switches && ints.get(1 - mine) < round) {
                            Heddle.checkpoint();
                            if (System.nanoTime() - start > limit.toNanos()) {
                                return false;
                            }
                        }
                    }
                    return true;
                }));
            }
            assertThat(both.get(0).join()).isTrue();
            assertThat(both.get(1).join()).isTrue();
            if (exempt(Exemption.SHARED_MEMORY) && switches) {
                assertThat(heddle.stats().lock().forcedSwitches()).isGreaterThan(0);
            }
        }
    }

    /** Each waits for what the other can only do while it waits; were the lock not left, this would hang. */
    @Test
    void whoWaitsLeavesIt() throws Exception {
        try (Heddle heddle = openLocked(NEVER)) {
            Channel<Integer> there = heddle.channel(0);
            Channel<Integer> back = heddle.channel(0);
            Mutex mutex = heddle.mutex();
            Task<Integer> first = heddle.start(() -> {
                there.send(1);
                mutex.lock();
                int received = back.receive();
                Heddle.sleep(SOON);
                there.send(received + 1);
                mutex.unlock();
                return Heddle.blocking(() -> back.receive());
            });
            Task<Integer> second = heddle.start(() -> {
                int next = there.receive() + 1;
                new Select<Integer>().send(back, () -> next, () -> next).await();
                int received = there.receive();
                mutex.lock();
                mutex.unlock();
                back.send(received + 1);
                Received<Integer> nothing = there.tryReceive();
                return nothing instanceof Received.Element<Integer> ? -1 : received;
            });
            assertThat(first.join()).isEqualTo(4);
            assertThat(second.join()).isEqualTo(3);
        }
    }

    @Test
    void whoYieldsLetsAnotherHaveIt() throws Exception {
        SharedInts ints = new SharedInts(folder);
        long limit = LONG.toNanos();
        try (Heddle heddle = openLocked(NEVER)) {
            Task<Boolean> polite = heddle.start(() -> {
                long start = System.nanoTime();
                while (ints.get(SECOND_HAS_BEGUN) == 0 && System.nanoTime() - start < limit) {
                    Heddle.yield();
                }
                return ints.get(SECOND_HAS_BEGUN) == 1;
            });
            Task<?> other = heddle.start(() -> ints.set(SECOND_HAS_BEGUN, 1));
            assertThat(polite.join()).isTrue();
            other.join();
        }
    }

    @Test
    void whatRunsInTheCallerWaitsForItToo() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Duration limit = LONG;
        Duration soon = exempt(Exemption.SHARED_MEMORY) ? SHORT : LONG;
        try (Heddle heddle =
                open(options -> options.processors(1).globalLock(SOON).maxTasks(1, LimitPolicy.CALLER_RUNS))) {
            Task<Boolean> computes = heddle.start(() -> {
                ints.set(FIRST_HAS_BEGUN, 1);
                return ints.spinUntil(SECOND_HAS_BEGUN, 1, soon);
            });
            if (exempt(Exemption.OWNED_BY_A_THREAD)) {
                assertThat(computes.join()).isFalse(); // nobody else has begun it
                return;
            }
            assertThat(ints.spinUntil(FIRST_HAS_BEGUN, 1, limit)).isTrue();
            Task<?> inCaller = heddle.start(() -> ints.set(SECOND_HAS_BEGUN, 1));
            assertThat(inCaller.isDone()).isTrue();
            assertThat(computes.join())
                    .as("the caller is no worker, and else has waited for the lock")
                    .isEqualTo(!exempt(Exemption.SHARED_MEMORY));
        }
    }

    /** What one does who waits for messages is told from what one does who computes by the length of holds and waits. */
    @Test
    void theConvoyIsSeenInTheStatistics() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Duration interval = Duration.ofMillis(5);
        int messages = 10;
        try (Heddle heddle = openLocked(interval)) {
            Task<?> computes = heddle.start(() -> {
                ints.set(FIRST_HAS_BEGUN, 1);
                while (ints.get(SECOND_HAS_BEGUN) == 0) {
                    Heddle.checkpoint();
                }
            });
            Task<?> waits = heddle.start(() -> {
                while (ints.get(FIRST_HAS_BEGUN) == 0) {
                    Heddle.sleep(SOON);
                }
                for (int i = 0; i < messages; i++) {
                    Heddle.sleep(SOON);
                }
                ints.set(SECOND_HAS_BEGUN, 1);
            });
            if (exempt(Exemption.CO_OPERATIVE)) {
                ints.set(SECOND_HAS_BEGUN, 1); // nobody would switch
            }
            computes.join();
            waits.join();
            awaitIdle(heddle);
            GlobalLockStats all = heddle.stats().lock();
            if (exempt(Exemption.CO_OPERATIVE)) {
                assertThat(all).isEqualTo(GlobalLockStats.NONE);
                return;
            }
            assertThat(waits.lockStats().holds()).isGreaterThanOrEqualTo(messages);
            assertThat(all.holds())
                    .isEqualTo(computes.lockStats().holds() + waits.lockStats().holds());
            if (exempt(Exemption.SHARED_MEMORY)) {
                // One that is stopped for long between its wait and the other's turn may find the lock free.
                int most = messages / 2;
                assertThat(waits.lockStats().waits()).isGreaterThanOrEqualTo(most);
                assertThat(waits.lockStats().meanWait()).isGreaterThan(interval.dividedBy(2));
                assertThat(computes.lockStats().dropRequests()).isGreaterThanOrEqualTo(most);
                assertThat(computes.lockStats().forcedSwitches()).isGreaterThanOrEqualTo(most);
                assertThat(computes.lockStats().meanHold())
                        .isGreaterThan(waits.lockStats().meanHold());
            } else {
                assertThat(waits.lockStats().waits()).isZero();
                assertThat(computes.lockStats().holds()).isEqualTo(1);
            }
        }
    }

    @Test
    void withoutOneNothingIsCounted() throws Exception {
        Task<Integer> task = heddle().start(() -> 1);
        assertThat(task.join()).isEqualTo(1);
        assertThat(task.lockStats()).isEqualTo(GlobalLockStats.NONE);
        assertThat(heddle().stats().lock()).isEqualTo(GlobalLockStats.NONE);
    }
}
