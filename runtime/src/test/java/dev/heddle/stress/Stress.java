package dev.heddle.stress;

import dev.heddle.testing.Stacks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What the stress programs have in common: they run until the time is over, something is wrong, or nothing goes on. */
final class Stress {
    static final Duration HANGS = Duration.ofSeconds(60);

    private Stress() {}

    /** A stress program. */
    @FunctionalInterface
    interface Program {
        /**
         * Runs for a while.
         *
         * @param time for how long
         * @param seed decides what is done
         * @throws Exception if something is wrong
         */
        void run(Duration time, long seed) throws Exception;
    }

    /**
     * Runs a program, and ends the JVM: with 1, all stacks and the seed if something was wrong or nothing goes on.
     *
     * @param name the program's
     * @param arguments seconds, 60 without; a seed, which makes the same choices again, though the machine schedules as it likes
     * @param program what to run
     */
    static void main(String name, String[] arguments, Program program) throws InterruptedException {
        long seconds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 60;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : newSeed();
        String who = name + " with seed " + seed;
        Thread runner = Thread.ofPlatform().daemon().name("stress").unstarted(() -> {
            try {
                program.run(Duration.ofSeconds(seconds), seed);
                System.exit(0);
            } catch (Throwable t) {
                end(who + " failed: " + stackOf(t));
            }
        });
        runner.start();
        if (!runner.join(HANGS.plusSeconds(seconds))) {
            end(who + " hangs");
        }
    }

    static long newSeed() {
        return ThreadLocalRandom.current().nextLong();
    }

    private static String stackOf(Throwable t) {
        StringWriter stack = new StringWriter();
        t.printStackTrace(new PrintWriter(stack, true));
        return stack.toString();
    }

    private static void end(String how) {
        System.out.println(how);
        try {
            System.out.println(Stacks.ofAllThreads());
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
