package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.peer.Language;
import dev.heddle.lab.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Loads the machine while the lab measures. */
class NoiseTest {
    private static final String FOR_EVER = "1000000000000000";

    @Test
    void besideAnotherProgramThatTakesTheCpusThereIsNoAnswer() throws Exception {
        int cpus = Runtime.getRuntime().availableProcessors();
        List<String> hog = new ArrayList<>(new Peer(Language.C, "turns").command());
        hog.addAll(List.of(String.valueOf(2 * cpus), FOR_EVER));
        Process load = new ProcessBuilder(hog).start();
        try {
            Conclusion conclusion = Smallest.run(new Overlap());
            assertThat(load.isAlive()).isTrue();
            assertThat(conclusion.standing()).isEqualTo(Standing.NOISY);
            assertThat(conclusion.sentences()).startsWith("No answer, since the machine was noisy");
            assertThat(conclusion.answer().beliefs()).isEmpty();
            // What was found is shown all the same.
            assertThat(conclusion.answer().sheet().lines()).hasSize(7);
        } finally {
            Stream.concat(Stream.of(load.toHandle()), load.descendants()).forEach(ProcessHandle::destroyForcibly);
            load.waitFor();
        }
    }
}
