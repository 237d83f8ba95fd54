package dev.heddle.chaos;

import dev.heddle.Job;
import java.util.SplittableRandom;

/**
 * A task of a round: does some work, writes its row, and returns what only it returns. It may kill its worker meanwhile, or
 * shortly after its end.
 *
 * @param things what it works with
 * @param task its number, from 0
 * @param work what it does
 * @param kill how it kills its worker, or null
 * @param kills in how many attempts, from the first
 * @param seed for all that it does at random
 */
record ChaosJob(ChaosThings things, int task, Work work, Kill kill, int kills, long seed) implements Job<Long> {
    private static final int STEPS_MAX = 10;

    static int taskOf(long sender) {
        return (int) (sender >>> 8) - 1;
    }

    long result() {
        return seed ^ task;
    }

    @Override
    public Long call() throws InterruptedException {
        things.begin();
        int attempt = things.attempts().getAndAdd(task, 1);
        SplittableRandom random = new SplittableRandom(seed + attempt);
        long sender = (task + 1L) << 8 | attempt;
        if (kill != null && attempt < kills) {
            things.strikeSoon(kill, random);
        }
        for (int i = random.nextInt(STEPS_MAX); i > 0; i--) {
            work.step(things, sender, random);
        }
        things.write(task, result());
        things.checkRow(task, result());
        return result();
    }
}
