package dev.heddle.internal.green;

import static dev.heddle.internal.green.Tasks.drain;
import static dev.heddle.internal.green.Tasks.show;
import static dev.heddle.internal.green.Tasks.task;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A {@link Processor}'s run-next slot, how it is lent and taken back, and how its number changes. */
public final class ProcessorRaces {
    private static final GreenScheduler SCHEDULER = new GreenScheduler("races", Seams.SYSTEM, 1);

    private static final Carrier CARRIER = new Carrier(1, SCHEDULER, Seams.SYSTEM, new Processor(0, 4, Parker.THREAD));

    private ProcessorRaces() {}

    // ---- the run-next slot

    /** Has task 1 in the slot. */
    abstract static class Slot {
        final Processor processor = new Processor(1, 4, Parker.THREAD);
        final Queue<Runnable> global = new ArrayDeque<>(); // only the owner's here

        Slot() {
            processor.putNext(task(1), global);
        }
    }

    @JCStressTest
    @Outcome(id = "1, -", expect = ACCEPTABLE, desc = "the owner came first")
    @Outcome(id = "-, 1", expect = ACCEPTABLE, desc = "the thief came first")
    @State
    public static class TakeAgainstStealNext extends Slot {
        @Actor
        public void owner(LL_Result result) {
            result.r1 = show(processor.take(global));
        }

        @Actor
        public void thief(LL_Result result) {
            result.r2 = show(processor.stealNext());
        }
    }

    /** The slice is over, so the owner moves the slot's task to the end of the queue first. */
    @JCStressTest
    @Outcome(id = "1, -", expect = ACCEPTABLE, desc = "the owner came first")
    @Outcome(id = "-, 1", expect = ACCEPTABLE, desc = "the thief came first")
    @State
    public static class TakeAfterTheSliceAgainstStealNext extends Slot {
        public TakeAfterTheSliceAgainstStealNext() {
            processor.sliceOver = true;
        }

        @Actor
        public void owner(LL_Result result) {
            result.r1 = show(processor.take(global));
        }

        @Actor
        public void thief(LL_Result result) {
            result.r2 = show(processor.stealNext());
        }
    }

    /** The thief's, the slot's, the queue's. */
    @JCStressTest
    @Outcome(id = "1, 2, -", expect = ACCEPTABLE, desc = "the thief came first")
    @Outcome(id = "2, -, 1", expect = ACCEPTABLE, desc = "the owner came first")
    @State
    public static class PutNextAgainstStealNext extends Slot {
        @Actor
        public void owner() {
            processor.putNext(task(2), global);
        }

        @Actor
        public void thief(LLL_Result result) {
            result.r1 = show(processor.stealNext());
        }

        @Arbiter
        public void left(LLL_Result result) {
            result.r2 = show(processor.takeNext());
            result.r3 = drain(processor.queue);
        }
    }

    @JCStressTest
    @Outcome(id = "1, -", expect = ACCEPTABLE, desc = "the first came first")
    @Outcome(id = "-, 1", expect = ACCEPTABLE, desc = "the second came first")
    @State
    public static class TwoThieves extends Slot {
        @Actor
        public void first(LL_Result result) {
            result.r1 = show(processor.stealNext());
        }

        @Actor
        public void second(LL_Result result) {
            result.r2 = show(processor.stealNext());
        }
    }

    // ---- lending

