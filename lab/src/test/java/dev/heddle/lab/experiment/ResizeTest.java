package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResizeTest {
    @Test
    void allPhasesAreMeasured() throws Exception {
        Conclusion conclusion = Smallest.run(new Resize());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (String label : new String[] {"PROCESS", "THREAD", "GREEN", "Go"}) {
            for (String fact : new String[] {"rate with 1", "rate with 2", "rate with 1 again"}) {
                assertThat(Smallest.values(conclusion, label, fact))
                        .as(label + fact)
                        .isNotEmpty();
            }
        }
    }
}
