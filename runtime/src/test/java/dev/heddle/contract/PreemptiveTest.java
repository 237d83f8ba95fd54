package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that neither yields nor waits does not stop another. */
class PreemptiveTest extends ContractTest {
    private static final int STARTED = 0;
    private static final int RELEASED = 1;

    @TempDir
    Path folder;

    @Test
    void aTaskThatSpinsDoesNotStopAnother() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Duration limit = exempt(Exemption.CO_OPERATIVE) ? SHORT : LONG;
        try (Heddle heddle = open(options -> options.processors(exempt(Exemption.ONE_TASK_PER_WORKER) ? 2 : 1))) {
            Task<Boolean> spinner = heddle.start(() -> {
                ints.set(STARTED, 1);
                return ints.spinUntil(RELEASED, 1, limit);
            });
            if (!exempt(Exemption.CO_OPERATIVE)) {
                eventually("the spinner runs", () -> ints.get(STARTED) == 1);
            }
            Task<Integer> other = heddle.start(() -> {
                ints.set(RELEASED, 1);
                return 1;
            });
            assertThat(other.join()).isEqualTo(1);
            assertThat(spinner.join()).as("released while it was spinning").isEqualTo(!exempt(Exemption.CO_OPERATIVE));
        }
    }
}
