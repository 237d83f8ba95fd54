package dev.heddle.internal.vthread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimersTest extends HeddleTest {
    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();

    private Timers timers(long keepAliveMillis) {
        return new Timers(
                work -> {
                    Thread thread = Thread.ofPlatform().daemon().unstarted(work);
                    made.add(thread);
                    return thread;
                },
                TimeUnit.MILLISECONDS.toNanos(keepAliveMillis));
    }

    @Test
    void timersFromManyThreadsAllFireAndNoneEarly() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("TimersTest seed " + seed);
        int threads = 8;
        int each = 5_000;
        Timers timers = timers(5); // the thread comes and goes
        CountDownLatch fired = new CountDownLatch(threads * each);
        AtomicLong early = new AtomicLong();
        SplittableRandom root = new SplittableRandom(seed);
        List<Thread> callers = root.splits(threads)
                .map(random -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < each; i++) {
                        long delay = random.nextLong(1L << random.nextInt(1, 26));
                        long start = System.nanoTime();
                        timers.schedule(
                                () -> {
                                    if (System.nanoTime() - start < delay) {
                                        early.incrementAndGet();
                                    }
                                    fired.countDown();
                                },
                                delay,
                                TimeUnit.NANOSECONDS);
                    }
                }))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }
        fired.await();
        assertThat(early).hasValue(0);
    }

    @Test
    void aTimerEitherFiresOrIsCancelled() throws Exception {
        Timers timers = timers(1_000);
        AtomicInteger fired = new AtomicInteger();
        int cancelled = 0;
        int all = 20_000;
        CountDownLatch last = new CountDownLatch(1);
        for (int i = 0; i < all; i++) {
            ScheduledFuture<?> timer = timers.schedule(fired::incrementAndGet, i % 100, TimeUnit.MICROSECONDS);
            if (timer.cancel(false)) {
                cancelled++;
                assertThat(timer.isCancelled()).isTrue();
                assertThat(timer.isDone()).isTrue();
                assertThat(timer.cancel(false)).isFalse();
            }
        }
        timers.schedule(last::countDown, 1, TimeUnit.MILLISECONDS);
        last.await();
        int expected = all - cancelled;
        eventually("the others fire", () -> fired.get() == expected);
        assertThat(cancelled).isPositive();
    }

    @Test
    void anEarlierTimerWakesTheThreadThatSleepsForALaterOne() throws Exception {
        Timers timers = timers(1_000);
        CountDownLatch fired = new CountDownLatch(1);
        ScheduledFuture<?> later = timers.schedule(() -> {}, 1, TimeUnit.DAYS);
        timers.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS);
        fired.await();
        assertThat(later.isDone()).isFalse();
        assertThat(later.getDelay(TimeUnit.HOURS)).isEqualTo(23);
        assertThat(made).hasSize(1);
    }

    @Test
    void withoutTimersTheThreadEndsAndTheNextTimerStartsAnother() throws Exception {
        Timers timers = timers(1);
        for (int i = 1; i <= 3; i++) {
            CountDownLatch fired = new CountDownLatch(1);
            timers.schedule(fired::countDown, 0, TimeUnit.NANOSECONDS);
            fired.await();
            assertThat(made).hasSize(i);
            for (Thread thread : made) {
                thread.join();
            }
        }
    }

    @Test
    void aCommandThatThrowsDoesNotStopTheOthers() throws Exception {
        Timers timers = timers(1_000);
        CountDownLatch fired = new CountDownLatch(1);
        timers.schedule(
                () -> {
                    throw new IllegalStateException("thrown by a test, and logged");
                },
                0,
                TimeUnit.NANOSECONDS);
        timers.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS);
        fired.await();
        assertThat(made).hasSize(1);
    }
}
