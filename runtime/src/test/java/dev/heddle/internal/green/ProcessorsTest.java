package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.Parker;
import dev.heddle.simulation.EveryChoice;
import dev.heddle.simulation.Interleaving;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order in which processors become idle and stop being so while their number drops: those too many are gone in the end,
 * and the others idle.
 */
class ProcessorsTest extends HeddleTest {
    /** What carriers do with two processors while one is dropped. Loaded once more, with the processors. */
    public abstract static class Program implements Supplier<List<Runnable>> {
        final Processors processors = new Processors(4, new ConcurrentLinkedQueue<>(), Parker.THREAD);

        Program() {
            processors.resize(2);
        }

        /** As a carrier does that has found no work. */
        final void idle(Processor processor) {
            if (processor.dropped) {
                processors.drop(processor);
            } else {
                processors.push(processor);
            }
        }

        /** As a carrier does that looks for work, and finds none. */
        final void lookForWork() {
            Processor processor = processors.pop();
            if (processor != null) {
                idle(processor);
            }
        }

        final void shrink() {
            processors.resize(1);
        }

        @Override
        public String toString() {
            Processor[] all = processors.all();
            long dropped = Arrays.stream(all).filter(p -> p.dropped).count();
            return all.length + " in use, of which " + dropped + " dropped, "
                    + (processors.allIdle() && processors.anyIdle() ? "all idle" : "not idle");
        }
    }

    /** Both are with carriers, which give them back. */
    static final class BothBecomeIdle extends Program {
        private final Processor one = processors.pop();
        private final Processor other = processors.pop();

        @Override
        public List<Runnable> get() {
            return List.of(() -> idle(one), this::shrink, () -> idle(other));
        }
    }

    /** One is with a carrier, and another carrier takes whichever is idle, and gives it back. */
    static final class OneIsTaken extends Program {
        private final Processor one = processors.pop();

        @Override
        public List<Runnable> get() {
            return List.of(() -> idle(one), this::shrink, this::lookForWork);
        }
    }

    @Test
    void whatBecomesIdleWhileItIsDroppedIsGone() {
        inEveryOrder(BothBecomeIdle.class);
    }

    @Test
    void whatIsTakenWhileItIsDroppedIsGone() {
        inEveryOrder(OneIsTaken.class);
    }

    private static void inEveryOrder(Class<? extends Program> type) {
        EveryChoice choices = new EveryChoice(2);
        int runs = 0;
        do {
            List<String> log = new ArrayList<>();
            assertThat(outcome(type, choices, log))
                    .as(() -> type.getSimpleName() + ", in this order:\n  " + String.join("\n  ", log) + "\n")
                    .isEqualTo("1 in use, of which 0 dropped, all idle");
            runs++;
        } while (choices.advance());
        assertThat(runs).as("orders").isGreaterThan(100);
    }

    private static String outcome(Class<? extends Program> type, EveryChoice choices, List<String> log) {
        Supplier<List<Runnable>> program = Interleaving.program(CLASSES, type);
        try {
            new Interleaving(choices, false, Interleaving.Watch.NOTHING, log).run(program.get());
        } catch (Throwable t) {
            return t.toString();
        }
        return program.toString();
    }

    private static final String GREEN = Processors.class.getPackageName() + ".";

    private static final ClassLoader CLASSES = Interleaving.classes(name -> name.startsWith(GREEN), name -> true);
}
