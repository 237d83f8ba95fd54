package dev.heddle.internal.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Acquired;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermitQueueTest {
    private final PermitQueue queue = new PermitQueue(3);
    private final List<String> woken = new ArrayList<>();

    private final class Waiter extends PermitWaiter {
        Waiter(int wanted, String name) {
            super(wanted, name);
        }

        @Override
        protected void wake() {
            woken.add(holder + " " + outcome());
        }
    }

    private Waiter begun(int wanted, String name, boolean has) {
        Waiter waiter = new Waiter(wanted, name);
        assertThat(queue.begin(waiter, true)).isEqualTo(has);
        assertThat(waiter.outcome() != null).isEqualTo(has);
        return waiter;
    }

    @Test
    void whoCanBeServedIsServedInOrder() {
        begun(2, "a", true);
        begun(2, "b", false);
        begun(1, "c", false);
        begun(3, "d", false);
        assertThat(queue.begin(new Waiter(1, "e"), false))
                .as("others were first")
                .isFalse();
        assertThat(queue.held()).isEqualTo(2);
        queue.release(2);
        assertThat(woken).containsExactly("b CLEANLY", "c CLEANLY");
        assertThat(queue.lastHolder()).isEqualTo("c");
        queue.release(2);
        queue.release(1);
        assertThat(woken).endsWith("d CLEANLY");
        queue.release(3);
        assertThat(queue.held()).isZero();
    }

    @Test
    void whoGivesUpGetsNothingAndMakesWay() {
        begun(2, "a", true);
        Waiter b = begun(3, "b", false);
        Waiter c = begun(1, "c", false);
        assertThat(queue.cancel(b)).isTrue();
        assertThat(b.outcome()).isNull();
        assertThat(woken).containsExactly("c CLEANLY");
        assertThat(queue.cancel(b)).as("again").isFalse();
        assertThat(queue.cancel(c)).as("it has got them").isFalse();
        assertThat(queue.held()).isEqualTo(3);
    }

    @Test
    void theNextIsToldOfADeathOnce() {
        begun(1, "a", true);
        begun(2, "b", true);
        begun(1, "c", false);
        begun(2, "d", false);
        queue.abandon(1);
        queue.release(2);
        assertThat(woken).containsExactly("c AFTER_DEATH", "d CLEANLY");
        queue.abandon(2);
        Waiter later = new Waiter(1, "e");
        assertThat(queue.begin(later, false)).isTrue();
        assertThat(later.outcome()).as("also if nobody waited").isEqualTo(Acquired.AFTER_DEATH);
    }
}
