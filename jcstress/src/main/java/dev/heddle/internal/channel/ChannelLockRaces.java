package dev.heddle.internal.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** One holds a {@link ChannelLock} at a time, and sees what was done under it before. All fields here are plain. */
public final class ChannelLockRaces {
    private ChannelLockRaces() {}

    @JCStressTest
    @Outcome(id = "4", expect = ACCEPTABLE, desc = "nothing is lost")
    @State
    public static class MutualExclusion {
        private final ChannelLock lock = new ChannelLock();
        private int count;

        private void incrementTwice() {
            for (int i = 0; i < 2; i++) {
                lock.lock();
                count++;
                lock.unlock();
            }
        }

        @Actor
        public void first() {
            incrementTwice();
        }

        @Actor
        public void second() {
            incrementTwice();
        }

        @Arbiter
        public void end(I_Result result) {
            result.r1 = count;
        }
    }

    /** Both fields are written under the lock, so whoever holds it sees both writes or none. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the reader came first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the writer came first")
    @State
    public static class Visibility {
        private final ChannelLock lock = new ChannelLock();
        private int first;
        private int second;

        @Actor
        public void writer() {
            lock.lock();
            first = 1;
            second = 1;
            lock.unlock();
        }

        @Actor
        public void reader(II_Result result) {
            lock.lock();
            result.r2 = second;
            result.r1 = first;
            lock.unlock();
        }
    }

    /** Who does not wait takes it or does not; whoever has taken it has it alone. */
    @JCStressTest
    @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first only")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the second only")
    @State
    public static class WithoutWaiting {
        private final ChannelLock lock = new ChannelLock();
        private int count;

        private int tryToIncrement() {
            if (!lock.lockSoon()) {
                return 0;
            }
            count++;
            lock.unlock();
            return 1;
        }

        @Actor
        public void first(III_Result result) {
            result.r1 = tryToIncrement();
        }

        @Actor
        public void second(III_Result result) {
            result.r2 = tryToIncrement();
        }

        @Arbiter
        public void end(III_Result result) {
            result.r3 = count;
        }
    }
}
