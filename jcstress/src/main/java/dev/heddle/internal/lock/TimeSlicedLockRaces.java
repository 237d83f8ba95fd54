package dev.heddle.internal.lock;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.internal.Parker;
import dev.heddle.internal.trace.Trace;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * One holds a {@link TimeSlicedLock} at a time, and sees what was done under it before, however it has gone from one to the next. All
 * fields here are plain. A wake-up that is lost shows as a run that hangs.
 */
public final class TimeSlicedLockRaces {
    private static final long INTERVAL = 1_000_000;

    private TimeSlicedLockRaces() {}

    private static TimeSlicedLock newLock() {
        return new TimeSlicedLock("races", Long::toString, false, INTERVAL, Parker.THREAD, Trace.OFF);
    }

    @JCStressTest
    @Outcome(id = "6", expect = ACCEPTABLE, desc = "nothing is lost")
    @State
    public static class MutualExclusion {
        private final TimeSlicedLock lock = newLock();
        private int count;

        private void increment(long id, boolean handOver) {
            lock.take(id, Parker.THREAD, null, 0);
            count++;
            lock.drop(id, handOver);
        }

        @Actor
        public void first() {
            increment(1, false);
            increment(1, false);
        }

        @Actor
        public void handsOver() {
            increment(2, true);
            increment(2, true);
        }

        @Actor
        public void third() {
            increment(3, true);
            increment(3, false);
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
        private final TimeSlicedLock lock = newLock();
        private int first;
        private int second;

        @Actor
        public void writer() {
            lock.take(1, Parker.THREAD, null, 0);
            first = 1;
            second = 1;
            lock.drop(1, true);
        }

        @Actor
        public void reader(II_Result result) {
            lock.take(2, Parker.THREAD, null, 0);
            result.r2 = second;
            result.r1 = first;
            lock.drop(2, false);
        }
    }

    /** A request meets the holder or nobody; it does not stay with one who comes later, nor in the count of all. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "too early or too late")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the holder has seen it")
    @State
    public static class Request {
        private final TimeSlicedLock lock = newLock();

        @Actor
        public void holder(II_Result result) {
            lock.take(1, Parker.THREAD, null, 0);
            result.r1 = lock.heed(1) ? 1 : 0;
            lock.drop(1, false);
        }

        @Actor
        public void requester() {
            lock.requestOf(1);
        }

        @Arbiter
        public void end(II_Result result) {
            lock.take(1, Parker.THREAD, null, 0);
            result.r2 = lock.heed(1) ? 1 : 0;
            lock.drop(1, false);
        }
    }
}
