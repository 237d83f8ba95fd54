package dev.heddle.internal.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.internal.channel.Selectable.Operation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** A {@link Selection} does one operation, whoever comes to its channels, and knows which. */
public final class SelectRaces {
    private SelectRaces() {}

    private static Operation receive(QueueChannel<?> channel) {
        return new Operation(channel, null);
    }

    private static Operation send(QueueChannel<String> channel) {
        return new Operation(channel, "element");
    }

    /** Counts how often it was woken. */
    static final class Counted extends Selection {
        private final List<Operation> operations;
        private final List<ChannelLock> locks;
        private final AtomicInteger wakes;
        private Branch done;

        Counted(AtomicInteger wakes, Operation... operations) {
            super(operations.length);
            this.operations = List.of(operations);
            this.locks = Selection.locks(this.operations.stream()
                    .map(operation -> operation.channel().port())
                    .toList());
            this.wakes = wakes;
        }

        @Override
        protected Operation operation(int i) {
            return operations.get(i);
        }

        @Override
        protected void wake() {
            wakes.incrementAndGet();
        }

        /** Does one, or has all wait. */
        Counted begin() {
            tryNow(true);
            return this;
        }

        void tryNow(boolean orWait) {
            int[] order = {0, 1};
            done = tryNow(() -> 0, order);
            if (done == null) {
                done = atOneMoment(locks, order, orWait);
            }
        }

        /** {@return what was done by now; nothing will be any more} */
        String end() {
            Branch branch = done != null ? done : withdraw();
            return branch == null ? "nothing" : branch.index + " " + branch.outcome();
        }
    }

    /** Two channels, at which nothing waits but selections. */
    static class TwoChannels {
        final QueueChannel<String> a = new QueueChannel<>(0);
        final QueueChannel<String> b = new QueueChannel<>(0);
        final AtomicInteger wakes = new AtomicInteger();
    }

    /** A selection waits to receive from both. */
    static class OneWaits extends TwoChannels {
        final Counted selection = new Counted(wakes, receive(a), receive(b)).begin();
    }

    /** What each has done, how many were woken: the one that came first. */
    @JCStressTest
    @Outcome(id = "0 DONE, 1 DONE, 1", expect = ACCEPTABLE, desc = "the first received what the second sent")
    @Outcome(id = "1 DONE, 0 DONE, 1", expect = ACCEPTABLE, desc = "the second received what the first sent")
    @State
    public static class TwoThatMeet extends TwoChannels {
        private final Counted first = new Counted(wakes, receive(a), send(b));
        private final Counted second = new Counted(wakes, receive(b), send(a));

        @Actor
        public void first() {
            first.begin();
        }

        @Actor
        public void second() {
            second.begin();
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r1 = first.end();
            result.r2 = second.end();
            result.r3 = wakes.get();
        }
    }

    /** Who was let send, what the selection did, how many were woken. */
    @JCStressTest
    @Outcome(id = "sent, full, 0 DONE, 1", expect = ACCEPTABLE, desc = "the sender to a came first")
    @Outcome(id = "full, sent, 1 DONE, 1", expect = ACCEPTABLE, desc = "the sender to b came first")
    @State
    public static class ClaimedOnce extends OneWaits {
        @Actor
        public void toA(LLLL_Result result) {
            result.r1 = trySend(a);
        }

        @Actor
        public void toB(LLLL_Result result) {
            result.r2 = trySend(b);
        }

        @Arbiter
        public void end(LLLL_Result result) {
            result.r3 = selection.end();
            result.r4 = wakes.get();
        }
    }

    /** The same with a selection that waits to send. */
    @JCStressTest
    @Outcome(id = "element, nothing, 0 DONE, 1", expect = ACCEPTABLE, desc = "the receiver from a came first")
    @Outcome(id = "nothing, element, 1 DONE, 1", expect = ACCEPTABLE, desc = "the receiver from b came first")
    @State
    public static class ASenderClaimedOnce extends TwoChannels {
        private final Counted selection = new Counted(wakes, send(a), send(b)).begin();

        @Actor
        public void fromA(LLLL_Result result) {
            result.r1 = show(a.tryReceive());
        }

        @Actor
        public void fromB(LLLL_Result result) {
            result.r2 = show(b.tryReceive());
        }

        @Arbiter
        public void end(LLLL_Result result) {
            result.r3 = selection.end();
            result.r4 = wakes.get();
        }
    }

    /** Whether something was sent, what the selection did, how many were woken. */
    @JCStressTest
    @Outcome(id = "sent, 0 DONE, 1", expect = ACCEPTABLE, desc = "the sender to a came first")
    @Outcome(id = "full, 1 CLOSED, 1", expect = ACCEPTABLE, desc = "the closer of b came first")
    @State
    public static class SendAgainstClose extends OneWaits {
        @Actor
        public void sender(LLI_Result result) {
            result.r1 = trySend(a);
        }

        @Actor
        public void closer() {
            b.close();
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r2 = selection.end();
            result.r3 = wakes.get();
        }
    }

