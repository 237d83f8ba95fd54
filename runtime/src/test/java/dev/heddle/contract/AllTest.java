package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.LimitPolicy;
import dev.heddle.NotTransferableException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code all()} runs jobs that belong together, and none of its tasks outlives it. */
class AllTest extends GroupTest {
    @Test
    void theResultsAreInTheOrderOfTheJobsWhoeverEndsFirst() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        List<Integer> results = heddle.all(List.of(() -> gate.receive(), () -> 2, () -> {
            gate.send(1);
            return 3;
        }));
        assertThat(results).containsExactly(1, 2, 3);
        assertNoneLives(heddle, new SharedInts(folder));
    }

    @Test
    void noJobsHaveNoResults() throws Exception {
        List<Job<Integer>> none = List.of();
        assertThat(heddle().all(none)).isEmpty();
    }

    @Test
    void aResultMayBeNull() throws Exception {
        List<Job<@Nullable String>> jobs = List.of(() -> null, () -> "here");
        assertThat(heddle().<@Nullable String>all(jobs)).containsExactly(null, "here");
    }

    @Test
    void theFirstFailureCancelsTheOthers() {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(2))) { // close() has nothing to report
            Channel<Integer> running = heddle.channel(0);
            Channel<Integer> never = heddle.channel(0);
            assertThatThrownBy(() -> heddle.all(List.of(
                            waiting(ints, running, never),
                            once(2, running, failure("torn")),
                            waiting(ints, running, never))))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageMatching("task [0-9]+ of heddle " + heddle.name() + " failed: .*torn")
                    .hasNoSuppressedExceptions()
                    .cause()
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("torn");
            assertNoneLives(heddle, ints);
        }
    }

    /** Which failure is first is told where a test may say when tasks run, in TaskGroupTest. */
    @Test
    void closeReportsNoFailureAgainHoweverManyThereAre() {
        try (Heddle heddle = open(options -> options.processors(2))) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> heddle.all(List.of(failure("torn"), failure("torn"), failure("torn"))))
                        .isInstanceOf(TaskFailedException.class)
                        .hasRootCauseMessage("torn");
            }
        }
    }

    @Test
    void itWaitsForCodeThatTakesItsTimeToHeedTheInterrupt() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> interrupted = heddle.channel(0);
        Channel<Integer> leave = heddle.channel(0);
        CountDownLatch returned = new CountDownLatch(1);
        spawn(() -> {
            interrupted.receive();
            assertThat(returned.await(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("returned before the code has ended")
                    .isFalse();
            leave.send(1);
        });
        assertThatThrownBy(() -> heddle.all(
                        List.of(stubborn(ints, running, interrupted, leave), once(1, running, failure("torn")))))
                .isInstanceOf(TaskFailedException.class);
        assertNoneLives(heddle, ints);
        returned.countDown();
    }

    @Test
    void anInterruptedCallerCancelsAllAndIsToldOnceTheyHaveEnded() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Thread caller = Thread.currentThread();
        spawn(() -> {
            running.receive();
            running.receive();
            caller.interrupt();
        });
        assertThatThrownBy(() -> heddle.all(List.of(waiting(ints, running, never), waiting(ints, running, never))))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("still interrupted").isFalse();
        assertNoneLives(heddle, ints);
    }

    @Test
    void anInterruptWhileItWaitsForTheCancelledIsKeptForLater() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> interrupted = heddle.channel(0);
        Channel<Integer> leave = heddle.channel(0);
        Thread caller = Thread.currentThread();
        spawn(() -> {
            interrupted.receive();
            caller.interrupt();
            leave.send(1);
        });
        assertThatThrownBy(() -> heddle.all(
                        List.of(stubborn(ints, running, interrupted, leave), once(1, running, failure("torn")))))
                .isInstanceOf(TaskFailedException.class);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertNoneLives(heddle, ints);
    }

    @Test
    void aTaskOfTheSameHeddleMayCallIt() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Job<Integer> outer = () -> sum(heddle.all(List.of(number(1), () -> sum(heddle.all(List.of(number(2)))))));
            if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
                assertThatThrownBy(() -> heddle.start(outer)).isInstanceOf(NotTransferableException.class);
            } else {
                assertThat(heddle.start(outer).join()).isEqualTo(3);
            }
        }
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(n -> n).sum();
    }

    @Test
    void cancellingATaskThatCallsItCancelsItsTasks() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        Channel<String> seen = heddle.channel(1);
        Action outer = () -> {
            try {
                heddle.all(List.of(waiting(ints, running, never), waiting(ints, running, never)));
            } catch (InterruptedException e) {
                seen.send("interrupted");
            }
        };
        if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
            assertThatThrownBy(() -> heddle.start(outer)).isInstanceOf(NotTransferableException.class);
            return;
        }
        Task<?> task = heddle.start(outer);
        running.receive();
        running.receive();
        task.cancel(true);
        assertThat(seen.receive()).isEqualTo("interrupted");
        awaitIdle(heddle);
        assertNoneLives(heddle, ints);
    }

    @Test
    void aThreadThatIsNoTaskAndNoOwnerMayCallIt() {
        Heddle heddle = heddle();
        Thread stranger = spawn(
                () -> assertThat(heddle.all(List.of(number(1), number(2)))).containsExactly(1, 2));
        eventually("it has its results", () -> !stranger.isAlive());
    }

    @Test
    void aRejectedTaskCancelsThoseStartedBefore() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(2, LimitPolicy.REJECT))) {
            Channel<Integer> never = heddle.channel(0);
            Channel<Integer> running = heddle.channel(2);
            assertThatThrownBy(() -> heddle.all(
                            List.of(waiting(ints, running, never), waiting(ints, running, never), number(3))))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("which is its limit");
            assertNoneLives(heddle, ints);
            for (int i = 0; i < 20; i++) { // there is room again at once, also after a success
                assertThat(heddle.all(List.of(number(1), number(2)))).containsExactly(1, 2);
            }
        }
    }

    @Test
    void aClosedHeddleRejects() {
        Heddle heddle = open(options -> options.processors(1));
        heddle.close();
        assertThatThrownBy(() -> heddle.all(List.of(number(1), number(2))))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("starts no more tasks");
    }

    /** Not serializable. */
    private static final class Connection {
        int read() {
            return 7;
        }
    }

    @Test
    void aJobThatCannotCrossCancelsThoseStartedBefore() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Connection connection = new Connection();
        Job<Integer> reading = () -> connection.read();
        if (exempt(Exemption.JOBS_MUST_BE_SERIALIZABLE)) {
            Channel<Integer> running = heddle.channel(1);
            Channel<Integer> never = heddle.channel(0);
            assertThatThrownBy(() -> heddle.all(List.of(waiting(ints, running, never), reading)))
                    .isInstanceOf(NotTransferableException.class)
                    .hasMessageContaining("open it inside the job");
        } else {
            assertThat(heddle.all(List.of(number(1), reading))).containsExactly(1, 7);
        }
        assertNoneLives(heddle, ints);
    }

    @Test
    void aJobThatIsNullIsFoundBeforeAnyStarts() {
        Heddle heddle = heddle();
        long started = heddle.stats().started();
        assertThatNullPointerException()
                .isThrownBy(() -> heddle.all(Arrays.asList(number(1), null)))
                .withMessageContaining("job");
        assertThat(heddle.stats().started()).isEqualTo(started);
    }

    @Test
    void moreJobsThanTheLimitWaitForRoom() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(2, LimitPolicy.BLOCK))) {
            List<Job<Integer>> jobs = new ArrayList<>();
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                jobs.add(number(i));
                numbers.add(i);
            }
            assertThat(heddle.all(jobs)).isEqualTo(numbers);
        }
    }

    @Test
    void aCallerThatIsInterruptedWhileItWaitsForRoomIsInterrupted() {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(1).maxTasks(1, LimitPolicy.BLOCK))) {
            Channel<Integer> running = heddle.channel(0);
            Channel<Integer> never = heddle.channel(0);
            Thread caller = Thread.currentThread();
            spawn(() -> {
                running.receive();
                caller.interrupt();
            });
            assertThatThrownBy(() -> heddle.all(List.of(waiting(ints, running, never), number(2))))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).as("still interrupted").isFalse();
            assertNoneLives(heddle, ints);
        }
    }

    @Test
    void shutdownNowCancelsIt() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = open(options -> options.processors(2));
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        spawn(() -> {
            running.receive();
            running.receive();
            heddle.shutdownNow();
        });
        assertThatThrownBy(() -> heddle.all(List.of(waiting(ints, running, never), waiting(ints, running, never))))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("of heddle " + heddle.name() + " was cancelled")
                .hasMessageContaining("shutdownNow()");
        assertNoneLives(heddle, ints);
        heddle.close();
    }

    @Test
    void aDumpNamesTheTasksThatATaskWaitsFor() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Integer> running = heddle.channel(0);
            Channel<Integer> gate = heddle.channel(0);
            Job<Integer> waiting = () -> {
                running.send(1);
                return gate.receive();
            };
            Job<Integer> outer = () -> sum(heddle.all(List.of(waiting, waiting)));
            if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
                assertThatThrownBy(() -> heddle.start(outer)).isInstanceOf(NotTransferableException.class);
                return;
            }
            Task<Integer> task = heddle.start(outer);
            running.receive();
            running.receive();
            awaitWaiting(heddle, 3);
            assertThat(heddle.dump())
                    .containsPattern(
                            "task " + task.id() + " waits to join tasks [0-9]+, [0-9]+ of heddle " + heddle.name());
            gate.send(1);
            gate.send(2);
            assertThat(task.join()).isEqualTo(3);
        }
    }
}
