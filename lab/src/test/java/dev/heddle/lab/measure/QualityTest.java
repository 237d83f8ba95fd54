package dev.heddle.lab.measure;

import static dev.heddle.lab.measure.Rows.SEED;
import static dev.heddle.lab.measure.Rows.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Outcome;
import dev.heddle.lab.measure.Quality.Grade;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityTest {
    private static Quality of(double foreign, boolean settled, int processors, int cpus, double... millis) {
        List<Sample> samples = new ArrayList<>();
        for (double time : millis) {
            samples.add(sample(time, foreign, Outcome.NOTHING));
        }
        return Quality.of(samples, Summary.of(samples, SEED), settled, processors, cpus);
    }

    @Test
    void steadyTimesOnAQuietMachineAreGood() {
        assertThat(of(0.05, true, 2, 2, 10, 11, 10, 11, 10, 11).grade()).isEqualTo(Grade.GOOD);
    }

    @Test
    void aWideIntervalIsNoisy() {
        Quality quality = of(0, true, 2, 2, 10, 20, 10, 20, 10, 20);
        assertThat(quality.grade()).isEqualTo(Grade.DOUBTFUL);
        assertThat(quality.cause()).isEqualTo("noisy");
    }

    @Test
    void otherProgramsDisturb() {
        assertThat(of(0.3, true, 2, 2, 10, 10, 10).grade()).isEqualTo(Grade.DOUBTFUL);
        assertThat(of(0.6, true, 2, 2, 10, 10, 10).grade()).isEqualTo(Grade.INVALID);
        assertThat(of(0.6, true, 2, 2, 10, 10, 10).details()).contains("60%");
    }

    @Test
    void gettingFasterIsNotWarmedUp() {
        Quality quality = of(0, true, 2, 2, 20, 18, 16, 14, 12, 10);
        assertThat(quality.grade()).isEqualTo(Grade.INVALID);
        assertThat(quality.cause()).isEqualTo("not warmed up");
    }

    @Test
    void withFewRepetitionsTheWarmUpDecides() {
        assertThat(of(0, true, 2, 2, 10, 10).grade()).isEqualTo(Grade.GOOD);
        assertThat(of(0, false, 2, 2, 10, 10).cause()).isEqualTo("not warmed up");
    }

    @Test
    void gettingSlowerIsNotCalledWarmingUp() {
        assertThat(of(0, true, 2, 2, 10, 10, 10, 11, 11, 11).grade()).isEqualTo(Grade.GOOD);
    }

    @Test
    void tooFewCpus() {
        assertThat(of(0, true, 1, 1, 10, 10, 10).cause()).isEqualTo("too few CPUs");
        assertThat(of(0, true, 4, 2, 10, 10, 10).details()).contains("4 processors", "there are 2");
    }
}
