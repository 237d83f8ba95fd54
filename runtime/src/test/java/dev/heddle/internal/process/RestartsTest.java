package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Workers that are of no use are replaced ever more slowly, and tasks do not wait for them for ever. */
class RestartsTest {
    private static final DeathReport DEATH =
            new DeathReport("loom-worker-1", 7, 1, null, List.of("no such flag"), null);

    private long now = -TimeUnit.SECONDS.toNanos(1);
    private final Restarts restarts = new Restarts("loom", () -> now);

    private long pauseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(restarts.next() - now);
    }

    @Test
    void thePauseDoublesUpToTenSecondsAndIsForgottenOnceOneIsUsed() {
        assertThat(pauseMillis()).isZero();
        assertThat(restarts.oneAtATime()).isFalse();
        for (long pause : new long[] {100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000}) {
            restarts.wasUseless(true, DEATH);
            assertThat(pauseMillis()).isEqualTo(pause);
            assertThat(restarts.oneAtATime()).isTrue();
            now += TimeUnit.MILLISECONDS.toNanos(pause);
            assertThat(pauseMillis()).isZero();
        }
        assertThat(restarts.failure()).as("they were ready, after all").isNull();
        restarts.ready();
        assertThat(restarts.oneAtATime()).as("it may die as the others did").isTrue();
        restarts.used();
        assertThat(restarts.oneAtATime()).isFalse();
        restarts.wasUseless(true, DEATH);
        assertThat(pauseMillis()).isEqualTo(100);
    }

    @Test
    void afterThreeThatWereNotReadyOnlyATaskThatComesAfterThePauseHasOneStarted() {
        for (int i = 0; i < 2; i++) {
            restarts.wasUseless(false, DEATH);
            assertThat(restarts.failure()).isNull();
            assertThat(restarts.allow(false)).isTrue();
        }
        restarts.wasUseless(false, DEATH);
        assertThat(restarts.failure())
                .isEqualTo("heddle loom can start no workers, since 3 in a row ended before they were ready; it tries"
                        + " again for tasks that come later; the last: loom-worker-1 (process 7) ended with exit code 1"
                        + " at its start: code in it called System.exit or Runtime.halt, or its JVM gave up; its last"
                        + " lines on standard error:\n    no such flag");
        assertThat(restarts.allow(true)).isFalse();
        now += TimeUnit.MILLISECONDS.toNanos(400);
        assertThat(restarts.allow(false)).isFalse();
        assertThat(restarts.allow(true)).isTrue();
        restarts.ready();
        assertThat(restarts.failure()).isNull();
        assertThat(restarts.allow(false)).isTrue();
    }
}
