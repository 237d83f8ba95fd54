package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Acquired;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Mutex;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** A mutex has one holder at a time, and survives it. */
class MutexTest extends ContractTest {
    private static final int ROUNDS = 300;

    @Test
    void oneHoldsItAtATime() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        SharedLongs plain = heddle.sharedLongs(2);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(heddle.start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    if (mutex.lock() != Acquired.CLEANLY) {
                        throw new IllegalStateException("nobody has died");
                    }
                    try {
                        plain.set(0, plain.get(0) + 1);
                        if (round % 10 == 0) {
                            Heddle.yield();
                        }
                        plain.set(1, plain.get(1) + 1);
                    } finally {
                        mutex.unlock();
                    }
                }
            }));
        }
        for (Task<?> task : tasks) {
            task.join();
        }
        assertThat(plain.get(0)).isEqualTo(3 * ROUNDS);
        assertThat(plain.get(1)).isEqualTo(3 * ROUNDS);
    }

    @Test
    void whoDoesNotWaitIsToldThatItIsNotToBeHad() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        assertThat(mutex.tryLock()).isEqualTo(Acquired.CLEANLY);
        Task<String> other =
                heddle.start(() -> mutex.tryLock() + " " + mutex.lock(SHORT) + " " + mutex.lock(Duration.ofDays(-1)));
        assertThat(other.join()).isEqualTo("NOT NOT NOT");
        mutex.unlock();
        Task<String> later = heddle.start(() -> {
            String how = mutex.lock(LONG) + " " + mutex.tryLock() + " " + mutex.lock(Duration.ZERO);
            mutex.unlock();
            return how;
        });
        assertThat(later.join()).isEqualTo("CLEANLY NOT NOT");
        assertThat(mutex.lock()).isEqualTo(Acquired.CLEANLY);
        mutex.unlock();
    }

    @Test
    void theyAreServedInTheOrderOfArrival() throws Exception {
        try (Heddle heddle = open(options -> options.processors(3))) {
            Mutex mutex = heddle.mutex();
            Channel<Integer> order = heddle.channel(3);
            mutex.lock();
            for (int i = 0; i < 3; i++) {
                int number = i;
                heddle.start(() -> {
                    mutex.lock();
                    order.send(number);
                    mutex.unlock();
                });
                awaitAcquiring(heddle, i + 1);
            }
            mutex.unlock();
            for (int i = 0; i < 3; i++) {
                assertThat(order.receive()).isEqualTo(i);
            }
        }
    }

    @Test
    void aTaskThatEndsWhileItHoldsItHasDiedWithIt() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        assertThat(heddle.start(() -> mutex.lock()).join()).isEqualTo(Acquired.CLEANLY);
        assertThat(mutex.lock()).as("of the one that returned").isEqualTo(Acquired.AFTER_DEATH);
        mutex.unlock();
        assertThat(mutex.lock()).as("told once").isEqualTo(Acquired.CLEANLY);
        mutex.unlock();
        Task<?> thrower = heddle.start(() -> {
            mutex.lock();
            throw new IllegalStateException("as planned");
        });
        assertThatThrownBy(thrower::join).isInstanceOf(TaskFailedException.class);
        Task<Acquired> next = heddle.start(() -> {
            Acquired how = mutex.tryLock();
            mutex.unlock();
            return how;
        });
        assertThat(next.join()).as("of the one that threw").isEqualTo(Acquired.AFTER_DEATH);
    }

    @Test
    void whoWaitsIsToldOfTheDeath() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        Channel<Boolean> locked = heddle.channel(0);
        Channel<Boolean> end = heddle.channel(0);
        Task<?> holder = heddle.start(() -> {
            mutex.lock();
            locked.send(true);
            end.receive();
        });
        locked.receive();
        Task<Acquired> waiter = heddle.start(() -> {
            Acquired how = mutex.lock();
            mutex.unlock();
            return how;
        });
        awaitWaiting(heddle, 2);
        end.send(true);
        assertThat(waiter.join()).isEqualTo(Acquired.AFTER_DEATH);
        holder.join();
    }

    @Test
    void aWaitCanBeInterruptedAndTakesNothing() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        Channel<String> report = heddle.channel(1);
        mutex.lock();
        Task<?> waiter = heddle.start(() -> {
            try {
                mutex.lock();
            } catch (InterruptedException e) {
                report.send("interrupted");
            }
        });
        awaitAcquiring(heddle, 1);
        assertThat(waiter.cancel(true)).isTrue();
        assertThat(report.receive()).isEqualTo("interrupted");
        assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
        mutex.unlock();
        assertThat(mutex.tryLock()).isEqualTo(Acquired.CLEANLY);
        mutex.unlock();
        Thread.currentThread().interrupt();
        assertThatThrownBy(mutex::lock).isInstanceOf(InterruptedException.class);
        assertThat(mutex.tryLock()).as("nothing was taken").isEqualTo(Acquired.CLEANLY);
        mutex.unlock();
    }

    @Test
    void wrongUseIsAnError() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        String notHeld = mutex + " is not held by the calling thread";
        assertThat(mutex.toString()).matches("mutex \\d+ of heddle " + heddle.name());
        assertThatThrownBy(mutex::unlock)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(notHeld);
        mutex.lock();
        assertThatThrownBy(mutex::lock)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for itself");
        assertThatThrownBy(heddle.start(mutex::unlock)::join).hasMessageContaining(notHeld);
        assertThat(mutex.toString())
                .isEqualTo(heddle.start(() -> mutex.toString()).join());
        mutex.unlock();
        assertThat(heddle.start(() -> {
                            mutex.lock();
                            try {
                                return mutex.lock().toString();
                            } catch (IllegalStateException e) {
                                return e.getMessage();
                            } finally {
                                mutex.unlock();
                            }
                        })
                        .join())
                .contains("would wait for itself");
    }

    @Test
    void whoWaitsForItMakesRoomForOthers() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) {
            Mutex mutex = heddle.mutex();
            mutex.lock();
            Task<Acquired> waiter = heddle.start(() -> mutex.lock());
            assertThat(heddle.start(() -> 7).join()).isEqualTo(7);
            mutex.unlock();
            assertThat(waiter.join()).isEqualTo(Acquired.CLEANLY);
        }
    }

    @Test
    void aDumpSaysWhoHoldsIt() throws Exception {
        Heddle heddle = heddle();
        Mutex mutex = heddle.mutex();
        mutex.lock();
        Task<?> waiter = heddle.start(() -> {
            mutex.lock();
            mutex.unlock();
        });
        awaitAcquiring(heddle, 1);
        if (exempt(Exemption.SHARED_MEMORY)) {
            String sentence = "task " + waiter.id() + " waits to acquire " + mutex + ", held by thread #"
                    + Thread.currentThread().threadId();
            eventually("it is seen to wait", () -> heddle.dump().contains(sentence));
        } else {
            assertThat(heddle.dump()).containsPattern("task " + waiter.id() + " executes in worker ");
        }
        mutex.unlock();
        waiter.join();
    }
}
