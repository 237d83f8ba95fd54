package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Stats;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of {@code all} and {@code race} have in common: jobs that tell whether their code runs. */
abstract class GroupTest extends ContractTest {
    private static final int BEGUN = 0;
    private static final int ENDED = 1;

    @TempDir
    Path folder;

    static Job<Integer> number(int n) {
        return () -> n;
    }

    static Job<Integer> failure(String message) {
        return () -> {
            throw new UnsupportedOperationException(message);
        };
    }

    /** {@return a job that says that it runs, and then waits for ever} */
    static Job<Integer> waiting(SharedInts ints, Channel<Integer> running, Channel<Integer> never) {
        return () -> {
            ints.increment(BEGUN);
            try {
                running.send(1);
                return never.receive();
            } finally {
                ints.increment(ENDED);
            }
        };
    }

    /** {@return a job that waits for ever, and when it is interrupted says so and waits to be let go} */
    static Job<Integer> stubborn(
            SharedInts ints, Channel<Integer> running, Channel<Integer> interrupted, Channel<Integer> leave) {
        return () -> {
            ints.increment(BEGUN);
            running.send(1);
            try {
                return leave.receive();
            } catch (InterruptedException e) {
                interrupted.send(1);
                return leave.receive();
            } finally {
                ints.increment(ENDED);
            }
        };
    }

    /** {@return a job that waits for others to run before it does its own} */
    static Job<Integer> once(int others, Channel<Integer> running, Job<Integer> then) {
        return () -> {
            for (int i = 0; i < others; i++) {
                running.receive();
            }
            return then.call();
        };
    }

    /** Asserts that the code of all tasks of the heddle has ended, now and not soon. */
    static void assertNoneLives(Heddle heddle, SharedInts ints) {
        assertThat(ints.get(ENDED)).as("whose code has ended").isEqualTo(ints.get(BEGUN));
        Stats stats = heddle.stats();
        assertThat(stats.completed()).as("completed").isEqualTo(stats.started());
    }
}
