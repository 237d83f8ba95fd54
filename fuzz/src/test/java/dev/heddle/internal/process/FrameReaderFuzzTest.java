package dev.heddle.internal.process;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the parent makes of what a worker writes, whatever that is: see {@link HostileWorker}. In the suite, what was found once is
 * run again, and some programs at random; {@code -Dheddle.fuzz.seconds=600} runs those for longer. {@code JAZZER_FUZZ=1} has Jazzer
 * look for programs that get further.
 */
class FrameReaderFuzzTest {
    private static final int LONGEST = 600;

    @FuzzTest(maxDuration = "10m")
    void whatTheFuzzerFinds(byte[] program) {
        HostileWorker.run(program);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void whatComesAtRandom() {
        long seconds = Long.getLong("heddle.fuzz.seconds", 3);
        Random seeds = new Random(Long.getLong("heddle.fuzz.seed", ThreadLocalRandom.current().nextLong()));
        long runs = 0;
        long messages = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds); runs++) {
            byte[] program = new byte[seeds.nextInt(LONGEST)];
            seeds.nextBytes(program);
            try {
                messages += HostileWorker.run(program);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("the program " + Base64.getEncoder().encodeToString(program), e);
            }
        }
        System.out.println("FrameReaderFuzzTest: " + runs + " programs, " + messages + " messages");
    }
}
