package dev.heddle.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FutexTest {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    @Test
    void isSupportedOnTheMachinesThatItIsMadeFor() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        boolean known = System.getProperty("os.arch").matches("amd64|aarch64");
        assertThat(Futex.isSupported()).isEqualTo(linux && known);
    }

    @Test
    void returnsAtOnceIfTheWordHasChanged() {
        if (!Futex.isSupported()) {
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            long start = System.nanoTime();
            Futex.await(arena.allocate(ValueLayout.JAVA_INT), 1, TimeUnit.SECONDS.toNanos(30));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
    }

    @Test
    void wakesOneThatWaits() throws Exception {
        if (!Futex.isSupported()) {
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment word = arena.allocate(ValueLayout.JAVA_INT);
            FutureTask<Void> sleeper = new FutureTask<>(() -> {
                while ((int) INT.getVolatile(word, 0L) == 0) {
                    Futex.await(word, 0, TimeUnit.SECONDS.toNanos(60));
                }
                return null;
            });
            Thread.ofPlatform().start(sleeper);
            INT.setVolatile(word, 0L, 1);
            Futex.wake(word);
            assertThatCode(() -> sleeper.get(20, TimeUnit.SECONDS)).doesNotThrowAnyException();
        }
    }
}
