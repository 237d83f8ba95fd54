package dev.heddle.internal.process.channel;

import static dev.heddle.testing.Processes.PID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects of jobs in workers that give up, or die: they leave all channels, and no element is lost. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class ProcessSelectEndTest extends HeddleTest {
    private static Heddle heddle;

    @BeforeAll
    static void open() {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
    }

    @AfterAll
    static void close() {
        heddle.close();
    }

    private static <T> T get(Task<T> task) throws Exception {
        return task.get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void aCancelledTaskLeavesAllChannels() throws Exception {
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Channel<String> log = heddle.channel(1);
        for (int i = 0; i < 20; i++) {
            Task<?> task = heddle.start(() -> {
                log.send("begun");
                try {
                    new Select<Integer>()
                            .receive(a, x -> x)
                            .send(b, () -> 1, () -> 1)
                            .await();
                } catch (InterruptedException e) {
                    log.send("interrupted");
                }
            });
            assertThat(log.receive()).isEqualTo("begun");
            assertThat(task.cancel(true)).isTrue();
            assertThat(log.receive()).isEqualTo("interrupted");
            assertThat(a.trySend(1)).isFalse();
            assertThat(b.tryReceive()).isInstanceOf(Received.Empty.class);
        }
    }

    @Test
    void aKilledWorkerLeavesAllChannels() throws Exception {
        Channel<Integer> a = heddle.channel(0);
        Channel<Integer> b = heddle.channel(0);
        Channel<Integer> c = heddle.channel(0);
        Channel<Long> pids = heddle.channel(1);
        Task<Integer> victim = heddle.start(() -> {
            pids.send(PID.call());
            Select<Integer> select = new Select<Integer>()
                    .receive(a, x -> x)
                    .send(b, () -> 1, () -> 1)
                    .receive(c, x -> x);
            select.await(); // the test sees by this one that it has come so far
            return select.await();
        });
        long pid = pids.receive();
        c.send(1);
        eventually("it selects again", () -> heddle.stats().parked() == 1);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        assertThatThrownBy(() -> get(victim)).hasCauseInstanceOf(WorkerDiedException.class);
        assertThat(a.trySend(1)).isFalse();
        assertThat(b.tryReceive()).isInstanceOf(Received.Empty.class);
        assertThat(c.trySend(1)).isFalse();
        Task<Integer> next = heddle.start(() ->
                new Select<Integer>().receive(a, x -> x).receive(c, x -> -x).await());
        c.send(7);
        assertThat(get(next)).isEqualTo(-7);
    }

    /** Mostly too short for an answer; now and then long enough, so that on a slow machine something moves. */
    private static Duration briefly(Random random) {
        return Duration.ofNanos(1 + random.nextInt(random.nextInt(20) == 0 ? 20_000_000 : 200_000));
    }

    /** Both sides select and give up all the time; what the receiver says it got must be all that was sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64})
    void interruptsAndTimeOutsLoseNothing(int capacity) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.err.println("ProcessSelectEndTest seed " + seed);
        int count = 1000;
        Channel<Integer> a = heddle.channel(capacity);
        Channel<Integer> b = heddle.channel(capacity);
        Task<List<List<Integer>>> receiver = heddle.start(() -> {
            Random random = new Random(seed);
            Thread me = Thread.currentThread();
            Thread nuisance = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.interrupted()) {
                    me.interrupt();
                    LockSupport.parkNanos(300_000);
                }
            });
            List<Integer> ofA = new ArrayList<>();
            List<Integer> ofB = new ArrayList<>();
            Select<Boolean> select =
                    new Select<Boolean>().receive(a, ofA::add, cause -> false).receive(b, ofB::add, cause -> false);
            while (select.isOpen()) {
                try {
                    select.timeout(briefly(random), () -> false).await();
                } catch (InterruptedException e) {
                    // and again
                }
            }
            nuisance.interrupt();
            while (nuisance.isAlive()) {
                Thread.onSpinWait(); // a join would be interrupted by its last ones
            }
            Thread.interrupted();
            return List.of(ofA, ofB);
        });
        Task<List<List<Integer>>> sender = heddle.start(() -> {
            Random random = new Random(seed + 1);
            List<Integer> toA = new ArrayList<>();
            List<Integer> toB = new ArrayList<>();
            int[] next = {0};
            Select<Boolean> select = new Select<Boolean>()
                    .send(a, () -> next[0], () -> toA.add(next[0]++))
                    .send(b, () -> next[0], () -> toB.add(next[0]++));
            while (next[0] < count) {
                select.timeout(briefly(random), () -> false).await();
            }
            a.close();
            b.close();
            return List.of(toA, toB);
        });
        List<List<Integer>> sent = sender.join();
        assertThat(receiver.join()).as("seed " + seed).isEqualTo(sent);
        assertThat(sent.get(0).size() + sent.get(1).size()).isEqualTo(count);
    }
}
