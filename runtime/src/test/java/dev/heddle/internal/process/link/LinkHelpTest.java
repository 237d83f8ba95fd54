package dev.heddle.internal.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.internal.process.link.Message.Run;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Those who wait for what comes over a link serve it for a moment. */
class LinkHelpTest {
    /** On one CPU nobody looks before it sleeps. */
    private static final boolean HELPS = Runtime.getRuntime().availableProcessors() > 1;

    private static final long LONG = TimeUnit.MINUTES.toNanos(10);

    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.best());
    private final Link worker = new Link(memory, false, Doorbell.Kind.best());

    private static Run run(int n) {
        return new Run(n, 0, Message.NOTHING);
    }

    @Test
    void aHelperDoesWhatTheServingThreadWould() {
        List<Message> arrived = new ArrayList<>();
        worker.begin(arrived::add);
        parent.send(run(1));
        parent.send(run(2));
        worker.help(() -> arrived.size() == 2);
        assertThat(arrived).hasSize(HELPS ? 2 : 0);
        assertThat(worker.takeHelped()).isEqualTo(HELPS);
        assertThat(worker.takeHelped()).isFalse();
    }

    @Test
    void nobodyHelpsBeforeTheLinkIsServedOrAfter() {
        List<Message> arrived = new ArrayList<>();
        parent.send(run(1));
        worker.help(() -> !arrived.isEmpty());
        worker.begin(arrived::add);
        worker.end();
        worker.help(() -> !arrived.isEmpty());
        assertThat(arrived).isEmpty();
    }

    @Test
    void aHelperThatNeedNotWaitLooksAtNothing() {
        List<Message> arrived = new ArrayList<>();
        worker.begin(arrived::add);
        parent.send(run(1));
        worker.help(() -> true);
        assertThat(arrived).isEmpty();
    }

    @Test
    void whatAHelperDoesMayWaitForTheSameLink() {
        List<Message> arrived = new ArrayList<>();
        worker.begin(message -> {
            worker.help(() -> false);
            arrived.add(message);
        });
        parent.send(run(1));
        worker.help(() -> !arrived.isEmpty());
        assertThat(arrived).hasSize(HELPS ? 1 : 0);
    }

    @Test
    void aFailureIsTheServingThreads() {
        AtomicBoolean called = new AtomicBoolean();
        worker.begin(message -> {
            called.set(true);
            throw new CorruptFrameException("it makes no sense");
        });
        parent.send(run(1));
        worker.help(called::get); // throws nothing
        assertThat(called.get()).isEqualTo(HELPS);
        assertThatThrownBy(worker::serve)
                .isInstanceOf(CorruptFrameException.class)
                .hasMessage("it makes no sense");
    }

    /** The serving thread would sleep for ten minutes, whichever wake-up was lost. */
    @Test
    void noWakeUpIsLostBesideHelpers() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("LinkHelpTest seed " + seed);
        int messages = 20_000;
        AtomicInteger arrived = new AtomicInteger();
        Semaphore handled = new Semaphore(0);
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Void> serving = new FutureTask<>(() -> {
            worker.begin(message -> {
                if (message.frame().id() != arrived.getAndIncrement()) {
                    failure.set(new AssertionError(message + " came as number " + arrived));
                }
                handled.release();
            });
            begun.countDown();
            while (!over.get()) {
                worker.serve();
                worker.await(LONG);
            }
            return null;
        });
        FutureTask<Void> helping = new FutureTask<>(() -> {
            Random random = new Random(seed);
            begun.await();
            while (!over.get()) {
                int until = arrived.get() + 1;
                worker.help(() -> arrived.get() >= until);
                int seen = arrived.get();
                boolean leaves = random.nextInt(4) == 0; // until the serving thread has done something
                while (leaves && !over.get() && arrived.get() == seen) {
                    Thread.onSpinWait();
                }
            }
            return null;
        });
        List<FutureTask<Void>> tasks = List.of(serving, helping);
        tasks.forEach(task -> Thread.ofPlatform().daemon().start(task));
        Random random = new Random(seed + 1);
        for (int i = 0; i < messages; ) {
            int batch = Math.min(messages - i, random.nextInt(8) == 0 ? 1 + random.nextInt(20) : 1);
            for (int end = i + batch; i < end; i++) {
                parent.send(run(i));
            }
            assertThat(handled.tryAcquire(batch, 30, TimeUnit.SECONDS))
                    .as("message %d of seed %d was handled", i, seed)
                    .isTrue();
            for (int spins = random.nextInt(2) * random.nextInt(3_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
        over.set(true);
        worker.peerGone();
        for (FutureTask<Void> task : tasks) {
            task.get(30, TimeUnit.SECONDS);
        }
        assertThat(failure.get()).isNull();
    }
}
