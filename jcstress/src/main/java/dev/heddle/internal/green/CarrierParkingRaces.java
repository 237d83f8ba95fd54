package dev.heddle.internal.green;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An idle {@link Carrier} is given at most one processor, and whoever is told that it was given one is right. */
public final class CarrierParkingRaces {
    private static final long LONG = TimeUnit.DAYS.toNanos(1);

    private static final GreenScheduler SCHEDULER = new GreenScheduler("parking", Seams.SYSTEM, 1);
    private static final Processor FIRST = new Processor(1, 4, Parker.THREAD);
    private static final Processor SECOND = new Processor(2, 4, Parker.THREAD);

    private CarrierParkingRaces() {}

    private static Carrier idleCarrier() {
        Carrier carrier = new Carrier(1, SCHEDULER, Seams.SYSTEM, FIRST);
        carrier.processor = null;
        carrier.announceIdle();
        return carrier;
    }

    /** Goes on by itself, was given, has the processor. */
    @JCStressTest
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "the carrier came first")
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "the giver came first")
    @State
    public static class CancelAgainstGive {
        private final Carrier carrier = idleCarrier();

        @Actor
        public void carrier(ZZZ_Result result) {
            result.r1 = carrier.cancelIdle();
        }

        @Actor
        public void giver(ZZZ_Result result) {
            result.r2 = carrier.give(FIRST);
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = carrier.processor == FIRST;
        }
    }

    /** Was given, goes on. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the giver came first")
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the carrier came first")
    @State
    public static class RetireAgainstGive {
        private final Carrier carrier = idleCarrier();

        @Actor
        public void closer() {
            carrier.retire();
        }

        @Actor
        public void giver(ZZ_Result result) {
            result.r1 = carrier.give(FIRST);
        }

        @Arbiter
        public void end(ZZ_Result result) {
            result.r2 = carrier.awaitProcessor(LONG) && carrier.processor == FIRST;
        }
    }

    /** The carrier's time is over at that moment. Was given, goes on, has the processor. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "the giver came first")
    @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "the carrier came first")
    @State
    public static class TimeoutAgainstGive {
        private final Carrier carrier = idleCarrier();

        @Actor
        public void carrier(ZZZ_Result result) {
            result.r2 = carrier.awaitProcessor(0);
        }

        @Actor
        public void giver(ZZZ_Result result) {
            result.r1 = carrier.give(FIRST);
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = carrier.processor == FIRST;
        }
    }

    /** The first gave, the second gave, it has the one of who gave. */
    @JCStressTest
    @Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "the first came first")
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "the second came first")
    @State
    public static class TwoGivers {
        private final Carrier carrier = idleCarrier();

        @Actor
        public void first(ZZZ_Result result) {
            result.r1 = carrier.give(FIRST);
        }

        @Actor
        public void second(ZZZ_Result result) {
            result.r2 = carrier.give(SECOND);
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = carrier.awaitProcessor(LONG) && carrier.processor == (result.r1 ? FIRST : SECOND);
        }
    }
}
