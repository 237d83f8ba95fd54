package dev.heddle.internal.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Both sides of a {@link RevocableCount} know how far it was counted, and who waits for more is called. */
public final class RevocableCountRaces {
    private RevocableCountRaces() {}

    /** A count in memory of its own. */
    public static class Shared {
        final RevocableCount count =
                new RevocableCount(Arena.ofAuto().allocate(RevocableCount.BYTES, RevocableCount.BYTES));
    }

    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "counted, then revoked")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "revoked first")
    @State
    public static class CountAgainstRevoke extends Shared {
        @Actor
        public void count(ZI_Result result) {
            result.r1 = count.count(0);
        }

        @Actor
        public void revoke(ZI_Result result) {
            result.r2 = count.revoke();
        }
    }

    /** The owner counts an element that it has found, while its sender does so and another thread of the owner revokes. */
    @JCStressTest
    @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "counted once, and all know")
    @Outcome(id = "false, false, 0", expect = ACCEPTABLE, desc = "revoked before, and all know")
    @State
    public static class BothCountAgainstRevoke extends Shared {
        @Actor
        public void sender(ZZI_Result result) {
            result.r1 = count.count(0);
        }

        @Actor
        public void owner(ZZI_Result result) {
            result.r2 = count.count(0);
        }

        @Actor
        public void revoker(ZZI_Result result) {
            result.r3 = count.revoke();
        }
    }

    @JCStressTest
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the owner looked later, and sees the count")
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "the owner looked first, and is called")
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "it sees the count, and is called in vain")
    @State
    public static class TakeAgainstLook extends Shared {
        @Actor
        public void taker(ZI_Result result) {
            count.count(0);
            result.r1 = count.takeCall();
        }

        @Actor
        public void owner(ZI_Result result) {
            result.r2 = count.countAndCall();
        }
    }
}
