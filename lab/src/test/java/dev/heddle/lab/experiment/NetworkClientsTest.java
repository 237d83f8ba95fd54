package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.workload.ClientLimit;
import org.junit.jupiter.api.Test;

class NetworkClientsTest {
    @Test
    void theLimitThatStopsItIsNamed() {
        ClientLimit limit = ClientLimit.strictest();
        assertThat(limit.most()).isPositive();
        assertThat(limit.why()).matches(".*[0-9,]+ (files|ports|MiB).*");
    }

    @Test
    void everyClientGetsItsAnswersUnderEveryModel() throws Exception {
        Conclusion conclusion = Smallest.run(new NetworkClients());
        assertThat(Smallest.missing(conclusion)).isEmpty(); // the bytes are counted on both sides
        assertThat(conclusion.findings().present()).hasSize(12);
        for (String model : new String[] {"PROCESS", "THREAD", "GREEN", "FIBER"}) {
            assertThat(Smallest.values(conclusion, model + " 4", "round trips")).containsOnly(4 * 2);
            assertThat(Smallest.values(conclusion, model + " 4 http", "round trips"))
                    .containsOnly(4 * 2);
        }
    }
}