    /** Carrier has it back, Monitor has taken it, it is lent in the end. */
    @JCStressTest
    @Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "the monitor came in between")
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "taken after it was lent again")
    @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "the monitor came first")
    @State
    public static class CarrierAgainstMonitor {
        private final Processor processor = new Processor(1, 4, Parker.THREAD);

        public CarrierAgainstMonitor() {
            processor.lend(CARRIER);
        }

        @Actor
        public void carrier(ZZZ_Result result) {
            result.r1 = processor.reclaim(CARRIER);
            if (result.r1) {
                processor.lend(CARRIER);
            }
        }

        @Actor
        public void monitor(ZZZ_Result result) {
            result.r2 = processor.reclaim(CARRIER);
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = processor.isLent();
        }
    }

    /** What the owner wrote into plain fields before it lent the processor is seen by whoever takes it. */
    @JCStressTest
    @Outcome(id = "-", expect = ACCEPTABLE, desc = "it was not lent yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the queue came along")
    @State
    public static class LendPassesTheQueueOn {
        private final Processor processor = new Processor(1, 4, Parker.THREAD);

        @Actor
        public void carrier() {
            processor.forSearch = true;
            processor.queue.offer(task(1));
            processor.lend(CARRIER);
        }

        @Actor
        public void monitor(L_Result result) {
            if (processor.reclaim(CARRIER)) {
                result.r1 = processor.forSearch ? show(processor.queue.poll()) : "stale";
            } else {
                result.r1 = "-";
            }
        }
    }

    /**
     * A task wakes another while the Monitor takes the processor, and gives it to nobody if it sees nothing to do: the woken one
     * is in the global queue, or the Monitor has seen it, or the processor is still lent and its carrier will come to the slot.
     */
    @JCStressTest
    @Outcome(id = "the slot, lent", expect = ACCEPTABLE, desc = "the monitor did not come")
    @Outcome(id = "global, idle", expect = ACCEPTABLE, desc = "the monitor came first")
    @Outcome(id = "monitor, idle", expect = ACCEPTABLE, desc = "the wake-up came first")
    @State
    public static class WakeNextAgainstMonitor {
        private final Processor processor = new Processor(1, 4, Parker.THREAD);
        private final Queue<Runnable> global = new ConcurrentLinkedQueue<>();
        private boolean seen;

        public WakeNextAgainstMonitor() {
            processor.lend(CARRIER);
        }

        @Actor
        public void task() {
            processor.wakeNext(CARRIER, Tasks.task(1), global);
        }

        @Actor
        public void monitor() {
            seen = processor.reclaim(CARRIER) && processor.takeNext() != null;
        }

        @Arbiter
        public void end(LL_Result result) {
            boolean inSlot = processor.hasNext();
            result.r1 = seen ? "monitor" : !global.isEmpty() ? "global" : inSlot ? "the slot" : "lost";
            result.r2 = processor.isLent() ? "lent" : inSlot ? "idle with work" : "idle";
        }
    }

    /** The same where the slot was full: both tasks are somewhere, once. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE)
    @State
    public static class WakeNextIntoAFullSlotAgainstMonitor extends Slot {
        private final Queue<Runnable> shared = new ConcurrentLinkedQueue<>();

        public WakeNextIntoAFullSlotAgainstMonitor() {
            processor.lend(CARRIER);
        }

        @Actor
        public void task() {
            processor.wakeNext(CARRIER, Tasks.task(2), shared);
        }

        @Actor
        public void monitor() {
            if (processor.reclaim(CARRIER)) {
                processor.drain(shared);
            }
        }

        @Arbiter
        public void end(I_Result result) {
            int inSlot = processor.hasNext() && processor.isLent() ? 1 : 0;
            result.r1 = inSlot + shared.size() + processor.queue.size();
        }
    }

    // ---- the number of processors

    /** Somebody takes an idle processor and puts it back while the number goes from 2 to 1: one is left, and idle. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE)
    @State
    public static class PopAgainstResize {
        private final Queue<Runnable> global = new ArrayDeque<>();
        private final Processors processors = new Processors(4, global, Parker.THREAD);

        public PopAgainstResize() {
            processors.resize(2);
        }

        @Actor
        public void owner() {
            Processor popped = processors.pop();
            if (popped != null && popped.dropped) {
                processors.drop(popped);
            } else if (popped != null) {
                processors.push(popped);
            }
        }

        @Actor
        public void resizer() {
            processors.resize(1);
        }

        @Arbiter
        public void end(Z_Result result) {
            Processor idle = processors.pop();
            result.r1 = idle != null
                    && !idle.dropped
                    && processors.pop() == null
                    && processors.all().length == 1
                    && processors.all()[0] == idle;
        }
    }

    /** Two take idle processors: each is taken once. */
    @JCStressTest
    @Outcome(id = "0, 1, -", expect = ACCEPTABLE)
    @Outcome(id = "1, 0, -", expect = ACCEPTABLE)
    @State
    public static class PopAgainstPop {
        private final IdleStack<Integer> stack = new IdleStack<>();

        public PopAgainstPop() {
            stack.push(0);
            stack.push(1);
        }

        @Actor
        public void first(LLL_Result result) {
            result.r1 = stack.pop();
        }

        @Actor
        public void second(LLL_Result result) {
            result.r2 = stack.pop();
        }

        @Arbiter
        public void end(LLL_Result result) {
            result.r3 = stack.isEmpty() ? "-" : "left";
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0, -", expect = ACCEPTABLE, desc = "the push came first")
    @Outcome(id = "0, 1, -", expect = ACCEPTABLE, desc = "the pop came first")
    @State
    public static class PushAgainstPop {
        private final IdleStack<Integer> stack = new IdleStack<>();

        public PushAgainstPop() {
            stack.push(0);
        }

        @Actor
        public void pusher() {
            stack.push(1);
        }

        @Actor
        public void popper(LLL_Result result) {
            result.r1 = stack.pop();
        }

        @Arbiter
        public void end(LLL_Result result) {
            result.r2 = stack.pop();
            result.r3 = stack.isEmpty() ? "-" : "left";
        }
    }
}
