package dev.heddle.internal.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** A {@link QueueChannel} passes an element once, and a wait that gives up knows whether it was served. */
public final class ChannelRaces {
    private ChannelRaces() {}

    /** Counts how often it was woken. */
    private static final class Counted extends Waiter<String> {
        final AtomicInteger wakes;

        Counted(String element, AtomicInteger wakes) {
            super(element);
            this.wakes = wakes;
        }

        @Override
        protected void wake() {
            wakes.incrementAndGet();
        }
    }

    /** What the sender was told, what the receiver got, how many were woken: the one that came first. */
    @JCStressTest
    @Outcome(id = "DONE, element, 1", expect = ACCEPTABLE)
    @State
    public static class SendAgainstReceive {
        private final QueueChannel<String> channel = new QueueChannel<>(0);
        private final AtomicInteger wakes = new AtomicInteger();
        private final Counted sender = new Counted("element", wakes);
        private final Counted receiver = new Counted(null, wakes);

        @Actor
        public void sender() {
            channel.begin(sender);
        }

        @Actor
        public void receiver() {
            channel.begin(receiver);
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r1 = sender.outcome();
            result.r2 = receiver.element();
            result.r3 = wakes.get();
        }
    }

    /** A sender waits; whether it could give up, what was received, how many were woken. */
    @JCStressTest
    @Outcome(id = "true, nothing, 0", expect = ACCEPTABLE, desc = "the sender gave up first")
    @Outcome(id = "false, element, 1", expect = ACCEPTABLE, desc = "the receiver came first")
    @State
    public static class CancelAgainstReceive {
        private final QueueChannel<String> channel = new QueueChannel<>(0);
        private final AtomicInteger wakes = new AtomicInteger();
        private final Counted sender = new Counted("element", wakes);

        public CancelAgainstReceive() {
            channel.begin(sender);
        }

        @Actor
        public void sender(LLI_Result result) {
            result.r1 = channel.cancel(sender);
        }

        @Actor
        public void receiver(LLI_Result result) {
            result.r2 = show(channel.tryReceive());
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r3 = wakes.get();
        }
    }

    /** A receiver waits; whether it could give up, what it was told in the end, how many were woken. */
    @JCStressTest
    @Outcome(id = "true, WAITING, 0", expect = ACCEPTABLE, desc = "the receiver gave up first")
    @Outcome(id = "false, CLOSED, 1", expect = ACCEPTABLE, desc = "the closer came first")
    @State
    public static class CancelAgainstClose {
        private final QueueChannel<String> channel = new QueueChannel<>(0);
        private final AtomicInteger wakes = new AtomicInteger();
        private final Counted receiver = new Counted(null, wakes);

        public CancelAgainstClose() {
            channel.begin(receiver);
        }

        @Actor
        public void receiver(LLI_Result result) {
            result.r1 = channel.cancel(receiver);
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r2 = receiver.outcome();
            result.r3 = wakes.get();
        }
    }

    /** A receiver waits; whether something was sent, what the receiver was told, how many were woken. */
    @JCStressTest
    @Outcome(id = "sent, element, 1", expect = ACCEPTABLE, desc = "the sender came first")
    @Outcome(id = "closed, CLOSED, 1", expect = ACCEPTABLE, desc = "the closer came first")
    @State
    public static class SendToAWaitingReceiverAgainstClose {
        private final QueueChannel<String> channel = new QueueChannel<>(0);
        private final AtomicInteger wakes = new AtomicInteger();
        private final Counted receiver = new Counted(null, wakes);

        public SendToAWaitingReceiverAgainstClose() {
            channel.begin(receiver);
        }

        @Actor
        public void sender(LLI_Result result) {
            result.r1 = trySend(channel);
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void end(LLI_Result result) {
            result.r2 = receiver.outcome() == Waiter.Outcome.DONE ? receiver.element() : receiver.outcome();
            result.r3 = wakes.get();
        }
    }

    /** Whether something was sent, what is left to receive. */
    @JCStressTest
    @Outcome(id = "sent, element", expect = ACCEPTABLE, desc = "the sender came first")
    @Outcome(id = "closed, closed", expect = ACCEPTABLE, desc = "the closer came first")
    @State
    public static class BufferedSendAgainstClose {
        private final QueueChannel<String> channel = new QueueChannel<>(1);

        @Actor
        public void sender(LL_Result result) {
            result.r1 = trySend(channel);
        }

        @Actor
        public void closer() {
            channel.close();
        }

        @Arbiter
        public void end(LL_Result result) {
            result.r2 = show(channel.tryReceive());
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

    /** A virtual thread's permit, as park and unpark use it: who finds it given does not write it. */
    private static final class Permitted extends Waiter<String> {
        final AtomicInteger permit = new AtomicInteger(1); // left over from an earlier wait
        boolean wasGiven;

        Permitted() {
            super(null);
        }

        @Override
        protected void wake() {
            wasGiven = permit.get() == 1 || permit.getAndSet(1) == 1;
        }
    }

    /** Whether the sender found the permit given, and what the receiver saw after it had used it up and before it parked. */
    @JCStressTest
    @Outcome(id = "true, DONE", expect = ACCEPTABLE, desc = "it need not park")
    @Outcome(id = "false, DONE", expect = ACCEPTABLE, desc = "it need not park, and the next park returns at once")
    @Outcome(id = "false, WAITING", expect = ACCEPTABLE, desc = "it parks, and the new permit ends that")
    @State
    public static class WakeAgainstPermitLeftOver {
        private final QueueChannel<String> channel = new QueueChannel<>(0);
        private final Permitted receiver = new Permitted();

        public WakeAgainstPermitLeftOver() {
            channel.begin(receiver);
        }

        @Actor
        public void sender(ZL_Result result) {
            channel.trySend("element");
            result.r1 = receiver.wasGiven;
        }

        @Actor
        public void receiver(ZL_Result result) {
            receiver.permit.getAndSet(0);
            result.r2 = receiver.outcome();
        }
    }
}
