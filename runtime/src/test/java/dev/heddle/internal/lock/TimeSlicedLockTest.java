package dev.heddle.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.Parker;
import dev.heddle.internal.trace.Trace;
import dev.heddle.simulation.Choices;
import dev.heddle.simulation.EveryChoice;
import dev.heddle.simulation.Interleaving;
import dev.heddle.simulation.RandomChoices;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order in which threads take a {@link TimeSlicedLock}, drop it, hand it over and are requested to: one executes at a
 * time, all come to their end, and no request is left.
 *
 * <p>The seed of a run that fails is in the message; {@code -Dheddle.simulation.seed=SEED} begins with that one, and
 * {@code -Dheddle.simulation.runs=N} says how many there are.
 */
class TimeSlicedLockTest extends HeddleTest {
    private static final int RUNS = Integer.getInteger("heddle.simulation.runs", 300);

    private static final long FIRST_SEED =
            Long.getLong("heddle.simulation.seed", ThreadLocalRandom.current().nextLong());

    private static final long LONGEST_STOP = 20_000;

    /** What three threads do with a lock. Loaded once more, with the lock. */
    public abstract static class Program implements Supplier<List<Runnable>> {
        private static final long INTERVAL = 10_000;

        final TimeSlicedLock lock =
                new TimeSlicedLock("a lock", Long::toString, false, INTERVAL, Parker.THREAD, Trace.OFF);

        private int inside;
        private int executed;
        private final AtomicInteger ended = new AtomicInteger();

        abstract void first();

        abstract void second();

        abstract void third();

        @Override
        public List<Runnable> get() {
            return List.of(() -> run(this::first), () -> run(this::second), () -> run(this::third));
        }

        private void run(Runnable code) {
            code.run();
            ended.incrementAndGet();
        }

        final void take(long id) {
            lock.take(id, Parker.THREAD, null, 0);
        }

        /** What one does who has the lock. */
        final void execute(long id) {
            if (inside != 0) {
                throw new AssertionError(id + " executes beside " + inside);
            }
            inside = (int) id;
            executed++;
            inside = 0;
        }

        final void holdOnce(long id) {
            take(id);
            execute(id);
            lock.drop(id, false);
        }

        @Override
        public String toString() {
            return executed + " executed, " + ended.get() + " ended" + (lock.isHeld() ? ", held" : "")
                    + (TimeSlicedLock.anyRequested() ? ", requested" : "");
        }
    }

    static final class EachOnce extends Program {
        @Override
        void first() {
            holdOnce(1);
        }

        @Override
        void second() {
            holdOnce(2);
        }

        @Override
        void third() {
            holdOnce(3);
        }
    }

    @Test
    void eachGetsIt() {
        inEveryOrder(EachOnce.class, 2, "3 executed, 3 ended");
        inSomeOrders(EachOnce.class, "3 executed, 3 ended");
    }

    static final class Handed extends Program {
        @Override
        void first() {
            take(1);
            execute(1);
            lock.drop(1, true);
            holdOnce(1);
        }

        @Override
        void second() {
            take(-2);
            execute(-2);
            lock.drop(-2, true);
        }

        @Override
        void third() {
            holdOnce(3);
        }
    }

    @Test
    void itIsHandedOver() {
        inEveryOrder(Handed.class, 2, "4 executed, 3 ended");
        inSomeOrders(Handed.class, "4 executed, 3 ended");
    }

    /** The first two compute, each until the lock is requested, and twice; both end only when all have executed. */
    static final class Hogs extends Program {
        private final AtomicInteger missing = new AtomicInteger(3);

        private void compute(long id) {
            take(id);
            for (int i = 0; i < 2; i++) {
                while (missing.get() > 0 && !lock.heed(id)) {
                    Thread.onSpinWait(); // then time passes
                }
                if (missing.get() > 0) {
                    lock.drop(id, false);
                    take(id);
                }
                execute(id);
            }
            missing.decrementAndGet();
            while (missing.get() > 0) {
                if (lock.heed(id)) {
                    lock.drop(id, false);
                    take(id);
                }
                Thread.onSpinWait();
            }
            execute(id);
            lock.drop(id, false);
        }

        @Override
        void first() {
            compute(1);
        }

        @Override
        void second() {
            compute(2);
        }

        @Override
        void third() {
            holdOnce(3);
            missing.decrementAndGet();
        }
    }

    @Test
    void whoComputesIsRequestedToDropIt() {
        inEveryOrder(Hogs.class, 1, "7 executed, 3 ended");
        inSomeOrders(Hogs.class, "7 executed, 3 ended");
    }

    /** The second is requested to drop the lock by one that waits elsewhere, perhaps too late. */
    static final class RequestedFromOutside extends Program {
        @Override
        void first() {
            lock.requestOf(2);
            holdOnce(1);
        }

        @Override
        void second() {
            take(2);
            execute(2);
            if (lock.heed(2)) {
                lock.drop(2, false);
                take(2);
            }
            lock.drop(2, false);
        }

        @Override
        void third() {
            lock.requestOf(2);
        }
    }

    @Test
    void aRequestFromOutsideIsHeededOrDropped() {
        inEveryOrder(RequestedFromOutside.class, 2, "2 executed, 3 ended");
        inSomeOrders(RequestedFromOutside.class, "2 executed, 3 ended");
    }

    // ---- how they are run

    private static void inEveryOrder(Class<? extends Program> type, int preemptions, String expected) {
        EveryChoice choices = new EveryChoice(preemptions);
        int runs = 0;
        do {
            String outcome = outcome(type, choices, null);
            if (!outcome.equals(expected)) {
                choices.restart();
                throw failure(type, outcome, choices);
            }
            runs++;
        } while (choices.advance());
        assertThat(runs).as("orders").isGreaterThan(100);
    }

    private static void inSomeOrders(Class<? extends Program> type, String expected) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            String outcome = outcome(type, new RandomChoices(seed, LONGEST_STOP), null);
            if (!outcome.equals(expected)) {
                throw failure(type, "seed " + seed + ": " + outcome, new RandomChoices(seed, LONGEST_STOP));
            }
        }
    }

    /** Runs it once more, for the log. */
    private static AssertionError failure(Class<? extends Program> type, String outcome, Choices same) {
        List<String> log = new ArrayList<>();
        outcome(type, same, log);
        return new AssertionError(
                type.getSimpleName() + ", " + outcome + ", in this order:\n  " + String.join("\n  ", log));
    }

    private static String outcome(Class<? extends Program> type, Choices choices, List<String> log) {
        Supplier<List<Runnable>> program = Interleaving.program(CLASSES, type);
        try {
            new Interleaving(choices, true, Interleaving.Watch.NOTHING, log).run(program.get());
        } catch (Throwable t) {
            return t.toString();
        }
        return program.toString();
    }

    private static final String LOCK = TimeSlicedLock.class.getPackageName() + ".";

    private static final ClassLoader CLASSES = Interleaving.classes(
            name -> name.startsWith(LOCK) || name.startsWith("dev.heddle.internal.Parker"), name -> true);
}
