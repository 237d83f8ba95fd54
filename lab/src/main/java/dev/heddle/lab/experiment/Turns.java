package dev.heddle.lab.experiment;

import dev.heddle.lab.WrongResultException;
import dev.heddle.lab.peer.Language;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * CPU-bound work that is the same in every language: turns of Marsaglia's xorshift generator of 64 bits. Each turn needs the
 * one before, and no compiler makes two turns one, as it does with a linear congruential generator. Where it ends is the
 * checksum of the work.
 */
public final class Turns {
    /** CPython takes more than a hundred times as long for a turn, so it gets fewer. */
    private static final int PYTHON_SLOWER = 100;

    private record Work(long start, long turns) {}

    private static final Map<Work, Long> ENDS = new ConcurrentHashMap<>();

    private Turns() {}

    /** {@return how many turns all tasks together take in an experiment} */
    static long total(Scale scale) {
        return scale.pick(100_000, 40_000_000, 200_000_000);
    }

    /** {@return the turns in another language, whose program shares them out among tasks} */
    static Cell peer(String label, Language language, String program, int tasks, long turns) {
        long all = language == Language.PYTHON ? turns / PYTHON_SLOWER : turns;
        return PeerWork.cell(label, language, program, () -> checksum(tasks, all / tasks), tasks, all);
    }

    /** {@return where the generator is after so many turns} */
    public static long run(long start, long turns) {
        long x = start;
        for (long i = 0; i < turns; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    /** {@return the sum of where the generators of several tasks end, which start at 1, 2, 3, ...} */
    static long checksum(int tasks, long turnsOfEach) {
        long sum = 0;
        for (long task = 1; task <= tasks; task++) {
            sum += ENDS.computeIfAbsent(new Work(task, turnsOfEach), work -> run(work.start(), work.turns()));
        }
        return sum;
    }

    /** @throws WrongResultException if that is not the checksum */
    static void verify(long sum, int tasks, long turnsOfEach) {
        long expected = checksum(tasks, turnsOfEach);
        if (sum != expected) {
            throw new WrongResultException("the checksum of " + turnsOfEach + " turns in each of " + tasks
                    + " tasks is " + expected + ", and " + sum + " came out");
        }
    }
}
