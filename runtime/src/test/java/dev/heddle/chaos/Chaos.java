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
import java.util.function.Predicate;

/**
 * Workers die in all ways there are while they do all there is to do; nothing is lost but what died with them, nothing hangs, and
 * nothing is left. For what is accounted how, see {@link ChaosRound}; for one more kind of kill, {@link Kill}; for something more
 * to be killed at, {@link Work}.
 *
 * <p>As a program it takes how many kills there are to be, 10,000 without, and a seed. The seed makes the same choices again, but
 * the machine schedules as it likes. It exits with 1 if something was wrong, and with all stacks if nothing goes on.
 */
public final class Chaos {
    /** What the names of the heddle's threads begin with. */
    static final String NAME = "chaos";

    private static final long KILLS = 10_000;
    private static final int ROUND_SECONDS_MIN = 3;
    private static final int ROUND_SECONDS_MAX = 9;

    /** More than what anything in a round waits for. */
    private static final Duration HANGS = HeddleTest.LONG.multipliedBy(4);

    private final ChaosTally tally = new ChaosTally();
    private final long seed;
    private final Predicate<ChaosTally> goesOn;

    /** Of the thread of the rounds; read by the one that watches. */
    private volatile ChaosRound round;

    private Chaos(long seed, Predicate<ChaosTally> goesOn) {
        this.seed = seed;
        this.goesOn = goesOn;
    }

    public static void main(String[] arguments) throws InterruptedException {
        long kills = arguments.length > 0 ? Long.parseLong(arguments[0]) : KILLS;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : newSeed();
        try {
            run(seed, tally -> {
                System.out.println(tally);
                return tally.kills() < kills;
            });
            System.exit(0);
        } catch (AssertionError e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // what hangs is not waited for
        }
    }

    static long newSeed() {
        return ThreadLocalRandom.current().nextLong();
    }

    /**
     * Runs round after round.
     *
     * @param seed decides what is done
     * @param goesOn asked before each round
     * @throws AssertionError if something is wrong, with the seed
     */
    static void run(long seed, Predicate<ChaosTally> goesOn) throws InterruptedException {
        System.out.println("Chaos with seed " + seed);
        Chaos chaos = new Chaos(seed, goesOn);
        FutureTask<Void> rounds = new FutureTask<>(chaos::runRounds, null);
        Thread.ofPlatform().daemon().name("part-rounds").start(rounds);
        try {
            chaos.watch(rounds);
        } catch (ExecutionException e) {
            throw new AssertionError(
                    "seed " + seed + ", " + chaos.tally + ": " + e.getCause().getMessage(), e.getCause());
        }
        System.out.println("Chaos: " + chaos.tally);
    }

    private void runRounds() {
        SplittableRandom random = new SplittableRandom(seed);
        Leftovers leftovers = new Leftovers();
        while (goesOn.test(tally)) {
            round = new ChaosRound(random.split(), tally);
            round.run(Duration.ofSeconds(random.nextInt(ROUND_SECONDS_MIN, ROUND_SECONDS_MAX)));
            leftovers.check(NAME);
            Leftovers.deleteCrashReports();
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
                    throw new AssertionError("seed " + seed + ", " + tally + ": nothing goes on", e);
                }
            }
        }
    }
}
