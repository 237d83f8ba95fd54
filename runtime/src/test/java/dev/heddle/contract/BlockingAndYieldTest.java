package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task can let others run first, and can leave its processor to them while it blocks. */
class BlockingAndYieldTest extends ContractTest {
    private static final int OTHER_RAN = 0;

    @TempDir
    Path folder;

    /** One processor, or for processes, where a worker has one task at a time, one for each of two tasks. */
    private Heddle openOne() {
        return open(options -> options.processors(exempt(Exemption.ONE_TASK_PER_WORKER) ? 2 : 1));
    }

    @Test
    void yieldLetsAnotherRun() throws Exception {
        SharedInts ints = new SharedInts(folder);
        try (Heddle heddle = openOne()) {
            long limit = LONG.toNanos();
            Task<Boolean> polite = heddle.start(() -> {
                long start = System.nanoTime();
                while (ints.get(OTHER_RAN) == 0 && System.nanoTime() - start < limit) {
                    Heddle.yield();
                }
                return ints.get(OTHER_RAN) == 1;
            });
            Task<?> other = heddle.start(() -> ints.set(OTHER_RAN, 1));
            assertThat(polite.join()).isTrue();
            other.join();
        }
    }

    @Test
    void whatBlocksLeavesTheProcessor() throws Exception {
        SharedInts ints = new SharedInts(folder);
        Duration limit = LONG;
        try (Heddle heddle = openOne()) {
            Task<Boolean> blocked = heddle.start(() -> Heddle.blocking(() -> ints.spinUntil(OTHER_RAN, 1, limit)));
            Task<?> other = heddle.start(() -> ints.set(OTHER_RAN, 1));
            assertThat(blocked.join()).isTrue();
            other.join();
        }
    }

    @Test
    void blockingPassesResultsFailuresAndInterruptsOn() throws Exception {
        Heddle heddle = heddle();
        assertThat(heddle.start(() -> Heddle.blocking(() -> "read")).join()).isEqualTo("read");
        Task<?> failing = heddle.start(() -> Heddle.blocking(() -> {
            throw new IOException("disk");
        }));
        assertThatThrownBy(failing::join)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("disk");
        Channel<Integer> running = heddle.channel(1);
        Channel<Integer> never = heddle.channel(0);
        Channel<String> seen = heddle.channel(1);
        Task<?> interrupted = heddle.start(() -> {
            running.send(1);
            try {
                Heddle.blocking(() -> never.receive());
            } catch (InterruptedException e) {
                seen.send("interrupted");
            }
        });
        running.receive();
        assertThat(interrupted.cancel(true)).isTrue();
        assertThat(seen.receive()).isEqualTo("interrupted");
    }

    @Test
    void outsideOfTasksBothArePlain() throws Exception {
        Heddle.yield();
        assertThat(Heddle.blocking(() -> 1)).isEqualTo(1);
        Thread here = Thread.currentThread();
        assertThat(Heddle.blocking(Thread::currentThread)).isSameAs(here);
    }
}
