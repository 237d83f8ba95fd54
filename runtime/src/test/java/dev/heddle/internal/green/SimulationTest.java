package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * GREEN's scheduler on a {@link SimulatedMachine}: whatever the order, nothing is lost, and all get their turn. See
 * {@link SimulationWatch} for what is asserted.
 *
 * <p>The seed of a run that fails is in the message; {@code -Dheddle.simulation.seed=SEED} begins with that one, and
 * {@code -Dheddle.simulation.runs=N} says how many there are.
 */
class SimulationTest extends HeddleTest {
    private static final Logger LOGGER = Logger.getLogger("dev.heddle");

    private static final int RUNS = Integer.getInteger("heddle.simulation.runs", 300);

    private static final long FIRST_SEED =
            Long.getLong("heddle.simulation.seed", ThreadLocalRandom.current().nextLong());

    private static BiFunction<String, Long, String> simulation;
    private static Filter usual;

    @BeforeAll
    static void loadAndBeQuiet() throws ReflectiveOperationException {
        simulation = new PreemptibleClasses().simulation();
        usual = LOGGER.getFilter();
        LOGGER.setFilter(entry -> false); // each run with few spare carriers warns of that
    }

    @AfterAll
    static void logAgain() {
        LOGGER.setFilter(usual);
    }

    @Test
    void nothingIsLostWhateverTheOrder() {
        run("EVERYTHING", RUNS);
    }

    @Test
    void tasksThatNeverStopDoNotCrowdOthersOut() {
        run("CROWDING_OUT", (RUNS + 9) / 10);
    }

    @Test
    void tasksThatBlockOneAfterTheOtherDoNotTakeASliceEach() {
        run("BLOCKING", (RUNS + 9) / 10);
    }

    @Test
    void whoHasTheGlobalLockExecutesAloneAndAllGetIt() {
        run("LOCKED", RUNS);
    }

    private static void run(String kind, int runs) {
        long start = System.nanoTime();
        long lines = 0;
        for (int i = 0; i < runs; i++) {
            lines += simulation.apply(kind, FIRST_SEED + i).lines().count();
        }
        System.out.println("SimulationTest " + kind + ": " + runs + " seeds from " + FIRST_SEED + ", " + lines
                + " events, " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EVERYTHING", "CROWDING_OUT", "BLOCKING", "LOCKED"})
    void aSeedDecidesAll(String kind) {
        String once = simulation.apply(kind, FIRST_SEED);
        assertThat(once).isNotEmpty();
        assertThat(simulation.apply(kind, FIRST_SEED)).isEqualTo(once);
        assertThat(simulation.apply(kind, FIRST_SEED + 1)).isNotEqualTo(once);
    }
}
