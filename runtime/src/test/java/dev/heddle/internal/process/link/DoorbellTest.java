package dev.heddle.internal.process.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoorbellTest {
    private static final int ROUNDS = 2000;

    private static boolean works(Doorbell.Kind kind) {
        return kind == Doorbell.Kind.POLLING || Doorbell.Kind.best() == kind;
    }

    private static Doorbell bell(Doorbell.Kind kind) {
        return new Doorbell(Arena.ofAuto().allocate(Doorbell.BYTES, Integer.BYTES), kind);
    }

    @ParameterizedTest
    @EnumSource(Doorbell.Kind.class)
    void noRingIsLost(Doorbell.Kind kind) throws Exception {
        if (!works(kind)) {
            return;
        }
        passRounds(bell(kind), bell(kind), round -> {});
    }

    @Test
    void noneIsLostWhileFutexesCome() throws Exception {
        if (!works(Doorbell.Kind.FUTEX)) {
            return;
        }
        Doorbell ping = bell(Doorbell.Kind.POLLING);
        Doorbell pong = bell(Doorbell.Kind.POLLING);
        passRounds(ping, pong, round -> {
            switch (round) {
                case ROUNDS / 4 -> ping.useFutexes(false);
                case ROUNDS / 2 -> pong.useFutexes(true);
                case ROUNDS * 3 / 4 -> ping.useFutexes(true);
                default -> {}
            }
        });
    }

    private static void passRounds(Doorbell ping, Doorbell pong, IntConsumer before) throws Exception {
        AtomicInteger turn = new AtomicInteger();
        FutureTask<Void> other = new FutureTask<>(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                int mine = 2 * i + 1;
                await(ping, turn, mine);
                turn.set(mine + 1);
                pong.ring();
            }
            return null;
        });
        Thread.ofPlatform().daemon().start(other);
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            before.accept(i);
            if (i % 8 == 0) {
                LockSupport.parkNanos(100_000); // long enough for the other to stop spinning and park
            }
            turn.set(2 * i + 1);
            ping.ring();
            await(pong, turn, 2 * i + 2);
        }
        other.get(20, TimeUnit.SECONDS);
        // A lost ring costs the whole time-out of 10 s.
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    private static void await(Doorbell bell, AtomicInteger turn, int value) {
        while (turn.get() != value) {
            await(bell, () -> turn.get() == value, TimeUnit.SECONDS.toNanos(10));
        }
    }

    @ParameterizedTest
    @EnumSource(Doorbell.Kind.class)
    void theTimeIsLimited(Doorbell.Kind kind) {
        if (!works(kind)) {
            return;
        }
        Doorbell bell = bell(kind);
        long start = System.nanoTime();
        await(bell, () -> false, TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(System.nanoTime() - start)
                .isBetween(TimeUnit.MILLISECONDS.toNanos(40), TimeUnit.SECONDS.toNanos(10));
    }

    private static void await(Doorbell bell, BooleanSupplier ready, long nanos) {
        if (!bell.spin(ready)) {
            bell.park(ready, nanos);
        }
    }
}
