package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.NotTransferableException;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code close()} waits for all tasks, then nothing of the heddle is left. */
class CloseTest extends ContractTest {
    private static final int ENDED = 0;

    @TempDir
    Path folder;

    private Heddle openTwo() {
        return open(options -> options.processors(2));
    }

    @Test
    void itWaitsForAllTasks() {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = openTwo()) {
            for (int i = 0; i < 20; i++) {
                heddle.start(() -> {
                    Heddle.yield();
                    ints.increment(ENDED);
                });
            }
        }
        assertThat(ints.get(ENDED)).isEqualTo(20);
    }

    /** Starts a task that starts the next. */
    private static void startChain(Heddle heddle, SharedInts ints, int length) {
        heddle.start(() -> {
            ints.increment(ENDED);
            Heddle.yield();
            if (length > 1) {
                startChain(heddle, ints, length - 1);
            }
        });
    }

    @Test
    void tasksMayStartTasksWhileItWaits() {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = openTwo()) {
            if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
                assertThatThrownBy(() -> startChain(heddle, ints, 20))
                        .isInstanceOf(NotTransferableException.class)
                        .hasMessageContaining("Heddle");
                return;
            }
            startChain(heddle, ints, 20);
        }
        assertThat(ints.get(ENDED)).isEqualTo(20);
    }

    @Test
    void nothingStartsAfterIt() {
        Heddle heddle = openTwo();
        heddle.close();
        assertThatThrownBy(() -> heddle.start(() -> 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining(heddle.name())
                .hasMessageContaining("starts no more tasks")
                .hasMessageContaining("open another heddle");
        assertThatThrownBy(() -> heddle.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(heddle.isShutdown()).isTrue();
        assertThat(heddle.isTerminated()).isTrue();
    }

    @Test
    void closingAgainDoesNothing() {
        Heddle heddle = openTwo();
        heddle.close();
        heddle.close();
        assertThat(heddle.isTerminated()).isTrue();
    }

    @Test
    void aTaskThatClosesItsHeddleIsToldWhyNot() {
        try (Heddle heddle = openTwo()) {
            if (exempt(Exemption.HANDLES_STAY_AT_HOME)) {
                assertThatThrownBy(() -> heddle.start(heddle::close)).isInstanceOf(NotTransferableException.class);
                return;
            }
            Task<?> task = heddle.start(heddle::close);
            assertThatThrownBy(task::join)
                    .isInstanceOf(TaskFailedException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("from inside one of its own tasks")
                    .hasMessageContaining("let the code that opened the heddle close it");
        }
    }

    @Test
    void anotherThreadMayCloseIt() throws Exception {
        Heddle heddle = openTwo();
        Channel<Integer> gate = heddle.channel(0);
        Task<Integer> task = heddle.start(() -> gate.receive());
        if (exempt(Exemption.OWNED_BY_A_THREAD)) {
            Thread stranger = spawn(() -> assertThatThrownBy(heddle::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("let that thread close it"));
            assertThat(stranger.join(LONG)).isTrue();
            gate.send(1);
            heddle.close();
        } else {
            Thread stranger = spawn(heddle::close);
            gate.send(1);
            assertThat(stranger.join(LONG)).isTrue();
        }
        assertThat(task.resultNow()).isEqualTo(1);
        assertThat(heddle.isTerminated()).isTrue();
    }

    @Test
    void ifInterruptedItCancelsAllTasksAndStaysInterrupted() {
        Heddle heddle = openTwo();
        Channel<Integer> never = heddle.channel(0);
        Task<Integer> first = heddle.start(() -> never.receive());
        Task<Integer> second = heddle.start(() -> never.receive());
        Thread.currentThread().interrupt();
        heddle.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(first.isCancelled()).isTrue();
        assertThat(second.isCancelled()).isTrue();
        assertThat(heddle.isTerminated()).isTrue();
    }

    @Test
    void itWaitsForTheCodeOfCancelledTasks() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = openTwo()) {
            Channel<Integer> running = heddle.channel(0);
            Channel<Integer> never = heddle.channel(0);
            Task<?> task = heddle.start(() -> {
                running.send(1);
                try {
                    never.receive();
                } finally {
                    ints.increment(ENDED);
                }
            });
            running.receive();
            task.cancel(true);
        }
        assertThat(ints.get(ENDED)).isEqualTo(1);
    }
}
