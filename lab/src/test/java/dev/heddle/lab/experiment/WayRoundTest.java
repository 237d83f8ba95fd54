package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WayRoundTest {
    @Test
    void allDoTheSameWork() throws Exception {
        Conclusion conclusion = Smallest.run(new WayRound());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(conclusion.answer().sheet().lines())
                .extracting(line -> line.getFirst().text())
                .containsExactly("Python thread", "Python process", "PROCESS");
    }
}
