package dev.heddle.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.heddle.internal.TaskRaces.OneTask;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Who sees the {@link TaskRegistry} empty, and that no task is lost in it. */
public final class RegistryRaces {
    private RegistryRaces() {}

    /** Of those that remove the last tasks, one sees that none is left. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the first came last")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the second came last")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both had counted when both asked")
    @State
    public static class TwoRemoveTheLast {
        private final TaskRegistry registry = new TaskRegistry();
        private final TaskCore<Object> one = new OneTask().task;
        private final TaskCore<Object> other = new OneTask().task;

        public TwoRemoveTheLast() {
            registry.add(one);
            registry.add(other);
        }

        @Actor
        public void first(ZZ_Result result) {
            registry.remove(one);
            result.r1 = registry.isEmpty();
        }

        @Actor
        public void second(ZZ_Result result) {
            registry.remove(other);
            result.r2 = registry.isEmpty();
        }
    }

    /** A task starts another and ends, so at each moment one is live. */
    @JCStressTest
    @Outcome(id = "false", expect = ACCEPTABLE)
    @State
    public static class EmptyAgainstStartThenEnd {
        private final TaskRegistry registry = new TaskRegistry();
        private final TaskCore<Object> one = new OneTask().task;
        private final TaskCore<Object> other = new OneTask().task;

        public EmptyAgainstStartThenEnd() {
            registry.add(one);
        }

        @Actor
        public void task() {
            registry.add(other);
            registry.remove(one);
        }

        @Actor
        public void closer(Z_Result result) {
            result.r1 = registry.isEmpty();
        }
    }

    /** How many are listed, and how many different numbers they have. */
    @JCStressTest
    @Outcome(id = "2, 2", expect = ACCEPTABLE)
    @State
    public static class AddAgainstAdd {
        private final TaskRegistry registry = new TaskRegistry();
        private final TaskCore<Object> one = new OneTask().task;
        private final TaskCore<Object> other = new OneTask().task;

        @Actor
        public void first() {
            registry.add(one);
        }

        @Actor
        public void second() {
            registry.add(other);
        }

        @Arbiter
        public void end(II_Result result) {
            result.r1 = registry.snapshot().size();
            result.r2 = one.id() == other.id() ? 1 : 2;
        }
    }
}
