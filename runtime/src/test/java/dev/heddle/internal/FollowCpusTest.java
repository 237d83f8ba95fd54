package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.internal.green.GreenHeddle;
import dev.heddle.internal.process.ProcessHeddle;
import dev.heddle.internal.thread.ThreadHeddle;
import dev.heddle.testing.HeddleTest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The number of processors follows that of the CPUs until it is set by hand. */
class FollowCpusTest extends HeddleTest {
    private final AtomicInteger cpus = new AtomicInteger(2);

    private Heddle open(Model model) {
        Options options = TestOptions.of(model, 0, TestOptions.withCpus(cpus::get));
        return switch (model) {
            case GREEN -> new GreenHeddle(options);
            case THREAD -> new ThreadHeddle(options);
            case PROCESS -> new ProcessHeddle(options);
            case FIBER -> throw new AssertionError("always 1");
        };
    }

    @ParameterizedTest
    @EnumSource(names = "FIBER", mode = EnumSource.Mode.EXCLUDE)
    void itFollowsWhileThereIsWorkUntilSetByHand(Model model) throws Exception {
        try (Heddle heddle = open(model)) {
            assertThat(heddle.processors()).isEqualTo(2);
            cpus.set(3);
            eventually("it has seen the third CPU", () -> worksWith(heddle, 3));

            assertThat(heddle.processors(1)).isEqualTo(3);
            cpus.set(2);
            assertThat(heddle.processorsAuto()).isEqualTo(1);
            assertThat(heddle.processors()).isEqualTo(2);
        }
    }

    private static boolean worksWith(Heddle heddle, int processors) {
        heddle.start(() -> {});
        return heddle.processors() == processors;
    }

    @ParameterizedTest
    @EnumSource(names = {"GREEN", "THREAD"}) // PROCESS would start as many JVMs
    void moreCpusThanAHeddleCanUseAreLeftAlone(Model model) {
        cpus.set(5_000);
        try (Heddle heddle = open(model)) {
            assertThat(heddle.processors()).isEqualTo(Heddle.MOST_PROCESSORS);
        }
    }
}
