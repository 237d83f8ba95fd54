package dev.heddle.internal.process;

import java.util.Base64;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Programs at random, for 3 s or {@code -Dheddle.fuzz.seconds}. A failure tells the program, in the form of base 64, which {@code
 * -Dheddle.fuzz.program} runs again.
 */
public final class RandomPrograms {
    private static final int LONGEST = 600;

    private RandomPrograms() {}

    /** @param run runs a program, and says how far it came */
    public static void run(ToIntFunction<byte[]> run) {
        String again = System.getProperty("heddle.fuzz.program");
        if (again != null) {
            System.out.println(run.applyAsInt(Base64.getDecoder().decode(again)) + " messages were accepted");
            return;
        }
        Random random = new Random(ThreadLocalRandom.current().nextLong());
        long nanos = TimeUnit.SECONDS.toNanos(Long.getLong("heddle.fuzz.seconds", 3));
        long programs = 0;
        long messages = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos; programs++) {
            byte[] program = new byte[random.nextInt(LONGEST)];
            random.nextBytes(program);
            try {
                messages += run.applyAsInt(program);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("the program " + Base64.getEncoder().encodeToString(program), e);
            }
        }
        System.out.println(programs + " programs, in which " + messages + " messages were accepted");
    }
}
