package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Pipe;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Frame;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each worker has a global lock of its own, and tells what its tasks did with it. */
class WorkerLockTest extends HeddleTest {
    @Test
    void whatTasksDoWithItIsCounted() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.PROCESS).processors(1).globalLock().open()) {
            Channel<Integer> channel = heddle.channel(1);
            Task<?> waits = heddle.start(() -> {
                channel.send(1); // the parent is asked, and waited for
                channel.receive();
                Heddle.sleep(Duration.ofMillis(1));
                Heddle.blocking(() -> 0);
                Heddle.checkpoint();
            });
            waits.join();
            GlobalLockStats stats = waits.lockStats();
            assertThat(stats.holds()).isBetween(3L, 5L); // an answer may be there before it is waited for
            assertThat(stats.waits()).isZero();
            assertThat(stats.held()).isPositive();
            assertThat(heddle.stats().lock()).isEqualTo(stats);
            Task<?> fails = heddle.start(() -> {
                throw new IllegalStateException("torn");
            });
            assertThatThrownBy(fails::join).isInstanceOf(TaskFailedException.class);
            assertThat(fails.lockStats().holds()).isEqualTo(1);
            assertThat(heddle.stats().lock().holds()).isEqualTo(stats.holds() + 1);
        }
    }

    @Test
    void itIsLeftWhileATaskSleepsAtAPipe() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.PROCESS).processors(1).globalLock().open()) {
            Pipe<Integer> pipe = heddle.pipe();
            Channel<Integer> begun = heddle.channel(0);
            Task<Integer> receives = heddle.start(() -> {
                begun.send(1); // one more hold
                return pipe.receive();
            });
            begun.receive();
            Thread.sleep(SHORT); // most probably it sleeps by then
            pipe.send(7);
            assertThat(receives.join()).isEqualTo(7);
            assertThat(receives.lockStats().holds()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void threadsOfAJobAreNotUnderIt() throws Exception {
        try (Heddle heddle =
                Heddle.builder(Model.PROCESS).processors(1).globalLock().open()) {
            Task<Boolean> task = heddle.start(() -> {
                boolean[] ran = new boolean[1];
                Thread thread = Thread.ofPlatform().start(() -> ran[0] = true);
                thread.join();
                return ran[0];
            });
            assertThat(task.join()).isTrue();
        }
    }

    @Test
    void countsThatAreCutOffAreRefused() {
        for (int length : new int[] {0, 8, 47}) {
            assertThatThrownBy(() -> Message.of(new Frame(Message.LOCK_USE, 1, 0, new byte[length])))
                    .isInstanceOf(CorruptFrameException.class)
                    .hasMessageContaining("in " + length + " bytes");
        }
        assertThatThrownBy(() -> Message.checkHeader(Message.LOCK_USE, 49, false))
                .isInstanceOf(CorruptFrameException.class);
        assertThatThrownBy(() -> Message.checkHeader(Message.LOCK_USE, 48, true))
                .isInstanceOf(CorruptFrameException.class);
    }
}
