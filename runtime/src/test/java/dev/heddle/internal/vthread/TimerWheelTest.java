package dev.heddle.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.internal.vthread.TimerWheel.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The wheel against a plain set of timers. */
class TimerWheelTest {
    private static final class Timer extends Entry {
        Timer(long tick) {
            super(tick);
        }
    }

    private final TimerWheel wheel = new TimerWheel();

    private List<Entry> expire(long to) {
        List<Entry> due = new ArrayList<>();
        for (Entry timer = wheel.expire(to); timer != null; timer = timer.unlinkNext()) {
            due.add(timer);
        }
        return due;
    }

    private Timer add(long tick) {
        Timer timer = new Timer(tick);
        wheel.add(timer);
        return timer;
    }

    @Test
    void aTimerIsDueAtItsTickAndNotBefore() {
        for (long delay : new long[] {0, 1, 63, 64, 65, 4095, 4096, 1L << 36, Long.MAX_VALUE >> 14}) {
            TimerWheel fresh = new TimerWheel();
            fresh.expire(17);
            Timer timer = new Timer(17 + delay);
            fresh.add(timer);
            assertThat(fresh.next()).isEqualTo(17 + delay);
            if (delay > 0) {
                assertThat(fresh.expire(16 + delay)).isNull();
                assertThat(fresh.next()).isEqualTo(17 + delay);
            }
            assertThat(fresh.expire(17 + delay)).isSameAs(timer);
            assertThat(fresh.next()).isEqualTo(TimerWheel.NEVER);
        }
    }

    @Test
    void aTimerOfThePastIsDueAtOnce() {
        expire(1_000_000);
        Timer late = add(3);
        assertThat(wheel.next()).isLessThanOrEqualTo(1_000_000);
        assertThat(expire(1_000_000)).containsExactly(late);
    }

    @Test
    void aRemovedTimerIsGone() {
        Timer one = add(500);
        Timer other = add(500);
        Timer third = add(500);
        assertThat(wheel.remove(other)).isTrue();
        assertThat(wheel.remove(other)).isFalse();
        assertThat(expire(500)).containsExactlyInAnyOrder(one, third);
        assertThat(wheel.remove(one)).isFalse();
        assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
    }

    @Test
    void itExpiresWhatAPlainSetWould() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("TimerWheelTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Set<Timer> model = new HashSet<>();
        long now = 0;
        for (int i = 0; i < 200_000; i++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> model.add(add(now + (random.nextLong() >>> random.nextInt(30, 64))));
                case 2 -> {
                    if (!model.isEmpty() && random.nextBoolean()) {
                        Timer some = model.iterator().next();
                        model.remove(some);
                        assertThat(wheel.remove(some)).isTrue();
                    }
                }
                default -> {
                    now += random.nextLong() >>> random.nextInt(32, 64);
                    long to = now;
                    List<Timer> due = model.stream().filter(t -> t.tick() <= to).toList();
                    due.forEach(model::remove);
                    assertThat(expire(now)).hasSameElementsAs(due).doesNotHaveDuplicates();
                    long first = model.stream().mapToLong(Entry::tick).min().orElse(TimerWheel.NEVER);
                    assertThat(wheel.next()).isLessThanOrEqualTo(first);
                    assertThat(wheel.next() == TimerWheel.NEVER).isEqualTo(model.isEmpty());
                }
            }
        }
    }
}
