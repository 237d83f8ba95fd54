package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue that also lets one leave from the middle: all short runs, compared with {@link ArrayDeque}. */
class WaiterQueueTest {
    private static final int STEPS = 8;

    private static final class Someone extends Waiter<Integer> {
        boolean canBeClaimed = true;

        Someone(int number) {
            super(number);
        }

        @Override
        boolean claim() {
            return canBeClaimed;
        }

        @Override
        protected void wake() {
            throw new AssertionError("a queue wakes nobody");
        }
    }

    /** Whatever some of five have decided meanwhile, the others come in order, and no one stays behind. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thoseThatCannotBeClaimedArePassedOver(boolean endAll) {
        int count = 5;
        for (int claimable = 0; claimable < 1 << count; claimable++) {
            WaiterQueue<Integer> queue = new WaiterQueue<>();
            List<Someone> all = new ArrayList<>();
            List<Someone> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Someone added = new Someone(i);
                added.canBeClaimed = (claimable & 1 << i) != 0;
                all.add(added);
                queue.add(added);
                if (added.canBeClaimed) {
                    expected.add(added);
                }
            }
            List<Waiter<Integer>> found = new ArrayList<>();
            if (endAll) {
                for (Waiter<Integer> each = queue.endAll(Outcome.CLOSED); each != null; each = each.next) {
                    found.add(each);
                }
            } else {
                for (Waiter<Integer> each = queue.poll(); each != null; each = queue.poll()) {
                    found.add(each);
                }
            }
            if (endAll) {
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
                for (Someone someone : all) {
                    assertThat(someone.outcome()).isEqualTo(someone.canBeClaimed ? Outcome.CLOSED : Outcome.WAITING);
                }
            } else {
                assertThat(found).isEqualTo(expected);
            }
            assertThat(queue.isEmpty()).isTrue();
            assertThat(all).noneMatch(someone -> someone.queued);
        }
    }

    @Test
    void everyShortRunIsThatOfAQueue() {
        run(new ArrayList<>());
    }

    private static void run(List<Integer> steps) {
        replay(steps);
        if (steps.size() < STEPS) {
            for (int step = 0; step < 4; step++) {
                steps.add(step);
                run(steps);
                steps.removeLast();
            }
        }
    }

    /** Steps: 0 add, 1 poll, 2 the second leaves, 3 the last leaves. */
    private static void replay(List<Integer> steps) {
        WaiterQueue<Integer> queue = new WaiterQueue<>();
        ArrayDeque<Someone> model = new ArrayDeque<>();
        int number = 0;
        for (int step : steps) {
            Someone leaving = null;
            switch (step) {
                case 0 -> {
                    Someone added = new Someone(number++);
                    queue.add(added);
                    model.add(added);
                    assertThat(added.queued).isTrue();
                }
                case 1 -> {
                    Waiter<Integer> polled = queue.poll();
                    assertThat(polled).as("after %s", steps).isSameAs(model.poll());
                    assertThat(polled == null || !polled.queued).isTrue();
                }
                case 2 -> {
                    Iterator<Someone> each = model.iterator();
                    if (model.size() > 1) {
                        each.next();
                        leaving = each.next();
                        each.remove();
                    }
                }
                default -> leaving = model.pollLast();
            }
            if (leaving != null) {
                queue.remove(leaving);
                assertThat(leaving.queued).isFalse();
                assertThat(leaving.previous).isNull();
                assertThat(leaving.next).isNull();
            }
        }
        while (!model.isEmpty()) {
            assertThat(queue.poll()).as("after %s", steps).isSameAs(model.poll());
        }
        assertThat(queue.poll()).as("after %s", steps).isNull();
    }
}
