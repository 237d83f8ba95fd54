package dev.heddle.stress;

import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link LockStress}, so that it keeps running and for what it finds in a moment. Its output names the seed. */
class LockStressForAMomentTest extends HeddleTest {
    @Test
    void neverAreTwoInTheCodeOfALockAndNobodyHangs() throws Exception {
        LockStress.run(Duration.ofSeconds(3), Stress.newSeed());
    }
}
