package dev.heddle.internal.process.pipe;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.heddle.internal.process.RandomPrograms;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As {@code FrameReaderFuzzTest}, of a pipe: see {@link HostilePeer}. */
class PipeFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void whatTheFuzzerFinds(byte[] program) {
        HostilePeer.run(program);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void whatComesAtRandom() {
        RandomPrograms.run(HostilePeer::run);
    }
}
