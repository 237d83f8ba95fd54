package dev.heddle.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One holds the lock at a time, and sees what those before it have done, whatever kind of thread they are. */
class ChannelLockTest extends HeddleTest {
    /** Plain fields: only the lock makes them right. */
    private static final class Guarded {
        final ChannelLock lock = new ChannelLock();
        long count;
        long same;

        /** @param nanos how long to hold the lock at least */
        void increment(long nanos) {
            lock.lock();
            try {
                if (count != same) {
                    throw new AssertionError("somebody else is at it");
                }
                count++;
                if (nanos > 0) {
                    for (long start = System.nanoTime(); System.nanoTime() - start < nanos; ) {
                        Thread.onSpinWait();
                    }
                }
                same = count;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Holds it long enough, now and then, for others to come to sleep. */
    private static void incrementOften(Guarded guarded, int times, SplittableRandom random) {
        for (int i = 0; i < times; i++) {
            guarded.increment(random.nextInt(20_000) == 0 ? random.nextInt(2_000_000) : 0);
        }
    }

    @Test
    void threadsVirtualThreadsAndGreenThreadsExcludeOneAnother() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("ChannelLockTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Guarded guarded = new Guarded();
        int each = 200_000;
        int ofEachKind = 3;
        List<Thread> threads = new ArrayList<>();
        // More than processors and carriers of the JDK's, so that a holder may have been stopped by the system.
        try (Heddle green = Heddle.builder(Model.GREEN).processors(2).open()) {
            for (int i = 0; i < ofEachKind; i++) {
                SplittableRandom forTask = random.split();
                green.start(() -> incrementOften(guarded, each, forTask));
                SplittableRandom forThread = random.split();
                threads.add(spawn(() -> incrementOften(guarded, each, forThread)));
                SplittableRandom forVirtual = random.split();
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        incrementOften(guarded, each, forVirtual);
                    } catch (Throwable t) {
                        fails(t);
                    }
                }));
            }
            for (Thread thread : threads) {
                assertThat(thread.join(LONG))
                        .as("%s ends, seed %s", thread, seed)
                        .isTrue();
            }
        }
        guarded.lock.lock();
        assertThat(guarded.count).isEqualTo(3L * ofEachKind * each);
        guarded.lock.unlock();
    }

    @Test
    void whoeverWaitsSleepsAndStaysInterrupted() throws Exception {
        ChannelLock lock = new ChannelLock();
        AtomicBoolean taken = new AtomicBoolean();
        lock.lock();
        Thread waiting = spawn(() -> {
            lock.lock();
            lock.unlock();
            taken.set(true);
            assertThat(Thread.interrupted()).isTrue();
        });
        eventually("it sleeps", () -> LockSupport.getBlocker(waiting) == lock);
        waiting.interrupt();
        LockSupport.unpark(waiting);
        LockSupport.parkNanos(SHORT.toNanos());
        assertThat(taken).isFalse();
        lock.unlock();
        assertThat(waiting.join(LONG)).isTrue();
        assertThat(taken).isTrue();
    }

    /** With one processor, whoever waits must let the holder have it. */
    @Test
    void onOneProcessorAllComeToTheirTurn() throws Exception {
        Guarded guarded = new Guarded();
        long tasks = 4;
        int each = 2_000;
        try (Heddle heddle = Heddle.builder(Model.GREEN).processors(1).open()) {
            for (int i = 0; i < tasks; i++) {
                heddle.start(() -> {
                    for (int j = 0; j < each; j++) {
                        guarded.increment(j % 500 == 0 ? TimeUnit.MILLISECONDS.toNanos(12) : 0); // longer than a slice
                    }
                });
            }
        }
        assertThat(guarded.count).isEqualTo(tasks * each);
    }

    @Test
    void whoeverDoesNotWaitTakesItOnlyIfItIsFree() {
        ChannelLock lock = new ChannelLock();
        assertThat(lock.lockSoon()).isTrue();
        assertThat(lock.lockSoon()).isFalse();
        lock.unlock();
        assertThat(lock.lockSoon()).isTrue();
    }

    @Test
    void eachHasAnOrderOfItsOwn() {
        ChannelLock first = new ChannelLock();
        ChannelLock second = new ChannelLock();
        assertThat(first.order).isLessThan(second.order);
    }
}
