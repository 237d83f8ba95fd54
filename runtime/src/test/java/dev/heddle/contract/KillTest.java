package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill()} ends a task whatever its code is doing. */
class KillTest extends ContractTest {
    private static final int RELEASED = 0;

    @TempDir
    Path folder;

    @Test
    void aTaskThatDoesNotListenIsEnded() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(2))) {
            Channel<Long> pid = heddle.channel(0);
            Channel<Boolean> end = heddle.channel(1);
            Task<?> deaf = heddle.start(() -> {
                pid.send(ProcessHandle.current().pid());
                while (ints.get(RELEASED) == 0) {
                    Heddle.yield(); // does not throw when interrupted
                }
                end.send(Thread.interrupted());
            });
            long victim = pid.receive();
            assertThat(deaf.kill()).isTrue();
            assertThat(deaf.isDone()).isTrue();
            if (exempt(Exemption.KILL_ONLY_INTERRUPTS)) {
                assertThat(deaf.isCancelled()).isTrue();
                ints.set(RELEASED, 1);
                // The send of an interrupted task would fail, so the code first took the interrupt.
                assertThat(end.receive())
                        .as("the code went on and was interrupted")
                        .isTrue();
            } else {
                eventually(
                        "the worker is gone",
                        () -> ProcessHandle.of(victim)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty());
            }
            assertThatThrownBy(deaf::join).isInstanceOf(CancellationException.class);
            assertThat(heddle.start(() -> 8).join()).as("a task after it").isEqualTo(8);
        }
    }

    @Test
    void aTaskThatHasEndedCannotBeKilled() throws Exception {
        Task<Integer> task = heddle().start(() -> 1);
        assertThat(task.join()).isEqualTo(1);
        assertThat(task.kill()).isFalse();
        assertThat(task.resultNow()).isEqualTo(1);
    }
}
