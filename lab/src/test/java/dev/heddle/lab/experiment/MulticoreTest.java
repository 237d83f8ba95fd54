package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import org.junit.jupiter.api.Test;

class MulticoreTest {
    @Test
    void everyModelDoesTheWorkAndIsJudged() throws Exception {
        Conclusion conclusion = Smallest.run(new Multicore());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        assertThat(conclusion.findings().present())
                .hasSameSizeAs(conclusion.findings().rows());
        assertThat(conclusion.answer().sheet().lines())
                .extracting(line -> line.getFirst().text())
                .contains(Model.PROCESS.name(), Model.THREAD.name(), Model.GREEN.name(), Model.FIBER.name());
    }
}
