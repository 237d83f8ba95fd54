package dev.heddle.stress;

import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link GreenStress}, so that it keeps running and for what it finds in a moment. Its output names the seed. */
class GreenStressForAMomentTest extends HeddleTest {
    @Test
    void nothingIsLost() throws Exception {
        GreenStress.run(Duration.ofSeconds(3), Stress.newSeed());
    }
}
