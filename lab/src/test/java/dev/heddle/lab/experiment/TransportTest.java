package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransportTest {
    @Test
    void everyWayCarriesAllMessages() throws Exception {
        Conclusion conclusion = Smallest.run(new Transport());
        assertThat(Smallest.missing(conclusion)).isEmpty(); // the sums are verified
        assertThat(conclusion.findings().present())
                .hasSize(6)
                .allSatisfy(row ->
                        assertThat(row.samples().getFirst().latencies().count()).isEqualTo(200));
    }
}
