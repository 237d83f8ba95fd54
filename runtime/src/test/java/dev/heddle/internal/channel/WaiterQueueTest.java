package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A queue that also lets one leave from the middle: all short runs, compared with {@link ArrayDeque}. */
class WaiterQueueTest {
    private static final int STEPS = 8;

    private static final class Someone extends Waiter<Integer> {
        Someone(int number) {
            super(number);
        }

        @Override
        protected void wake() {
            throw new AssertionError("a queue wakes nobody");
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
