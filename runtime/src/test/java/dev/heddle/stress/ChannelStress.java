package dev.heddle.stress;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Has threads, green threads, fibers and their owner send, receive and select, in all forms and at random, at a few channels of all
 * kinds, while they are interrupted and cancelled and channels are closed; checks that nothing was lost or doubled, and that whoever
 * waits goes on: see {@link ChannelStressRound}.
 *
 * <p>Arguments: seconds, 60 without; a seed, which makes the same choices again, though the machine schedules as it likes.
 * Exits with 1, all stacks and the seed if something was wrong or nothing goes on.
 */
public final class ChannelStress {
    private ChannelStress() {}

    public static void main(String[] arguments) throws InterruptedException {
        Stress.main("ChannelStress", arguments, ChannelStress::run);
    }

    /**
     * Runs for a while.
     *
     * @param time for how long
     * @param seed decides what is done
     */
    static void run(Duration time, long seed) throws Exception {
        System.out.println("ChannelStress seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        long start = System.nanoTime();
        int rounds = 0;
        long received = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            received += new ChannelStressRound(random.split()).run();
            rounds++;
        }
        System.out.println("ChannelStress: " + received + " elements received in " + rounds
                + " rounds, nothing lost, nothing doubled");
    }
}
