package dev.heddle.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.FiberBacking;
import dev.heddle.LimitPolicy;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.WaitHistogram;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;
import org.openjdk.jcstress.infra.results.LZI_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** A {@link TaskCore} ends once, its heddle and those who wait are told once, and its result is seen whole. */
public final class TaskRaces {
    private static final TellsTheTask HEDDLE = new TellsTheTask();

    private TaskRaces() {}

    /** Has no tasks of its own; whoever ends one of these is counted at the task. */
    private static final class TellsTheTask extends HeddleCore {
        TellsTheTask() {
            super(new Options(
                    Model.THREAD,
                    "races",
                    1,
                    0,
                    0,
                    false,
                    false,
                    FiberBacking.CONTINUATION,
                    0,
                    LimitPolicy.BLOCK,
                    0,
                    false,
                    (task, failure) -> {},
                    WorkerOptions.DEFAULT,
                    Seams.SYSTEM));
        }

        @Override
        void ended(TaskCore<?> task, Throwable failure, long thread) {
            if (task.attachment instanceof AtomicInteger ends) {
                ends.incrementAndGet();
            }
        }

        @Override
        protected String laneName(int lane) {
            return "none";
        }

        @Override
        protected void launch(TaskCore<?> task) {}

        @Override
        protected int resize(int n) {
            return 1;
        }

        @Override
        protected void release() {}

        @Override
        public int processors() {
            return 1;
        }

        @Override
        public Stats stats() {
            return stats(0, 0, 0, 0, 0, 0, 0, WaitHistogram.NONE);
        }
    }

    /** Has a task, and counts how often its heddle was told of its end and how often a waiter was woken. */
    static class OneTask {
        final TaskCore<Object> task = new TaskCore<>(HEDDLE, () -> "result", false);
        final AtomicInteger ends = new AtomicInteger();
        final AtomicInteger wakes = new AtomicInteger();

        OneTask() {
            task.attachment = ends;
        }
    }

    /** State, cancelled, ends. */
    @JCStressTest
    @Outcome(id = "SUCCESS, false, 1", expect = ACCEPTABLE, desc = "the code came first")
    @Outcome(id = "CANCELLED, true, 1", expect = ACCEPTABLE, desc = "the canceller came first")
    @State
    public static class SettleAgainstCancel extends OneTask {
        public SettleAgainstCancel() {
            task.begin();
        }

        @Actor
        public void code() {
            task.settle("result", null);
        }

        @Actor
        public void canceller(LZI_Result result) {
            result.r2 = task.cancel(false);
        }

        @Arbiter
        public void end(LZI_Result result) {
            result.r1 = task.state();
            result.r3 = ends.get();
        }
    }

    /** Begun, cancelled, ends; a queued task that is cancelled has ended, one that has begun goes on. */
    @JCStressTest
    @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "cancelled after it had begun: its code is still to end")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "cancelled before it could begin")
    @State
    public static class BeginAgainstCancel extends OneTask {
        @Actor
        public void model(ZZI_Result result) {
            result.r1 = task.begin();
        }

        @Actor
        public void canceller(ZZI_Result result) {
            result.r2 = task.cancel(false);
        }

        @Arbiter
        public void end(ZZI_Result result) {
            result.r3 = ends.get();
        }
    }

    /** First cancelled, second cancelled, ends. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "the first came first")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "the second came first")
    @State
    public static class CancelAgainstCancel extends OneTask {
        @Actor
        public void first(ZZI_Result result) {
            result.r1 = task.cancel(false);
        }

        @Actor
        public void second(ZZI_Result result) {
            result.r2 = task.cancel(false);
        }

        @Arbiter
        public void end(ZZI_Result result) {
            result.r3 = ends.get();
        }
    }

    /** State, wakes, ends. */
    @JCStressTest
    @Outcome(id = "SUCCESS, 1, 1", expect = ACCEPTABLE)
    @State
    public static class SettleAgainstWait extends OneTask {
        public SettleAgainstWait() {
            task.begin();
        }

        @Actor
        public void code() {
            task.settle("result", null);
        }

        @Actor
        public void waiter() {
            task.whenDone(wakes::incrementAndGet);
        }

        @Arbiter
        public void end(LII_Result result) {
            result.r1 = task.state();
            result.r2 = wakes.get();
            result.r3 = ends.get();
        }
    }

    /** One waits, and must be woken, while another gives up and takes itself out of the same list. */
    @JCStressTest
    @Outcome(id = "SUCCESS, 1, 1", expect = ACCEPTABLE)
    @State
    public static class SettleAgainstGivingUp extends OneTask {
        public SettleAgainstGivingUp() {
            new TaskRegistry().add(task); // for its number, which the time-out's message names
            task.begin();
            task.whenDone(wakes::incrementAndGet);
        }

        @Actor
        public void code() {
            task.settle("result", null);
        }

        @Actor
        public void givesUp() {
            try {
                task.get(0, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // as it should, if it came first
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Arbiter
        public void end(LII_Result result) {
            result.r1 = task.state();
            result.r2 = wakes.get();
            result.r3 = ends.get();
        }
    }

    @JCStressTest
    @Outcome(id = "running", expect = ACCEPTABLE, desc = "the reader came first")
    @Outcome(id = "result", expect = ACCEPTABLE, desc = "the code came first")
    @State
    public static class SettlePublishesTheResult extends OneTask {
        public SettlePublishesTheResult() {
            task.begin();
        }

        @Actor
        public void code() {
            task.settle(new String("result".toCharArray()), null);
        }

        @Actor
        public void reader(L_Result result) {
            result.r1 = task.isDone() ? String.valueOf(task.resultNow()) : "running";
        }
    }
}
