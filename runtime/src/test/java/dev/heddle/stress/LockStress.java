package dev.heddle.stress;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Has tasks and threads share global locks, of a heddle and by themselves, with all that tasks can do in between, at random; checks
 * that never two were in the code of one lock at once, that no update was lost, and that all come to their end: see {@link
 * LockStressRound}.
 *
 * <p>Arguments: seconds, 60 without; a seed, which makes the same choices again, though the machine schedules as it likes.
 * Exits with 1, all stacks and the seed if something was wrong or nothing goes on.
 */
public final class LockStress {
    private LockStress() {}

    public static void main(String[] arguments) throws InterruptedException {
        Stress.main("LockStress", arguments, LockStress::run);
    }

    /**
     * Runs for a while.
     *
     * @param time for how long
     * @param seed decides what is done
     */
    static void run(Duration time, long seed) throws Exception {
        System.out.println("LockStress seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        long start = System.nanoTime();
        int rounds = 0;
        long updates = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            updates += new LockStressRound(random.split()).run();
            rounds++;
        }
        System.out.println("LockStress: " + updates + " updates without a lock but the global one in " + rounds
                + " rounds, none lost");
    }
}
