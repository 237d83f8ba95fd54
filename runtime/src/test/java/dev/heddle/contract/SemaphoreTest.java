package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Acquired;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Semaphore;
import dev.heddle.SharedInts;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A semaphore has so many holders at a time, and survives them. */
class SemaphoreTest extends ContractTest {
    @Test
    void noMoreThanItHasPermits() throws Exception {
        try (Heddle heddle = open(options -> options.processors(3))) {
            Semaphore semaphore = heddle.semaphore(2);
            SharedInts inside = heddle.sharedInts(2);
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(heddle.start(() -> {
                    for (int round = 0; round < 200; round++) {
                        semaphore.acquire();
                        int now = inside.getAndAdd(0, 1) + 1;
                        int most = inside.get(1);
                        while (now > most && !inside.compareAndSet(1, most, now)) {
                            most = inside.get(1);
                        }
                        Heddle.yield();
                        inside.getAndAdd(0, -1);
                        semaphore.release();
                    }
                }));
            }
            for (Task<?> task : tasks) {
                task.join();
            }
            assertThat(inside.get(0)).isZero();
            assertThat(inside.get(1)).isBetween(1, 2);
        }
    }

    @Test
    void severalPermitsAreHadAllAtOnceAndNobodyOvertakes() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Semaphore semaphore = heddle.semaphore(3);
            Channel<String> order = heddle.channel(2);
            assertThat(semaphore.permits()).isEqualTo(3);
            semaphore.acquire(2);
            Task<?> large = heddle.start(() -> {
                semaphore.acquire(3);
                order.send("large");
                semaphore.release(3);
            });
            awaitAcquiring(heddle, 1);
            assertThat(semaphore.tryAcquire())
                    .as("one is left, but the other was first")
                    .isEqualTo(Acquired.NOT);
            Task<?> small = heddle.start(() -> {
                semaphore.acquire();
                order.send("small");
                semaphore.release();
            });
            awaitAcquiring(heddle, 2);
            semaphore.release(2);
            assertThat(order.receive()).isEqualTo("large");
            assertThat(order.receive()).isEqualTo("small");
            large.join();
            small.join();
        }
    }

    @Test
    void oneThatGivesUpLetsThoseBehindItPass() throws Exception {
        try (Heddle heddle = open(options -> options.processors(2))) {
            Semaphore semaphore = heddle.semaphore(2);
            semaphore.acquire();
            Task<?> large = heddle.start(() -> semaphore.acquire(2));
            awaitAcquiring(heddle, 1);
            Task<Acquired> small = heddle.start(() -> semaphore.acquire());
            awaitAcquiring(heddle, 2);
            large.cancel(true);
            assertThat(small.join()).isEqualTo(Acquired.CLEANLY);
            semaphore.release();
        }
    }

    @Test
    void theDeadGiveTheirPermitsBack() throws Exception {
        Heddle heddle = heddle();
        Semaphore semaphore = heddle.semaphore(3);
        assertThat(heddle.start(() -> {
                            semaphore.acquire(2);
                            semaphore.acquire();
                            semaphore.release(1);
                            return semaphore.tryAcquire(2);
                        })
                        .join())
                .isEqualTo(Acquired.NOT);
        assertThat(semaphore.acquire(3)).isEqualTo(Acquired.AFTER_DEATH);
        semaphore.release(3);
        assertThat(semaphore.tryAcquire(3)).isEqualTo(Acquired.CLEANLY);
        semaphore.release(2);
        semaphore.release(1);
    }

    @Test
    void wrongUseIsAnError() throws Exception {
        Heddle heddle = heddle();
        assertThatThrownBy(() -> heddle.semaphore(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("semaphore(0)");
        Semaphore semaphore = heddle.semaphore(2);
        for (Code wrong : List.<Code>of(
                () -> semaphore.acquire(0),
                () -> semaphore.acquire(3),
                () -> semaphore.tryAcquire(-1),
                () -> semaphore.release(3))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("which has 2");
        }
        semaphore.acquire();
        assertThatThrownBy(() -> semaphore.release(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("holds only 1 permits");
        assertThatThrownBy(() -> semaphore.acquire(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for itself");
        assertThat(semaphore.acquire(2, SHORT.negated())).isEqualTo(Acquired.NOT);
        assertThat(heddle.start(() -> semaphore.acquire(2, SHORT)).join()).isEqualTo(Acquired.NOT);
        semaphore.release();
    }
}
