package dev.heddle.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An {@link Interleaving} has all orders, finds what goes wrong in one of them, and nothing that is right. */
class InterleavingTest extends HeddleTest {
    /** What two actors do; what has come of it is its text. */
    public abstract static class Pair implements Supplier<List<Runnable>> {
        final StringBuilder events = new StringBuilder();

        abstract void first();

        abstract void second();

        @Override
        public List<Runnable> get() {
            return List.of(this::first, this::second);
        }

        @Override
        public String toString() {
            return events.toString();
        }
    }

    static final class Letters extends Pair {
        private volatile char last;

        @Override
        void first() {
            for (char letter = 'a'; letter <= 'c'; letter++) {
                last = letter;
                events.append(letter);
            }
        }

        @Override
        void second() {
            for (char letter = 'A'; letter <= 'C'; letter++) {
                last = letter;
                events.append(letter);
            }
        }

        @Override
        public String toString() {
            return events + "" + last;
        }
    }

    @Test
    void everyOrderIsHad() {
        assertThat(outcomes(Letters.class, 10, false)).hasSize(20); // of 6 events, which 3 are the first actor's
        assertThat(outcomes(Letters.class, 0, false)).containsOnly("abcABCC", "ABCabcc");
    }

    static final class Counter extends Pair {
        private int count;

        @Override
        void first() {
            count++;
        }

        @Override
        void second() {
            count++;
        }

        @Override
        public String toString() {
            return "" + count;
        }
    }

    @Test
    void anUpdateIsLostByOnePreemption() {
        assertThat(outcomes(Counter.class, 0, true)).containsOnly("2");
        assertThat(outcomes(Counter.class, 1, true)).containsOnly("1", "2");
        assertThat(outcomes(Counter.class, 1, false))
                .as("without points at plain accesses")
                .containsOnly("2");
    }

    abstract static class CounterWithLock extends Pair {
        private int count;

        abstract void lock();

        abstract void unlock();

        @Override
        void first() {
            lock();
            count++;
            unlock();
        }

        @Override
        void second() {
            first();
        }

        @Override
        public String toString() {
            return "" + count;
        }
    }

    static final class CounterWithReentrantLock extends CounterWithLock {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        void lock() {
            lock.lock();
        }

        @Override
        void unlock() {
            lock.unlock();
        }
    }

    static final class CounterWithSpinLock extends CounterWithLock {
        private static final VarHandle HELD;

        static {
            try {
                HELD = MethodHandles.lookup().findVarHandle(CounterWithSpinLock.class, "held", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @SuppressWarnings("unused") // HELD uses it
        private boolean held;

        @Override
        void lock() {
            while (!HELD.compareAndSet(this, false, true)) {
                Thread.onSpinWait();
            }
        }

        @Override
        void unlock() {
            HELD.setRelease(this, false);
        }
    }

    @Test
    void aLockThatIsHeldIsWaitedFor() {
        assertThat(outcomes(CounterWithReentrantLock.class, 4, true)).containsOnly("2");
        assertThat(outcomes(CounterWithSpinLock.class, 4, true)).containsOnly("2");
    }

    abstract static class Wait extends Pair {
        volatile Thread waiter;
        volatile boolean done;

        @Override
        void first() {
            waiter = Thread.currentThread();
            while (!done) {
                LockSupport.park(this);
            }
            events.append("woken");
        }
    }

    static final class WokenTooEarly extends Wait {
        @Override
        void second() {
            LockSupport.unpark(waiter);
            done = true;
        }
    }

    static final class Woken extends Wait {
        @Override
        void second() {
            done = true;
            LockSupport.unpark(waiter);
        }
    }

    @Test
    void aWakeUpIsLostIfItComesTooEarly() {
        assertThat(outcomes(WokenTooEarly.class, 1, false)).containsOnly("woken", "at rest");
        assertThat(outcomes(Woken.class, 4, false)).containsOnly("woken");
    }

    static final class TimedWait extends Pair {
        private volatile boolean done;

        @Override
        void first() {
            long start = System.nanoTime();
            LockSupport.parkNanos(this, TimeUnit.HOURS.toNanos(1));
            boolean early = System.nanoTime() - start < TimeUnit.HOURS.toNanos(1);
            events.append(early ? "early, " : "timed out, ").append(done ? "done" : "not done");
        }

        @Override
        void second() {
            done = true;
        }
    }

    @Test
    void aWaitTimesOutBeforeOrAfterWhatOthersDo() {
        assertThat(outcomes(TimedWait.class, 0, false)).containsOnly("timed out, done at rest");
        assertThat(outcomes(TimedWait.class, 1, false)).containsOnly("timed out, done at rest", "timed out, not done");
    }

    static final class Interrupted extends Pair {
        private volatile Thread sleeper;

        @Override
        void first() {
            sleeper = Thread.currentThread();
            LockSupport.park(this);
            events.append(Thread.interrupted()).append(Thread.interrupted());
        }

        @Override
        void second() {
            if (sleeper != null) {
                sleeper.interrupt();
            }
        }
    }

    @Test
    void anInterruptEndsAPark() {
        assertThat(outcomes(Interrupted.class, 2, false)).containsOnly("truefalse", "at rest");
    }

    @Test
    void aSeedDecidesAll() {
        Set<String> different = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            String once = log(seed);
            assertThat(log(seed)).isEqualTo(once);
            different.add(once);
        }
        assertThat(different).hasSizeGreaterThan(10);
    }

    // ---- how they are run

    private static Set<String> outcomes(Class<? extends Pair> type, int preemptions, boolean everywhere) {
        EveryChoice choices = new EveryChoice(preemptions);
        Set<String> outcomes = new HashSet<>();
        do {
            outcomes.add(outcome(type, choices, everywhere, null));
        } while (choices.advance());
        return outcomes;
    }

    private static String log(long seed) {
        List<String> log = new ArrayList<>();
        outcome(CounterWithSpinLock.class, new RandomChoices(seed, 1_000), true, log);
        return String.join("\n", log);
    }

    private static String outcome(Class<? extends Pair> type, Choices choices, boolean everywhere, List<String> log) {
        Supplier<List<Runnable>> pair = Interleaving.program(CLASSES, type);
        StringBuilder rest = new StringBuilder();
        int[] waiting = new int[1];
        Interleaving.Watch watch = new Interleaving.Watch() {
            @Override
            public void parks(Object blocker) {
                waiting[0]++;
            }

            @Override
            public void atRest() {
                if (waiting[0] > 0 && pair.toString().isEmpty()) {
                    rest.append("at rest");
                }
            }
        };
        try {
            new Interleaving(choices, everywhere, watch, log).run(pair.get());
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return (pair + " " + rest).strip();
    }

    private static final ClassLoader CLASSES =
            Interleaving.classes(name -> name.startsWith(InterleavingTest.class.getName() + "$"), name -> true);
}
