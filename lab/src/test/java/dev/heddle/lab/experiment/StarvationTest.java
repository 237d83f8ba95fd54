package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StarvationTest {
    @Test
    void aSpinningFiberStarvesTheOther() throws Exception {
        Conclusion conclusion = Smallest.run(new Starvation());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(Smallest.values(conclusion, "FIBER spinning", "longest wait")[0])
                .isGreaterThan(290e6);
        assertThat(conclusion.answer().sentences()).contains("starved under").contains("FIBER (");
    }
}
