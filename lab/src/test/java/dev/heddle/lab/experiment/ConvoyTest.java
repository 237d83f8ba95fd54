package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConvoyTest {
    @Test
    void callsAreCountedAloneAndBeside() throws Exception {
        Conclusion conclusion = Smallest.run(new Convoy());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (Measured row : conclusion.findings().present()) {
            assertThat(Smallest.values(conclusion, row.label(), "calls per second")[0])
                    .isPositive();
        }
    }
}
