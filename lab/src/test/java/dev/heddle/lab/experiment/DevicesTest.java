package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import org.junit.jupiter.api.Test;

class DevicesTest {
    @Test
    void everyModelServesAllDevices() throws Exception {
        Conclusion conclusion = Smallest.run(new Devices());
        assertThat(Smallest.missing(conclusion)).isEmpty(); // each device's answers are verified
        for (Model model : Model.values()) {
            assertThat(Smallest.values(conclusion, model + " 10", "silent devices"))
                    .containsOnly(1);
            assertThat(Smallest.values(conclusion, model + " 10", "unplugged devices"))
                    .containsOnly(1);
        }
    }
}
