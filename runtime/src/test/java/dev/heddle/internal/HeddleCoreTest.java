package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Job;
import dev.heddle.TaskFailedException;
import dev.heddle.testing.HeddleTest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Starting, failing and ending, where a model's own behaviour would hide a race. */
class HeddleCoreTest extends HeddleTest {
    private final ManualHeddle heddle = new ManualHeddle();

    private TaskCore<?> launched() {
        return heddle.launched.remove();
    }

    private static Job<Integer> failure(int number) {
        return () -> {
            throw new UnsupportedOperationException("torn " + number);
        };
    }

    private void failAll() {
        while (!heddle.launched.isEmpty()) {
            launched().run();
        }
    }

    // ---- starting

    @Test
    void aLaunchThatThrowsLeavesNothingBehind() {
        heddle.onLaunch = task -> {
            throw new IllegalStateException("no more threads");
        };
        assertThatThrownBy(() -> heddle.start(() -> 1)).hasMessage("no more threads");
        assertThat(heddle.live()).isZero();
        assertThat(heddle.tasks()).isEmpty();
        heddle.close();
    }

    @Test
    void aLaunchThatThrowsAfterAShutdownCountsOnce() {
        heddle.onLaunch = task -> {};
        heddle.start(() -> 1);
        heddle.onLaunch = task -> {
            heddle.shutdownNow();
            throw new IllegalStateException("no more threads");
        };
        assertThatThrownBy(() -> heddle.start(() -> 1)).hasMessage("no more threads");
        assertThat(heddle.live()).isZero();
        assertThat(heddle.tasks()).isEmpty();
        heddle.close();
    }

    @Test
    void aStartAgainstACloseEitherRunsBeforeItOrIsRejected() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            ManualHeddle one = new ManualHeddle();
            AtomicInteger runs = new AtomicInteger();
            AtomicInteger rejected = new AtomicInteger();
            AtomicBoolean closing = new AtomicBoolean();
            int pause = random.nextInt(200);
            one.onLaunch = task -> {
                assertThat(one.releases.get()).as("seed %s", seed).isZero();
                task.run();
            };
            Thread starter = spawn(() -> {
                while (!closing.get()) {
                    Thread.onSpinWait();
                }
                spin(pause);
                try {
                    one.start(runs::incrementAndGet);
                } catch (RejectedExecutionException e) {
                    rejected.incrementAndGet();
                }
            });
            closing.set(true);
            spin(100);
            one.close();
            assertThat(one.releases.get()).isEqualTo(1);
            starter.join();
            assertThat(runs.get() + rejected.get()).as("seed %s", seed).isEqualTo(1);
            assertThat(one.live()).isZero();
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    // ---- ending

    @Test
    void whoeverEndsLastFreesIt() {
        heddle.start(() -> 1);
        heddle.shutdown();
        assertThat(heddle.releases.get()).isZero();
        launched().run();
        eventually("it is freed though nobody waits", () -> heddle.releases.get() == 1);
        heddle.close();
        assertThat(heddle.releases.get()).isEqualTo(1);
    }

    @Test
    void aWaitThatTimesOutJustAsTheLastTaskEndsStillFreesIt() throws Exception {
        heddle.start(() -> 1);
        heddle.shutdown();
        Parker.OF_PLATFORM_THREAD.set(new Parker() {
            private int looks;

            @Override
            public void park(Object blocker, long nanos) {
                throw new AssertionError("the time is over before");
            }

            // The clock is looked at a second time after the last look at the condition.
            @Override
            public long nanoTime() {
                if (++looks == 2) {
                    launched().run();
                    return 1_000;
                }
                return 0;
            }
        });
        try {
            assertThat(heddle.awaitTermination(1_000, TimeUnit.NANOSECONDS)).isFalse();
        } finally {
            Parker.OF_PLATFORM_THREAD.remove();
        }
        eventually("it is freed all the same", () -> heddle.releases.get() == 1);
    }

    @Test
    void aWaitThatIsInterruptedJustAsTheLastTaskEndsStillFreesIt() throws Exception {
        heddle.start(() -> 1);
        heddle.shutdown();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> heddle.awaitTermination(1, TimeUnit.DAYS)).isInstanceOf(InterruptedException.class);
        launched().run();
        eventually("it is freed", () -> heddle.releases.get() == 1);
    }

    @Test
    void shutdownNowReturnsOnlyWhatNeverBegan() {
        heddle.start(() -> 1);
        heddle.start(() -> 2);
        TaskCore<?> begun = launched();
        TaskCore<?> queued = launched();
        assertThat(begun.begin()).isTrue();
        assertThat(heddle.shutdownNow()).containsExactly(queued);
        assertThat(begun.isCancelled()).isTrue();
        assertThat(heddle.isTerminated()).isFalse();
        begun.settle(1, null);
        assertThat(heddle.isTerminated()).isTrue();
        heddle.close();
    }

    // ---- failures

    @Test
    void moreFailuresThanAreKeptAreCounted() {
        for (int i = 0; i < 100; i++) {
            heddle.start(failure(i));
        }
        failAll();
        assertThatThrownBy(heddle::close)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("100 tasks")
                .hasMessageContaining("torn 0");
        assertThat(heddle.told).hasSize(64);
        heddle.close();
    }

    @Test
    void failuresThatWereCountedAndThenSeenAreNotReported() {
        List<TaskCore<?>> tasks = startAndFail(100);
        for (TaskCore<?> task : tasks) {
            assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class);
        }
        heddle.close();
    }

    @Test
    void aFailureThatWasOnlyCountedIsReportedEvenIfAllKeptOnesWereSeen() {
        List<TaskCore<?>> tasks = startAndFail(65);
        for (TaskCore<?> task : tasks.subList(0, 64)) {
            assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class);
        }
        assertThatThrownBy(heddle::close)
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("a task of heddle manual failed and nobody joined it")
                .hasMessageContaining("not kept");
        assertThatThrownBy(tasks.get(64)::get).isInstanceOf(ExecutionException.class);
        heddle.close();
    }

    private List<TaskCore<?>> startAndFail(int count) {
        for (int i = 0; i < count; i++) {
            heddle.start(failure(i));
        }
        List<TaskCore<?>> tasks = List.copyOf(heddle.launched);
        failAll();
        return tasks;
    }

    @Test
    void aFailureAgainstAJoinIsNotReported() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            heddle.start(failure(i));
            TaskCore<?> task = launched();
            Thread runner = spawn(task::run);
            assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class);
            runner.join();
        }
        heddle.close();
    }
}
