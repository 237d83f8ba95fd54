package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Outcome;
import dev.heddle.lab.experiment.Scale.Size;
import dev.heddle.lab.measure.Rows;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times that were measured on two CPUs which at times were two halves of one core, in milliseconds. */
class SpeedUpsTest {
    private final List<Measured> rows = List.of(
            row("Python thread 1 task", 130, 169, 170, 116, 167, 112, 138),
            row("Python thread 2 tasks", 128, 168, 146, 116, 138, 128, 115),
            row("Python process 1 task", 108, 154, 167, 146, 165, 105, 143),
            row("Python process 2 tasks", 61, 85, 87, 81, 80, 55, 59),
            row("PROCESS 1 task", 102, 100, 100, 97, 101, 94, 99),
            row("PROCESS 2 tasks", 56, 70, 54, 51, 51, 54, 55),
            row("slower 1 task", 100, 100, 100, 100, 100, 100, 100),
            row("slower 2 tasks", 130, 130, 130, 130, 130, 130, 130));

    private static Measured row(String label, int... millis) {
        return MeasuredRows.of(
                label,
                Arrays.stream(millis)
                        .mapToObj(time -> Rows.sample(time, 0, Outcome.NOTHING))
                        .toList());
    }

    /** However the bootstrap falls, and so in each run. */
    @Test
    void noiseMakesAnIntervalWideAndTurnsNoVerdict() {
        for (long seed = 1; seed <= 50; seed++) {
            SpeedUps speedUps = SpeedUps.of(
                    new Findings(rows, new Scale(Size.USUAL, 2), seed),
                    List.of("Python thread", "Python process", "PROCESS", "slower"),
                    2);
            assertThat(speedUps.gain()).containsExactly("Python process (1.83)", "PROCESS (1.85)");
            assertThat(speedUps.none()).containsExactly("Python thread (1.08)", "slower (0.77)");
        }
    }

    @Test
    void whoIsNotThereIsInTheTableOnly() {
        SpeedUps speedUps =
                SpeedUps.of(new Findings(rows, new Scale(Size.USUAL, 2), 1), List.of("PROCESS", "Go goroutine"), 2);
        assertThat(speedUps.gain()).hasSize(1);
        assertThat(speedUps.none()).isEmpty();
        assertThat(speedUps.sheet().lines()).hasSize(2);
    }
}
