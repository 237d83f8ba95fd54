package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GilTest {
    @Test
    void everybodyComputesAndWaits() throws Exception {
        Conclusion conclusion = Smallest.run(new Gil());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(conclusion.answer().sheet().lines())
                .extracting(line -> line.getFirst().text())
                .containsExactly("THREAD no lock", "THREAD global lock", "Python");
    }
}
