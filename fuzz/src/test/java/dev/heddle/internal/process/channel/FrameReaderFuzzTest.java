package dev.heddle.internal.process.channel;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.heddle.internal.process.RandomPrograms;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the parent makes of what a worker writes, whatever that is: see {@link HostileWorker}. In the suite, what was found once is
 * run again, and {@link RandomPrograms}; {@code JAZZER_FUZZ=1} has Jazzer look for programs that get further.
 */
class FrameReaderFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void whatTheFuzzerFinds(byte[] program) {
        HostileWorker.run(program);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void whatComesAtRandom() {
        RandomPrograms.run(HostileWorker::run);
    }
}
