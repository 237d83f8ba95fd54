package dev.heddle.stress;

import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link ChannelStress}, so that it keeps running and for what it finds in a moment. Its output names the seed. */
class ChannelStressForAMomentTest extends HeddleTest {
    @Test
    void nothingIsLostOrDoubledAndNobodyHangs() throws Exception {
        ChannelStress.run(Duration.ofSeconds(3), Stress.newSeed());
    }
}
