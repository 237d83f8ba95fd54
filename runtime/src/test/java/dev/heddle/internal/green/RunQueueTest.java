package dev.heddle.internal.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.testing.HeddleTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every task that goes into a run queue comes out once, in order, whoever takes it. */
class RunQueueTest extends HeddleTest {
    private static final int ELEMENTS = 200_000;

    private record Numbered(int number) implements Runnable {
        @Override
        public void run() {}
    }

    private static int number(Runnable task) {
        return ((Numbered) task).number;
    }

    @Test
    void itIsFirstInFirstOutAndRefusesWhenFull() {
        RunQueue queue = new RunQueue(4);
        for (int lap = 0; lap < 3; lap++) {
            for (int i = 0; i < 4; i++) {
                assertThat(queue.offer(new Numbered(i))).isTrue();
            }
            assertThat(queue.offer(new Numbered(4))).isFalse();
            assertThat(queue.size()).isEqualTo(4);
            for (int i = 0; i < 4; i++) {
                assertThat(number(queue.poll())).isEqualTo(i);
            }
            assertThat(queue.poll()).isNull();
        }
    }

    @Test
    void theOlderHalfIsSpilled() {
        RunQueue queue = new RunQueue(4);
        for (int i = 0; i < 4; i++) {
            queue.offer(new Numbered(i));
        }
        Queue<Runnable> spilled = new ArrayDeque<>();
        queue.spillHalf(spilled);
        assertThat(spilled.stream().map(RunQueueTest::number)).containsExactly(0, 1);
        assertThat(number(queue.poll())).isEqualTo(2);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void aThiefTakesTheOlderHalfRoundedUp() {
        RunQueue victim = new RunQueue(4);
        RunQueue thief = new RunQueue(4);
        for (int i = 0; i < 3; i++) {
            victim.offer(new Numbered(i));
        }
        assertThat(thief.stealHalf(victim)).isEqualTo(2);
        assertThat(number(thief.poll())).isEqualTo(0);
        assertThat(number(thief.poll())).isEqualTo(1);
        assertThat(thief.stealHalf(victim)).isEqualTo(1);
        assertThat(number(thief.poll())).isEqualTo(2);
        assertThat(thief.stealHalf(victim)).isZero();
        assertThat(thief.poll()).isNull();
        assertThat(victim.poll()).isNull();
    }

    @Test
    void aCapacityThatIsNoPowerOfTwoIsRefused() {
        assertThatThrownBy(() -> new RunQueue(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RunQueue(1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** One owner that adds and takes at random, two thieves: each number is seen once, and by each taker in order. */
    @ParameterizedTest
    @ValueSource(ints = {4, 256})
    void everyTaskComesOutOnce(int capacity) throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RunQueueTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        RunQueue queue = new RunQueue(capacity);
        Queue<Runnable> spilled = new ConcurrentLinkedQueue<>();
        AtomicInteger[] seen = new AtomicInteger[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            seen[i] = new AtomicInteger();
        }
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> thieves = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SplittableRandom own = random.split();
            thieves.add(spawn(() -> steal(queue, new RunQueue(capacity), own, seen, ended)));
        }
        int next = 0;
        int last = -1;
        while (next < ELEMENTS) {
            for (int burst = random.nextInt(1, 2 * capacity); burst > 0 && next < ELEMENTS; burst--) {
                Numbered task = new Numbered(next++);
                while (!queue.offer(task)) {
                    queue.spillHalf(spilled);
                }
            }
            for (int burst = random.nextInt(2 * capacity); burst > 0; burst--) {
                Runnable task = queue.poll();
                if (task == null) {
                    break;
                }
                assertThat(number(task)).isGreaterThan(last);
                last = number(task);
                seen[last].incrementAndGet();
            }
        }
        ended.set(true);
        for (Thread thief : thieves) {
            assertThat(thief.join(LONG)).isTrue();
        }
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            seen[number(task)].incrementAndGet();
        }
        spilled.forEach(task -> seen[number(task)].incrementAndGet());
        for (int i = 0; i < ELEMENTS; i++) {
            assertThat(seen[i].get())
                    .as("times that %s was taken, seed %s", i, seed)
                    .isEqualTo(1);
        }
    }

    private static void steal(
            RunQueue victim, RunQueue own, SplittableRandom random, AtomicInteger[] seen, AtomicBoolean ended) {
        int last = -1;
        boolean once = true;
        while (once) {
            once = !ended.get();
            int taken = own.stealHalf(victim);
            assertThat(own.size()).isEqualTo(taken);
            for (int i = 0; i < taken; i++) {
                int number = number(own.poll());
                assertThat(number).isGreaterThan(last);
                last = number;
                seen[number].incrementAndGet();
            }
            if (taken == 0 || random.nextInt(4) == 0) {
                Thread.yield();
            }
        }
    }
}
