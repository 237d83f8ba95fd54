package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import org.junit.jupiter.api.Test;

class PhilosophersTest {
    @Test
    void anOrderOfLocksFeedsAllAndLeftFirstStarvesAll() throws Exception {
        Conclusion conclusion = Smallest.run(new Philosophers());
        assertThat(Smallest.missing(conclusion)).isEmpty();
        for (Model model : Model.values()) {
            assertThat(Smallest.values(conclusion, model + " lower first", "meals"))
                    .containsOnly(50);
            assertThat(Smallest.values(conclusion, model + " lower first", "stood still"))
                    .containsOnly(0);
        }
        // Fibers all hold their left fork before any goes on: each waits there, and the next has its turn.
        assertThat(Smallest.values(conclusion, "FIBER left first", "stood still"))
                .containsOnly(1);
    }
}
