package dev.heddle.internal.green;

import static dev.heddle.internal.green.Tasks.drain;
import static dev.heddle.internal.green.Tasks.show;
import static dev.heddle.internal.green.Tasks.task;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.ArrayDeque;
import java.util.Queue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** The owner of a {@link RunQueue} against a thief: no task is lost, doubled or half seen. Owner, thief, what is left. */
public final class RunQueueRaces {
    private RunQueueRaces() {}

    private static RunQueue queueOf(int count) {
        RunQueue queue = new RunQueue(4);
        for (int i = 1; i <= count; i++) {
            queue.offer(task(i));
        }
        return queue;
    }

    private static String stealFrom(RunQueue victim) {
        RunQueue thief = new RunQueue(4);
        thief.stealHalf(victim);
        return drain(thief);
    }

    @JCStressTest
    @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "the owner came first")
    @Outcome(id = "3, 12, -", expect = ACCEPTABLE, desc = "the thief came first")
    @State
    public static class PollAgainstSteal {
        private final RunQueue queue = queueOf(3);

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = show(queue.poll());
        }

        @Actor
        public void thief(LLL_Result result) {
            result.r2 = stealFrom(queue);
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r3 = drain(queue);
        }
    }

    @JCStressTest
    @Outcome(id = "offered, -, 12", expect = ACCEPTABLE, desc = "the thief came first")
    @Outcome(id = "offered, 1, 2", expect = ACCEPTABLE, desc = "the thief came later")
    @State
    public static class OfferAgainstSteal {
        private final RunQueue queue = queueOf(0);

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = queue.offer(task(1)) && queue.offer(task(2)) ? "offered" : "full";
        }

        @Actor
        public void thief(LLL_Result result) {
            result.r2 = stealFrom(queue);
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r3 = drain(queue);
        }
    }

    /** The owner reuses the slot that the thief may be reading. */
    @JCStressTest
    @Outcome(id = "1, 23, 45", expect = ACCEPTABLE, desc = "the owner came first")
    @Outcome(id = "3, 12, 45", expect = ACCEPTABLE, desc = "the thief came first")
    @State
    public static class ReuseAgainstSteal {
        private final RunQueue queue = queueOf(4);

        @Actor
        public void owner(LLL_Result result) {
            result.r1 = show(queue.poll());
            queue.offer(task(5));
        }

        @Actor
        public void thief(LLL_Result result) {
            result.r2 = stealFrom(queue);
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r3 = drain(queue);
        }
    }

    @JCStressTest
    @Outcome(id = "12, 34, 5", expect = ACCEPTABLE, desc = "the owner came first")
    @Outcome(id = "12, 3, 45", expect = ACCEPTABLE, desc = "the thief came after the spill")
    @Outcome(id = "3, 12, 45", expect = ACCEPTABLE, desc = "the thief came before the spill")
    @Outcome(id = "-, 12, 345", expect = ACCEPTABLE, desc = "the thief came first, or made room during the spill")
    @State
    public static class SpillAgainstSteal {
        private final RunQueue queue = queueOf(4);

        @Actor
        public void owner(LLL_Result result) {
            Queue<Runnable> spilled = new ArrayDeque<>();
            while (!queue.offer(task(5))) {
                queue.spillHalf(spilled);
            }
            result.r1 = drain(spilled);
        }

        @Actor
        public void thief(LLL_Result result) {
            result.r2 = stealFrom(queue);
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r3 = drain(queue);
        }
    }

    @JCStressTest
    @Outcome(id = "12, 3, 4", expect = ACCEPTABLE, desc = "the first came first")
    @Outcome(id = "3, 12, 4", expect = ACCEPTABLE, desc = "the second came first")
    @State
    public static class TwoThieves {
        private final RunQueue queue = queueOf(4);

        @Actor
        public void first(LLL_Result result) {
            result.r1 = stealFrom(queue);
        }

        @Actor
        public void second(LLL_Result result) {
            result.r2 = stealFrom(queue);
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r3 = drain(queue);
        }
    }
}
