package dev.heddle.chaos;

import dev.heddle.testing.HeddleTest;
import dev.heddle.testing.Stacks;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Workers die in all ways there are while they do all there is to do; nothing is lost but what died with them, nothing hangs, and
 * nothing is left. For what is accounted how, see {@link ChaosRound}; for a kind of kill more, {@link Kill}.
 *
 * <p>{@code -Dheddle.chaos.seconds=60} has it run longer than 20 s, {@code -Dheddle.chaos.kills=10000} until so many kills were made.
 * The output names the seed, which {@code -Dheddle.chaos.seed=SEED} repeats: it makes the same choices, but the machine schedules
 * as it likes.
 */
class ChaosTest {
    /** What the names of the heddle's threads begin with. */
    static final String NAME = "chaos";

    private static final long SECONDS = Long.getLong("heddle.chaos.seconds", 20);
    private static final long KILLS = Long.getLong("heddle.chaos.kills", 0);
    private static final int ROUND_SECONDS_MIN = 3;
    private static final int ROUND_SECONDS_MAX = 9;

    /** More than what anything in a round waits for. */
    private static final Duration HANGS = HeddleTest.LONG.multipliedBy(4);

    private final ChaosTally tally = new ChaosTally();
    private volatile ChaosRound round;

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS) // it watches itself
    void whateverDiesAllIsAccountedForAndNothingIsLeft() throws Throwable {
        long seed =
                Long.getLong("heddle.chaos.seed", ThreadLocalRandom.current().nextLong());
        System.out.println("ChaosTest seed " + seed);
        FutureTask<Void> rounds = new FutureTask<>(() -> {
            runRounds(new SplittableRandom(seed));
            return null;
        });
        Thread.ofPlatform().daemon().name("part-rounds").start(rounds);
        try {
            watch(rounds);
        } catch (ExecutionException e) {
            throw new AssertionError(
                    "seed " + seed + ", " + tally + ": " + e.getCause().getMessage(), e.getCause());
        }
        System.out.println("ChaosTest: " + tally);
    }

    private void runRounds(SplittableRandom random) throws Exception {
        Leftovers leftovers = new Leftovers();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (KILLS > 0 ? tally.kills() < KILLS : System.nanoTime() - end < 0) {
            round = new ChaosRound(random.split(), tally);
            round.run(Duration.ofSeconds(random.nextInt(ROUND_SECONDS_MIN, ROUND_SECONDS_MAX)));
            leftovers.check(NAME);
            Leftovers.deleteCrashReports();
            if (KILLS > 0) {
                System.out.println("ChaosTest: " + tally);
            }
        }
    }

    /** Waits for the end as long as something goes on. */
    private void watch(FutureTask<Void> rounds) throws InterruptedException, ExecutionException {
        while (true) {
            long progress = tally.progress();
            try {
                rounds.get(HANGS.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (progress == tally.progress()) {
                    System.err.println(Stacks.ofAllThreads());
                    System.err.println(round.dump());
                    throw new AssertionError("nothing goes on", e);
                }
            }
        }
    }
}
