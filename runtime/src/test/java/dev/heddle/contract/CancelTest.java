package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that is cancelled counts as ended at once; its code is left alone, interrupted, or never begins. */
class CancelTest extends ContractTest {
    private static final int BEGUN = 0;

    @TempDir
    Path folder;

    @Test
    void codeThatRunsIsInterrupted() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Channel<String> seen = heddle.channel(2);
        Task<?> task = heddle.start(() -> {
            seen.send("running");
            try {
                gate.receive();
            } catch (InterruptedException e) {
                seen.send("interrupted");
            }
        });
        assertThat(seen.receive()).isEqualTo("running");
        assertThat(task.cancel(true)).isTrue();
        assertThat(task.isDone()).isTrue();
        assertThat(task.isCancelled()).isTrue();
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(seen.receive()).isEqualTo("interrupted");
        assertThat(task.cancel(true)).as("a second cancel").isFalse();
    }

    @Test
    void withoutInterruptTheCodeGoesOn() throws Exception {
        Heddle heddle = heddle();
        Channel<Integer> gate = heddle.channel(0);
        Channel<Integer> seen = heddle.channel(2);
        Task<Integer> task = heddle.start(() -> {
            seen.send(1);
            seen.send(gate.receive());
            return 3;
        });
        assertThat(seen.receive()).isEqualTo(1);
        assertThat(task.cancel(false)).isTrue();
        assertThat(task.isCancelled()).isTrue();
        gate.send(2);
        assertThat(seen.receive()).isEqualTo(2);
        assertThat(task.isCancelled()).as("whatever it returns").isTrue();
    }

    @Test
    void aTaskThatHasEndedCannotBeCancelled() throws Exception {
        Task<Integer> task = heddle().start(() -> 1);
        assertThat(task.join()).isEqualTo(1);
        assertThat(task.cancel(true)).isFalse();
        assertThat(task.isCancelled()).isFalse();
        assertThat(task.resultNow()).isEqualTo(1);
    }

    @Test
    void aTaskThatHasNotBegunNeverDoes() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = open(options -> options.processors(1))) {
            Channel<Integer> gate = heddle.channel(0);
            Task<Integer> busy = heddle.start(() -> gate.receive());
            Task<Integer> behind = heddle.start(() -> ints.increment(BEGUN));
            if (exempt(Exemption.BEGINS_AT_ONCE)) {
                assertThat(behind.join()).as("not behind anybody").isEqualTo(1);
            } else {
                assertThat(behind.cancel(true)).isTrue();
            }
            gate.send(1);
            assertThat(busy.join()).isEqualTo(1);
            assertThat(behind.isCancelled()).isEqualTo(!exempt(Exemption.BEGINS_AT_ONCE));
            assertThat(heddle.start(() -> 8).join()).as("a task after it").isEqualTo(8);
        }
        assertThat(ints.get(BEGUN)).isEqualTo(exempt(Exemption.BEGINS_AT_ONCE) ? 1 : 0);
    }

    @Test
    void aFailureAfterCancellingIsNobodysConcern() throws Exception {
        try (Heddle heddle = open(options -> options.processors(1))) { // close() would report a failure
            Channel<Integer> gate = heddle.channel(0);
            Channel<Integer> running = heddle.channel(0);
            Task<?> task = heddle.start(() -> {
                running.send(1);
                gate.receive();
                throw new IllegalStateException("after it was cancelled");
            });
            running.receive();
            task.cancel(false);
            gate.send(1);
        }
    }
}
