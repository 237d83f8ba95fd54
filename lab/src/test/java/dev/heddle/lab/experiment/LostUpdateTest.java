package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import org.junit.jupiter.api.Test;

class LostUpdateTest {
    @Test
    void anAtomicAdditionLosesNothingAndFibersNeverDo() throws Exception {
        Conclusion conclusion = Smallest.run(new LostUpdate());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (Model model : Model.values()) {
            assertThat(Smallest.values(conclusion, model + " atomic", "final value"))
                    .containsOnly(0);
        }
        assertThat(Smallest.values(conclusion, "FIBER read, write", "final value"))
                .containsOnly(0);
        assertThat(conclusion.answer().sentences()).endsWith("none were lost under PROCESS, THREAD, GREEN and FIBER.");
    }
}
