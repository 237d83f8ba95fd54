package dev.heddle.chaos;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Chaos} for 60 s or {@code -Dheddle.chaos.seconds}, from {@code -Dheddle.chaos.seed} or another seed each time. */
class ChaosTest {
    private static final long SECONDS = Long.getLong("heddle.chaos.seconds", 60);

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS) // it watches itself
    void whateverDiesAllIsAccountedForAndNothingIsLeft() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        Chaos.run(Long.getLong("heddle.chaos.seed", Chaos.newSeed()), tally -> System.nanoTime() - end < 0);
    }
}
