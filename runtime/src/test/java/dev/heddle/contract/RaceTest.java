package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.LimitPolicy;
import dev.heddle.NotTransferableException;
import dev.heddle.TaskFailedException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code race()} takes the first success, and none of its tasks outlives it. */
class RaceTest extends GroupTest {
    @Test
    void theFirstSuccessCancelsTheOthers() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        assertThat(heddle.race(List.of(
                        waiting(ints, running, never), once(2, running, number(2)), waiting(ints, running, never))))
                .isEqualTo(2);
        assertNoneLives(heddle, ints);
    }

    @Test
    void aFailureDecidesNothingAndIsForgottenIfAnotherSucceeds() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) { // close() has nothing to report
            for (int i = 0; i < 20; i++) {
                assertThat(heddle.race(List.of(failure("torn"), number(2), failure("torn"))))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void ifAllFailTheFirstFailureIsTheCauseAndTheOthersAreSuppressed() {
        try (Heddle heddle = open(options -> options.processors(2))) { // close() has nothing to report
            assertThatThrownBy(() -> heddle.race(List.of(failure("a"), failure("b"), failure("c"))))
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("none of 3 tasks succeeded; the first to fail: task ")
                    .satisfies(thrown -> assertThat(
                                    Stream.concat(Stream.of(thrown.getCause()), Stream.of(thrown.getSuppressed()))
                                            .map(Throwable::getMessage))
                            .containsExactlyInAnyOrder("a", "b", "c"));
        }
    }

    @Test
    void theResultMayBeNull() throws Exception {
        List<Job<@Nullable String>> jobs = List.of(() -> null);
        assertThat(heddle().<@Nullable String>race(jobs)).isNull();
    }

    @Test
    void noJobsHaveNoWinner() {
        List<Job<Integer>> none = List.of();
        assertThatThrownBy(() -> heddle().race(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("race of no jobs has no result: pass at least one");
    }

    @Test
    void itWaitsForCodeThatTakesItsTimeToHeedTheInterrupt() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = heddle();
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> interrupted = heddle.channel(0);
        Channel<Integer> leave = heddle.channel(0);
        CountDownLatch returned = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        spawn(() -> {
            interrupted.receive();
            assertThat(returned.await(SHORT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("returned before the code has ended")
                    .isFalse();
            caller.interrupt(); // which does not cost the result, and is kept for later
            leave.send(1);
        });
        assertThat(heddle.race(List.of(stubborn(ints, running, interrupted, leave), once(1, running, number(2)))))
                .isEqualTo(2);
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
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
        assertThatThrownBy(() -> heddle.race(List.of(waiting(ints, running, never), waiting(ints, running, never))))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("still interrupted").isFalse();
        assertNoneLives(heddle, ints);
    }

    @Test
    void aTaskOfTheSameHeddleMayCallIt() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> never = heddle.channel(0);
            Job<Integer> outer = () -> heddle.race(List.of(() -> never.receive(), number(2)));
            if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
                assertThatThrownBy(() -> heddle.start(outer)).isInstanceOf(NotTransferableException.class);
            } else {
                assertThat(heddle.start(outer).join()).isEqualTo(2);
            }
        }
    }

    @Test
    void aRejectedTaskCancelsThoseStartedBefore() {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(2).maxTasks(1, LimitPolicy.REJECT))) {
            Channel<Integer> never = heddle.channel(0);
            Channel<Integer> running = heddle.channel(1);
            assertThatThrownBy(() -> heddle.race(List.of(waiting(ints, running, never), number(2))))
                    .isInstanceOf(RejectedExecutionException.class);
            assertNoneLives(heddle, ints);
        }
    }

    @Test
    void shutdownNowCancelsIt() {
        SharedInts ints = new SharedInts(folder);
        Heddle heddle = open(options -> options.processors(1));
        Channel<Integer> running = heddle.channel(0);
        Channel<Integer> never = heddle.channel(0);
        spawn(() -> {
            running.receive();
            heddle.shutdownNow();
        });
        assertThatThrownBy(() -> heddle.race(List.of(waiting(ints, running, never))))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("shutdownNow()");
        assertNoneLives(heddle, ints);
        heddle.close();
    }
}
