package dev.heddle.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting, with the clock in the test's hands. */
class ParkerTest extends HeddleTest {
    /** Parking lets the time pass that was asked for, or less. */
    private static final class Driven implements Parker {
        final List<Long> parks = new ArrayList<>();
        long now = Long.MAX_VALUE - 50; // overflows in between, as nanoTime may
        long earlier;

        @Override
        public void park(Object blocker, long nanos) {
            parks.add(nanos);
            now += nanos - earlier;
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }

    private final Driven driven = new Driven();

    @AfterEach
    void giveTheThreadItsOwnParkerBack() {
        Parker.OF_PLATFORM_THREAD.remove();
    }

    @Test
    void aConditionThatHoldsDoesNotWait() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        assertThat(Parker.await(this, () -> true, 0)).isTrue();
        assertThat(Parker.await(this, () -> true, -5)).isTrue();
        assertThat(Parker.await(this, () -> true, Parker.FOREVER)).isTrue();
        assertThat(driven.parks).isEmpty();
    }

    @Test
    void noTimeOnlyLooks() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        assertThat(Parker.await(this, () -> false, 0)).isFalse();
        assertThat(Parker.await(this, () -> false, -1)).isFalse();
        assertThat(driven.parks).isEmpty();
    }

    @Test
    void aParkThatEndsEarlyIsGoneOnWith() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        driven.earlier = 60;
        assertThat(Parker.await(this, () -> driven.parks.size() == 2, 100)).isTrue();
        assertThat(driven.parks).containsExactly(100L, 60L);
    }

    @Test
    void theTimeEnds() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        assertThat(Parker.await(this, () -> false, 100)).isFalse();
        assertThat(driven.parks).containsExactly(100L);
    }

    @Test
    void forEverIsPassedOn() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        driven.earlier = Parker.FOREVER;
        assertThat(Parker.await(this, () -> driven.parks.size() == 3, Parker.FOREVER))
                .isTrue();
        assertThat(driven.parks).containsOnly(Parker.FOREVER).hasSize(3);
    }

    @Test
    void anInterruptEndsTheWaitUnlessTheConditionHolds() throws Exception {
        Thread.currentThread().interrupt();
        assertThat(Parker.await(this, () -> true, Parker.FOREVER)).isTrue();
        assertThatThrownBy(() -> Parker.await(this, () -> false, Parker.FOREVER))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anUnparkIsNotLostHoweverItMeetsThePark() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            AtomicBoolean condition = new AtomicBoolean();
            Thread waiter = Thread.currentThread();
            Thread waker = spawn(() -> {
                condition.set(true);
                LockSupport.unpark(waiter);
            });
            assertThat(Parker.await(this, condition::get, LONG.toNanos())).isTrue();
            waker.join();
        }
    }

    @Test
    void eachThreadHasItsOwn() throws Exception {
        Parker.OF_PLATFORM_THREAD.set(driven);
        assertThat(Parker.current()).isSameAs(driven);
        spawn(() -> assertThat(Parker.current()).isSameAs(Parker.THREAD)).join();
        Thread.ofVirtual()
                .start(() -> assertThat(Parker.current()).isSameAs(Parker.THREAD))
                .join();
    }

    @Test
    void timesAreNeverNegativeAndNeverTooLong() {
        assertThat(Parker.nanos(-1, TimeUnit.SECONDS)).isZero();
        assertThat(Parker.nanos(3, TimeUnit.MICROSECONDS)).isEqualTo(3_000);
        assertThat(Parker.nanos(Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo(Parker.FOREVER);
    }
}
