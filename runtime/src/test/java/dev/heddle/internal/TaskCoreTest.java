package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One state, moved once to one end, whoever races for it. */
class TaskCoreTest extends HeddleTest {
    private static final int ROUNDS = 1_000;

    private final ManualHeddle heddle = new ManualHeddle();

    private TaskCore<Integer> start(dev.heddle.Job<Integer> job) {
        heddle.start(job);
        @SuppressWarnings("unchecked")
        TaskCore<Integer> task = (TaskCore<Integer>) heddle.launched.remove();
        return task;
    }

    /** Runs both at once, as nearly as that can be had. */
    private void race(Code first, Code second) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(2);
        Thread other = spawn(() -> {
            barrier.await();
            first.run();
        });
        barrier.await();
        second.run();
        other.join();
    }

    @Test
    void aCancelBeforeTheBeginningKeepsTheJobFromRunning() {
        AtomicInteger runs = new AtomicInteger();
        TaskCore<Integer> task = start(runs::incrementAndGet);
        assertThat(task.cancel(true)).isTrue();
        assertThat(heddle.live()).as("its code cannot run any more").isZero();
        task.run();
        assertThat(runs.get()).isZero();
        assertThat(heddle.live()).as("counted once").isZero();
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        heddle.close();
    }

    @Test
    void aCancelOfARunningTaskIsLiveUntilItsCodeEnds() {
        TaskCore<Integer> task = start(() -> 1);
        assertThat(task.begin()).isTrue();
        assertThat(task.cancel(false)).isTrue();
        assertThat(task.isDone()).isTrue();
        assertThat(heddle.live()).isEqualTo(1);
        task.settle(null, new IllegalStateException("dropped"));
        assertThat(heddle.live()).isZero();
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        heddle.close(); // a failure that nobody joined would come out here
    }

    @Test
    void beginAgainstCancel() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            AtomicInteger runs = new AtomicInteger();
            AtomicInteger cancels = new AtomicInteger();
            TaskCore<Integer> task = start(runs::incrementAndGet);
            race(task, () -> cancels.addAndGet(task.cancel(false) ? 1 : 0));
            assertThat(task.isDone()).isTrue();
            assertThat(task.isCancelled()).isEqualTo(cancels.get() == 1);
            if (!task.isCancelled()) {
                assertThat(task.resultNow()).isEqualTo(1);
            }
            assertThat(heddle.live()).isZero();
            assertThat(heddle.tasks()).isEmpty();
        }
        heddle.close();
    }

    private void race(TaskCore<Integer> task, Code other) throws Exception {
        race(() -> task.run(), other);
    }

    @Test
    void oneOfManyCancelsWins() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskCore<Integer> task = start(() -> 1);
            AtomicInteger cancels = new AtomicInteger();
            Code cancel = () -> cancels.addAndGet(task.cancel(true) ? 1 : 0);
            race(cancel, cancel);
            assertThat(cancels.get()).isEqualTo(1);
            assertThat(heddle.live()).isZero();
        }
        heddle.close();
    }

    @Test
    void aJoinAgainstTheEnd() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskCore<Integer> task = start(() -> 7);
            race(task, () -> assertThat(task.join()).isEqualTo(7));
        }
        heddle.close();
    }

    @Test
    void whoeverWantsToKnowIsToldOnce() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskCore<Integer> task = start(() -> 7);
            AtomicInteger told = new AtomicInteger();
            race(task, () -> task.whenDone(told::incrementAndGet));
            assertThat(told.get()).isEqualTo(1);
        }
        heddle.close();
    }

    @Test
    void joinersThatGiveUpLeaveTheOthersWaiting() throws Exception {
        TaskCore<Integer> task = start(() -> 7);
        List<Thread> patient = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            patient.add(spawn(() -> assertThat(task.join()).isEqualTo(7)));
            Thread impatient = spawn(() ->
                    assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class));
            Thread interrupted = spawn(() -> assertThatThrownBy(task::join).isInstanceOf(InterruptedException.class));
            interrupted.interrupt();
            impatient.join();
            interrupted.join();
        }
        task.run();
        for (Thread thread : patient) {
            assertThat(thread.join(LONG)).isTrue();
        }
        heddle.close();
    }

    @Test
    void theCodeIsInterruptedWhileItRunsAndNotAfterwards() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            TaskCore<Integer> task = start(() -> 1);
            race(task, () -> task.cancel(true));
            Thread.interrupted(); // the cancel may have met the last moment of a run on this thread
        }
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        TaskCore<Integer> task = start(() -> {
            running.countDown();
            never.await();
            return 1;
        });
        Thread runner = spawn(task::run);
        running.await();
        assertThat(task.runner()).isSameAs(runner);
        assertThat(task.cancel(true)).isTrue();
        assertThat(runner.join(LONG)).isTrue();
        assertThat(task.runner()).isNull();
        heddle.close();
    }

    @Test
    void afterTheEndAllFormsAgree() {
        TaskCore<Integer> failed = start(() -> {
            throw new UnsupportedOperationException("torn");
        });
        failed.run();
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);
        assertThat(failed.cancel(true)).isFalse();
        TaskCore<Integer> cancelled = start(() -> 1);
        cancelled.cancel(true);
        assertThatThrownBy(cancelled::join)
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("was cancelled");
        heddle.close();
    }
}
