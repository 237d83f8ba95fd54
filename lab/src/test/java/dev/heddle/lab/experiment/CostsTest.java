package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CostsTest {
    @Test
    void everyCostOfEverybodyIsMeasured() throws Exception {
        Conclusion conclusion = Smallest.run(new Costs());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (Measured row : conclusion.findings().present()) {
            for (String cost : new String[] {"create", "round trip"}) {
                assertThat(Smallest.values(conclusion, row.label(), cost)[0])
                        .as(row.label() + " " + cost)
                        .isPositive();
            }
            assertThat(Smallest.values(conclusion, row.label(), "memory"))
                    .as(row.label())
                    .hasSize(1);
        }
        assertThat(Smallest.values(conclusion, "PROCESS", "switch")).isEmpty();
        assertThat(Smallest.values(conclusion, "PROCESS", "memory")[0]).isGreaterThan(10 << 20);
    }
}
