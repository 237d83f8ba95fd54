package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbesTest {
    @Test
    void everyCellHasItsEvidence() throws Exception {
        for (Probes probes : new Probes[] {Probes.ofModels(), Probes.ofPeers()}) {
            Conclusion conclusion = Smallest.run(probes);
            assertThat(Smallest.missing(conclusion)).isEmpty();
            assertThat(conclusion.answer().sheet().lines())
                    .hasSizeGreaterThan(3)
                    .allSatisfy(line -> {
                        assertThat(line).hasSize(7);
                        assertThat(line.subList(1, 6))
                                .allSatisfy(
                                        entry -> assertThat(entry.evidence()).isNotEmpty());
                        assertThat(line.subList(1, 6))
                                .extracting(Sheet.Entry::text)
                                .isSubsetOf("yes", "no", "not sure");
                    });
        }
    }
}
