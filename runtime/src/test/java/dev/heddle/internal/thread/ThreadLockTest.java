package dev.heddle.internal.thread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.internal.TestOptions;
import dev.heddle.internal.trace.Trace;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is particular to the global lock of a THREAD heddle. */
@SuppressWarnings("serial") // these jobs stay in this JVM
class ThreadLockTest extends HeddleTest {
    /** So long that nobody ever requests the lock. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static Heddle open() {
        return Heddle.builder(Model.THREAD).processors(2).globalLock(NEVER).open();
    }

    /** {@return a task that has the lock, in a wait of the JDK's, until the gate opens} */
    private static Task<?> keeps(Heddle heddle, CountDownLatch gate) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Task<?> task = heddle.start(() -> {
            begun.countDown();
            gate.await();
        });
        begun.await();
        return task;
    }

    @Test
    void aWaitOfTheJdkKeepsIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicBoolean otherRan = new AtomicBoolean();
        try (Heddle heddle = open()) {
            Task<?> keeps = keeps(heddle, gate);
            Task<?> other = heddle.start(() -> otherRan.set(true));
            eventually("the other waits for the lock", () -> heddle.dump().contains(" to take the global lock of"));
            assertThat(heddle.dump()).contains("held by task " + keeps.id());
            assertThat(otherRan).isFalse();
            gate.countDown();
            keeps.join();
            other.join();
            assertThat(otherRan).isTrue();
        }
    }

    @Test
    void whoWaitsForItIsRunnable() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (Heddle heddle = open()) {
            keeps(heddle, gate);
            heddle.start(() -> {});
            eventually("one keeps it in a wait, and one could run", () -> {
                return heddle.stats().parked() == 1 && heddle.stats().runnable() == 1;
            });
            gate.countDown();
        }
    }

    @Test
    void aTaskThatIsCancelledWhileItWaitsForItNeverBegins() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicBoolean begun = new AtomicBoolean();
        try (Heddle heddle = open()) {
            keeps(heddle, gate);
            Task<?> other = heddle.start(() -> begun.set(true));
            eventually("it waits for the lock", () -> heddle.dump().contains(" to take the global lock of"));
            assertThat(other.cancel(true)).isTrue();
            gate.countDown();
        }
        assertThat(begun).isFalse();
    }

    @Test
    void theTimeLimitBeginsWhenATaskHasIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Duration limit = SMALL;
        try (Heddle heddle = open()) {
            keeps(heddle, gate);
            Task<Integer> other = heddle.start(() -> 1, TaskOptions.DEFAULT.timeLimit(limit));
            Thread.sleep(limit.multipliedBy(2)); // longer than the limit, in the queue
            gate.countDown();
            assertThat(other.join()).isEqualTo(1);
        }
    }

    @Test
    void eachHoldIsTraced() throws Exception {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        Trace trace = (event, subject, detail) -> {
            if (event == Trace.Event.LOCK_TAKEN || event == Trace.Event.LOCK_DROPPED) {
                events.add(event + " " + subject + (detail < 0 ? " for less than nothing" : ""));
            }
        };
        List<Long> threads = new ArrayList<>();
        try (Heddle heddle = new ThreadHeddle(TestOptions.locked(Model.THREAD, NEVER, TestOptions.traced(trace)))) {
            for (int i = 0; i < 2; i++) {
                heddle.start(() -> {
                            threads.add(Thread.currentThread().threadId());
                            Heddle.sleep(Duration.ofMillis(1));
                        })
                        .join();
            }
        }
        List<String> expected = new ArrayList<>();
        for (long thread : threads) {
            for (int hold = 0; hold < 2; hold++) {
                expected.add("LOCK_TAKEN " + thread);
                expected.add("LOCK_DROPPED " + thread);
            }
        }
        assertThat(events).containsExactlyElementsOf(expected);
    }
}
