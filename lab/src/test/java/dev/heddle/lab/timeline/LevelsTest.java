package dev.heddle.lab.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bins of time hold what the spans say, at every level. */
class LevelsTest {
    private static final List<State> STATES = List.of(State.values());

    private static long[] exact(List<Spans> rows) {
        long[] nanos = new long[Levels.STATES];
        for (Spans spans : rows) {
            spans.nanosByState().forEach((state, own) -> nanos[state.number()] += own);
        }
        return nanos;
    }

    private static long[] sums(Levels levels, int level) {
        long[] nanos = new long[Levels.STATES];
        for (int bin = 0; bin < levels.bins(level); bin++) {
            for (State state : State.values()) {
                nanos[state.number()] += levels.nanos(level, bin, state);
            }
        }
        return nanos;
    }

    @Test
    void sumsOfAllLevelsAreThoseOfTheSpans() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long end = random.nextLong(1, 1L << random.nextInt(1, 40));
            List<Spans> rows = new ArrayList<>();
            for (int r = random.nextInt(1, 6); r > 0; r--) {
                Spans spans = new Spans();
                long now = random.nextLong(end);
                while (now < end && spans.size() < 500) {
                    spans.begin(now, STATES.get(random.nextInt(STATES.size())), Spans.NOBODY);
                    now += random.nextLong(1 + end / random.nextInt(1, 300));
                }
                spans.finish(end);
                rows.add(spans);
            }
            Levels levels = Levels.of(rows, end, 1 << random.nextInt(6, 14));
            for (int level = 0; level < levels.count(); level++) {
                assertThat(sums(levels, level))
                        .as("seed %d, level %d", seed, level)
                        .isEqualTo(exact(rows));
            }
            assertThat(levels.bins(levels.count() - 1)).as("seed %d", seed).isLessThanOrEqualTo(64);
        }
    }

    @Test
    void aBinHasItsOwnTimeOnly() {
        Spans spans = new Spans();
        spans.begin(0, State.RUNNING, 0);
        spans.begin(100, State.CHANNEL, Spans.NOBODY);
        spans.finish(256);
        Levels levels = Levels.of(List.of(spans), 256, 5); // bins of 64
        assertThat(levels.shift(0)).isEqualTo(6);
        assertThat(levels.nanos(0, 1, State.RUNNING)).isEqualTo(36);
        assertThat(levels.nanos(0, 1, State.CHANNEL)).isEqualTo(28);
        assertThat(levels.dominant(0, 1)).isEqualTo(State.RUNNING);
        assertThat(levels.dominant(0, 2)).isEqualTo(State.CHANNEL);
        assertThat(levels.dominant(0, 4)).isEqualTo(State.NONE);
        assertThat(levels.most()).isEqualTo(1);
    }
}