    /** What the selection did, how many were woken. */
    @JCStressTest
    @Outcome(id = "0 CLOSED, 1", expect = ACCEPTABLE, desc = "the closer of a came first")
    @Outcome(id = "1 CLOSED, 1", expect = ACCEPTABLE, desc = "the closer of b came first")
    @State
    public static class CloseAgainstClose extends OneWaits {
        @Actor
        public void first() {
            a.close();
        }

        @Actor
        public void second() {
            b.close();
        }

        @Arbiter
        public void end(LL_Result result) {
            result.r1 = selection.end();
            result.r2 = wakes.get();
        }
    }

    /** A selection is about to wait while one of its channels is closed; what it did, how many were woken. */
    @JCStressTest
    @Outcome(id = "0 CLOSED, 0", expect = ACCEPTABLE, desc = "the closer came first")
    @Outcome(id = "0 CLOSED, 1", expect = ACCEPTABLE, desc = "the selection came first")
    @State
    public static class BeginAgainstClose extends TwoChannels {
        private final Counted selection = new Counted(wakes, receive(a), receive(b));

        @Actor
        public void selector() {
            selection.begin();
        }

        @Actor
        public void closer() {
            a.close();
        }

        @Arbiter
        public void end(LL_Result result) {
            result.r1 = selection.end();
            result.r2 = wakes.get();
        }
    }

    /** Whether a and b took an element, what the selection had done when its time was over, how many were woken. */
    @JCStressTest
    @Outcome(id = "full, full, nothing, 0", expect = ACCEPTABLE, desc = "the selection gave up first")
    @Outcome(id = "sent, full, 0 DONE, 1", expect = ACCEPTABLE, desc = "the sender came first")
    @Outcome(
            id = "full, sent, 1 DONE, 1",
            expect = ACCEPTABLE,
            desc = "the sender came when it had left a, and not yet b")
    @State
    public static class WithdrawAgainstSends extends OneWaits {
        @Actor
        public void selector(LLLL_Result result) {
            result.r3 = selection.end();
        }

        @Actor
        public void sender(LLLL_Result result) {
            result.r1 = trySend(a);
            result.r2 = trySend(b);
        }

        @Arbiter
        public void end(LLLL_Result result) {
            result.r4 = wakes.get();
        }
    }

    /** What the selection had done when its time was over, how many were woken. */
    @JCStressTest
    @Outcome(id = "nothing, 0", expect = ACCEPTABLE, desc = "the selection gave up first")
    @Outcome(id = "1 CLOSED, 1", expect = ACCEPTABLE, desc = "the closer came first")
    @State
    public static class WithdrawAgainstClose extends OneWaits {
        @Actor
        public void selector(LL_Result result) {
            result.r1 = selection.end();
        }

        @Actor
        public void closer() {
            b.close();
        }

        @Arbiter
        public void end(LL_Result result) {
            result.r2 = wakes.get();
        }
    }

    /** Somebody moves the only element from a to b. There is no moment without it, so a selection that does not wait finds it. */
    @JCStressTest
    @Outcome(id = "0 DONE, nothing", expect = ACCEPTABLE, desc = "found in a, before it was taken out there")
    @Outcome(id = "1 DONE, element", expect = ACCEPTABLE, desc = "found in b")
    @State
    public static class TryWhileAnElementIsMoved {
        private final QueueChannel<String> a = new QueueChannel<>(1);
        private final QueueChannel<String> b = new QueueChannel<>(1);
        private final Counted selection = new Counted(new AtomicInteger(), receive(a), receive(b));

        public TryWhileAnElementIsMoved() {
            a.trySend("element");
        }

        @Actor
        public void selector() {
            selection.tryNow(false);
        }

        @Actor
        public void mover(LL_Result result) {
            b.trySend("element");
            result.r2 = show(a.tryReceive());
        }

        @Arbiter
        public void end(LL_Result result) {
            result.r1 = selection.end();
        }
    }

    /** What was written to an element before it was sent is seen by the selection that has received it. */
    @JCStressTest
    @Outcome(id = "waits", expect = ACCEPTABLE, desc = "the selection looked first")
    @Outcome(id = "written", expect = ACCEPTABLE, desc = "the sender came first")
    @State
    public static class AnElementIsSeenWhole {
        private final QueueChannel<String[]> a = new QueueChannel<>(0);
        private final QueueChannel<String[]> b = new QueueChannel<>(0);
        private final Counted selection = new Counted(new AtomicInteger(), receive(a), receive(b)).begin();

        @Actor
        public void sender() {
            String[] element = {null};
            element[0] = "written";
            b.trySend(element);
        }

        @Actor
        public void selector(L_Result result) {
            result.r1 = selection.isDecided() ? ((String[]) selection.withdraw().element())[0] : "waits";
        }
    }

    private static String trySend(QueueChannel<String> channel) {
        try {
            return channel.trySend("element") ? "sent" : "full";
        } catch (ChannelClosedException e) {
            return "closed";
        }
    }

    private static String show(Received<String> received) {
        return switch (received) {
            case Received.Element<String>(String element) -> element;
            case Received.Empty<String> _ -> "nothing";
            case Received.Closed<String> _ -> "closed";
        };
    }
}
