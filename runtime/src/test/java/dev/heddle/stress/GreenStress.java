package dev.heddle.stress;

import dev.heddle.Heddle;
import dev.heddle.Model;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens green heddles one after the other, has their tasks do all that tasks can do, at random, changes the number of
 * processors all the while, closes them in every way, and checks that nothing was lost: see {@link StressRound}.
 *
 * <p>Arguments: seconds, 60 without; a seed, which makes the same choices again, though the machine schedules as it likes.
 * Exits with 1, all stacks and the seed if something was wrong or nothing goes on.
 */
public final class GreenStress {
    private GreenStress() {}

    public static void main(String[] arguments) throws InterruptedException {
        Stress.main("GreenStress", arguments, GreenStress::run);
    }

    /**
     * Runs for a while.
     *
     * @param time for how long
     * @param seed decides what is done
     */
    static void run(Duration time, long seed) throws InterruptedException {
        System.out.println("GreenStress seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        long start = System.nanoTime();
        int rounds = 0;
        long tasks = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            tasks += round(random.split());
            rounds++;
        }
        System.out.println("GreenStress: " + tasks + " tasks in " + rounds + " heddles, nothing lost");
    }

    private static long round(SplittableRandom random) throws InterruptedException {
        Heddle heddle = Heddle.builder(Model.GREEN)
                .processors(random.nextInt(1, 9))
                .spareCarriers(random.nextInt(1, 64))
                .open();
        StressRound round = new StressRound(heddle, random.split());
        SplittableRandom forResizer = random.split();
        Thread resizer = Thread.ofPlatform().daemon().name("resizer").start(() -> {
            while (!round.isOver()) {
                heddle.processors(forResizer.nextInt(1, 9));
                LockSupport.parkNanos(forResizer.nextInt(2_000_000));
            }
        });
        round.startTasks(TimeUnit.MILLISECONDS.toNanos(random.nextInt(100, 1_000)));
        boolean interrupted = false;
        switch (random.nextInt(4)) {
            case 0 -> heddle.close();
            case 1 -> heddle.shutdownNow();
            case 2 -> heddle.shutdown();
            default -> {
                Thread.currentThread().interrupt(); // cancels all tasks
                heddle.close();
                interrupted = Thread.interrupted();
                if (!interrupted) {
                    throw new AssertionError("close() has swallowed the interrupt");
                }
            }
        }
        if (!heddle.awaitTermination(Stress.HANGS.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("tasks go on: " + heddle.stats());
        }
        round.check();
        resizer.join();
        return heddle.stats().started();
    }
}
