package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message.Cancel;
import dev.heddle.internal.process.link.Message.OnCredit;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.process.link.Message.Took;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two workers, each with two threads that send and two that receive, and a parent that does the same, on one channel, while tasks
 * end (so that credit and lent elements are taken back) and threads are interrupted: what was sent comes once, what was not sent
 * never, and of each sender in order. The workers are threads of this JVM; all else is as between processes.
 */
class LeaseStressTest extends HeddleTest {
    private static final int EACH = Integer.getInteger("heddle.leases.elements", 20_000);

    /** A worker and the thread of the parent that serves it. */
    private final class Pair {
        final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
        final Link parent = new Link(memory, true, Doorbell.Kind.best());
        final Link worker = new Link(memory, false, Doorbell.Kind.best());
        final ChannelClient client = new ChannelClient(worker);
        final AtomicBoolean taskEnds = new AtomicBoolean();
        final Channel<Integer> channel;

        Pair(ChannelHandle handle, ProcessChannel<Integer> real) {
            channel = new RemoteChannel<>(handle, client);
            ChannelServer server = new ChannelServer(parent, number -> real, "worker");
            spawn(() -> {
                parent.begin(message -> {
                    if (taskEnds.getAndSet(false)) {
                        server.taskEnded();
                    }
                    switch (message) {
                        case Request request -> server.serve(request);
                        case Cancel cancel -> server.cancel(cancel.request());
                        case OnCredit sent -> server.serve(sent);
                        case Took took -> server.serve(took);
                        default -> throw new AssertionError(message);
                    }
                });
                while (!over.get()) {
                    parent.serve();
                    parent.await(1_000_000);
                }
                parent.end();
                server.close();
            });
            spawn(() -> {
                worker.begin(message -> client.answered((Reply) message));
                while (!over.get()) {
                    worker.serve();
                    worker.await(1_000_000);
                }
            });
        }
    }

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger sending = new AtomicInteger();

    /** 1 for an element that was sent, 10 for one that was received. */
    private AtomicIntegerArray counts;

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {4, 64, 1000})
    void nothingIsLostOrDoubledOrOutOfOrder(int capacity) {
        long seed = Long.getLong("heddle.seed", new Random().nextLong());
        System.out.println("LeaseStressTest capacity " + capacity + " seed " + seed);
        SplittableRandom seeds = new SplittableRandom(seed);
        ChannelHandle handle = new ChannelHandle(ChannelHandle.Kind.CHANNEL, 0, 1, capacity, Overflow.BLOCK);
        ProcessChannel<Integer> real = new ProcessChannel<>(handle, null);
        List<Pair> pairs = List.of(new Pair(handle, real), new Pair(handle, real));
        List<Channel<Integer>> ends = List.of(real, pairs.get(0).channel, pairs.get(1).channel);
        counts = new AtomicIntegerArray(2 * ends.size() * EACH);
        sending.set(2 * ends.size());
        for (int i = 0; i < 2 * ends.size(); i++) {
            int first = i * EACH;
            Channel<Integer> end = ends.get(i / 2);
            SplittableRandom random = seeds.split();
            threads.add(spawn(() -> send(end, first, random)));
            SplittableRandom other = seeds.split();
            threads.add(spawn(() -> receive(end, other)));
        }
        SplittableRandom random = seeds.split();
        spawn(() -> disturb(pairs, random));
        try {
            for (Thread thread : List.copyOf(threads)) {
                eventually(thread + " has ended, seed " + seed, () -> !thread.isAlive());
            }
        } finally {
            over.set(true);
        }
        for (int i = 0; i < counts.length(); i++) {
            assertThat(counts.get(i)).as("element %s, seed %s", i, seed).isIn(0, 11);
        }
    }

    private void send(Channel<Integer> channel, int first, SplittableRandom random) {
        for (int element = first; element < first + EACH; element++) {
            try {
                boolean sent = true;
                switch (random.nextInt(16)) {
                    case 0 -> sent = channel.trySend(element);
                    case 1 -> sent = channel.send(element, Duration.ofNanos(random.nextInt(200_000)));
                    default -> channel.send(element);
                }
                if (sent) {
                    counts.addAndGet(element, 1);
                }
            } catch (InterruptedException e) {
                // and so it must never come
            }
        }
        if (sending.decrementAndGet() == 0) {
            channel.close();
        }
    }

    private void receive(Channel<Integer> channel, SplittableRandom random) {
        int[] last = new int[2 * 3];
        Arrays.fill(last, -1);
        while (true) {
            try {
                Received<Integer> received = switch (random.nextInt(16)) {
                    case 0 -> channel.tryReceive();
                    case 1 -> channel.receive(Duration.ofNanos(random.nextInt(200_000)));
                    default -> new Received.Element<>(channel.receive());
                };
                if (received instanceof Received.Element<Integer>(Integer element)) {
                    counts.addAndGet(element, 10);
                    assertThat(element).as("after " + last[element / EACH]).isGreaterThan(last[element / EACH]);
                    last[element / EACH] = element;
                } else if (received instanceof Received.Closed<Integer>) {
                    return;
                }
            } catch (InterruptedException e) {
                // nothing was received
            } catch (ChannelClosedException e) {
                return;
            }
        }
    }

    private void disturb(List<Pair> pairs, SplittableRandom random) {
        while (!over.get()) {
            if (random.nextBoolean()) {
                threads.get(random.nextInt(threads.size())).interrupt();
            } else {
                pairs.get(random.nextInt(pairs.size())).taskEnds.set(true);
            }
            for (int i = random.nextInt(20_000); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }
}
