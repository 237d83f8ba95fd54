package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tasks execute at the same moment. */
class TrulyConcurrentTest extends ContractTest {
    private static final int ROUNDS = 300;

    /** Two tasks that take turns on one CPU need two slices of the operating system, some milliseconds, for a round. */
    private static final Duration MUCH_LESS_THAN_A_SLICE = Duration.ofNanos(50_000);

    @TempDir
    Path folder;

    /**
     * Answers the other task, without ever yielding or waiting.
     *
     * @return the shortest round in nanoseconds, or -1 if the other task did not answer
     */
    private static long volley(SharedInts ints, int mine, int theirs, Duration limit) {
        long shortest = Long.MAX_VALUE;
        for (int round = 1; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            ints.set(mine, round);
            if (!ints.spinUntil(theirs, round, limit)) {
                return -1;
            }
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest;
    }

    @Test
    void twoTasksThatNeedEachOtherAtOnceHaveEachOther() throws Exception {
        Heddle heddle = heddle();
        SharedInts ints = new SharedInts(folder);
        Duration limit = exempt(Exemption.ONE_AT_A_TIME) ? SHORT : LONG;
        Task<Long> first = heddle.start(() -> volley(ints, 0, 1, limit));
        Task<Long> second = heddle.start(() -> volley(ints, 1, 0, limit));
        if (exempt(Exemption.ONE_AT_A_TIME)) {
            assertThat(first.join()).as("the first runs alone, to its end").isEqualTo(-1);
            assertThat(second.join())
                    .as("the second meets only what the first has left")
                    .isEqualTo(-1);
            assertThat(ints.get(1)).isEqualTo(2);
        } else {
            assertThat(first.join()).isBetween(0L, MUCH_LESS_THAN_A_SLICE.toNanos());
            assertThat(second.join()).isBetween(0L, MUCH_LESS_THAN_A_SLICE.toNanos());
        }
    }
}
