package dev.heddle.internal.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.internal.process.link.Message.LockUse;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Ready;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.process.link.Message.Result;
import dev.heddle.internal.process.link.Message.Run;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkTest {
    /** Where the worker's ring begins: it is the last of all. */
    private static final long UP = Link.bytes() - Ring.bytes(1 << 18);

    private static final long DOWN = UP - Ring.bytes(1 << 18);

    private static final long DATA = 384;

    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);

    private static List<Message> served(Link link) {
        List<Message> messages = new ArrayList<>();
        link.begin(messages::add);
        link.serve();
        return messages;
    }

    @Test
    void messagesArriveInOrderAndWhole() {
        parent.send(new Run(7, 0, new byte[] {1, 2, 3}));
        parent.send(new Reply(8, Outcome.CLOSED, 0, Message.NOTHING));
        parent.send(new Reply(-1, Outcome.DROPPED, Integer.MIN_VALUE + 5, Message.NOTHING));
        worker.send(new Ready());
        worker.send(new Request(Message.Op.TRY_SEND, 1, 2, new byte[] {9}));
        worker.send(new LockUse(3, new long[] {1, 2, 3, 4, 5, Long.MIN_VALUE}));
        assertThat(served(worker))
                .satisfiesExactly(
                        run -> {
                            assertThat(((Run) run).task()).isEqualTo(7);
                            assertThat(((Run) run).job()).containsExactly(1, 2, 3);
                        },
                        reply -> assertThat(((Reply) reply).outcome()).isEqualTo(Outcome.CLOSED),
                        reply -> {
                            assertThat(((Reply) reply).request()).isEqualTo(-1);
                            assertThat(((Reply) reply).outcome()).isEqualTo(Outcome.DROPPED);
                            assertThat(((Reply) reply).number()).isEqualTo(Integer.MIN_VALUE + 5);
                        });
        assertThat(served(parent))
                .satisfiesExactly(
                        ready -> assertThat(ready).isInstanceOf(Ready.class),
                        request -> {
                            assertThat(((Request) request).op()).isEqualTo(Message.Op.TRY_SEND);
                            assertThat(((Request) request).request()).isEqualTo(1);
                            assertThat(((Request) request).arg()).isEqualTo(2);
                            assertThat(((Request) request).payload()).containsExactly(9);
                        },
                        use -> {
                            assertThat(((LockUse) use).task()).isEqualTo(3);
                            assertThat(((LockUse) use).counts()).containsExactly(1, 2, 3, 4, 5, Long.MIN_VALUE);
                        });
    }

    @Test
    void tellsWhetherAllThatWasSentIsInTheRing() {
        parent.send(new Run(1, 0, new byte[10]));
        assertThat(parent.isBehind()).isFalse();
        parent.send(new Run(2, 1, new byte[300_000]));
        assertThat(parent.isBehind()).isTrue();
        served(worker);
        served(parent);
        assertThat(parent.isBehind()).isFalse();
    }

    @Test
    void whatIsLongerThanTheRingCrossesInPieces() {
        byte[] job = new byte[3_000_000];
        new Random(5).nextBytes(job);
        parent.send(new Run(1, 0, job)); // does not wait for room
        List<Message> arrived = new ArrayList<>();
        worker.begin(arrived::add);
        parent.begin(message -> {
            throw new AssertionError(message);
        });
        for (int turn = 0; turn < 1000 && arrived.isEmpty(); turn++) {
            worker.serve();
            parent.serve();
        }
        assertThat(arrived)
                .singleElement()
                .satisfies(
                        run -> assertThat(Arrays.equals(((Run) run).job(), job)).isTrue());
    }

    @ParameterizedTest
    @EnumSource(Doorbell.Kind.class)
    void bothSidesAtOnceFromManyThreads(Doorbell.Kind kind) throws Exception {
        if (kind == Doorbell.Kind.FUTEX && Doorbell.Kind.best() != kind) {
            return;
        }
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("LinkTest seed " + seed);
        int senders = 3;
        int each = 400;
        Link up = new Link(memory, true, kind);
        Link down = new Link(memory, false, kind);
        AtomicLong left = new AtomicLong(2L * senders * each);
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (boolean toWorker : new boolean[] {true, false}) {
            for (int s = 0; s < senders; s++) {
                Random random = new Random(seed + s);
                int sender = s;
                tasks.add(new FutureTask<>(() -> {
                    for (int i = 0; i < each; i++) {
                        byte[] bytes = new byte[random.nextInt(100) == 0 ? 600_000 : random.nextInt(2000)];
                        Arrays.fill(bytes, (byte) i);
                        long id = (long) sender << 32 | i;
                        (toWorker ? up : down).send(toWorker ? new Run(id, 0, bytes) : new Result(id, bytes));
                    }
                    return null;
                }));
            }
            tasks.add(new FutureTask<>(() -> {
                Link mine = toWorker ? down : up;
                long[] next = new long[senders];
                long start = System.nanoTime();
                mine.begin(message -> {
                    long id = message.frame().id();
                    assertThat((int) id).isEqualTo((int) next[(int) (id >> 32)]++);
                    for (byte b : message.frame().payload()) {
                        if (b != (byte) id) {
                            throw new AssertionError("a wrong byte in message " + id);
                        }
                    }
                    left.decrementAndGet();
                });
                while (left.get() > 0) { // for both directions: whoever has received all may still have to send
                    mine.serve();
                    mine.await(TimeUnit.MILLISECONDS.toNanos(50));
                    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));
                }
                return null;
            }));
            tasks.add(new FutureTask<>(() -> {
                while (left.get() > 0) {
                    (toWorker ? down : up).help(() -> left.get() <= 0);
                }
                return null;
            }));
        }
        tasks.forEach(task -> Thread.ofPlatform().daemon().start(task));
        for (FutureTask<Void> task : tasks) {
            task.get(90, TimeUnit.SECONDS);
        }
    }

    private void writeAsWorker(int length, int type, long id, long arg) {
        memory.set(ValueLayout.JAVA_INT, UP + DATA, length);
        memory.set(ValueLayout.JAVA_INT, UP + DATA + 4, type);
        memory.set(ValueLayout.JAVA_LONG, UP + DATA + 8, id);
        memory.set(ValueLayout.JAVA_LONG, UP + DATA + 16, arg);
        memory.set(ValueLayout.JAVA_LONG, UP, 24);
    }

    @Test
    void theParentBelievesNoWrongLength() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Message.MAX_PAYLOAD + 1}) {
            writeAsWorker(length, Message.RESULT, 1, 0);
            Link fresh = new Link(memory, true, Doorbell.Kind.POLLING);
            assertThatThrownBy(() -> served(fresh))
                    .isInstanceOf(CorruptFrameException.class)
                    .hasMessageContaining("cannot have " + length + " bytes");
        }
        writeAsWorker(1, Message.READY, 0, 0);
        assertThatThrownBy(() -> served(parent)).isInstanceOf(CorruptFrameException.class);
    }

    @Test
    void aLongLengthAloneTakesNoMemory() {
        writeAsWorker(Message.MAX_PAYLOAD, Message.RESULT, 1, 0);
        assertThat(served(parent)).isEmpty(); // and waits for the bytes, with room for the first of them only
    }

    @Test
    void theParentBelievesNoWrongType() {
        for (int type : new int[] {0, -1, Message.RUN, Message.REPLY, Message.INTERRUPT, 31, 47, Integer.MAX_VALUE}) {
            writeAsWorker(0, type, 1, 0);
            Link fresh = new Link(memory, true, Doorbell.Kind.POLLING);
            assertThatThrownBy(() -> served(fresh))
                    .isInstanceOf(CorruptFrameException.class)
                    .hasMessageContaining("no message of type " + type);
        }
    }

    @Test
    void randomBytesNeverDoMoreThanThat() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("LinkTest seed " + seed);
        Random random = new Random(seed);
        byte[] noise = new byte[4096];
        for (int i = 0; i < 2000; i++) {
            random.nextBytes(noise);
            MemorySegment.copy(noise, 0, memory, ValueLayout.JAVA_BYTE, UP + DATA, noise.length);
            memory.set(ValueLayout.JAVA_LONG, UP, 1 + random.nextInt(noise.length));
            Link fresh = new Link(memory, true, Doorbell.Kind.POLLING);
            try {
                served(fresh);
            } catch (CorruptFrameException e) {
                assertThat(e).hasMessageContaining("message");
            }
        }
    }

    @Test
    void aCounterSpoiltWhileWritingIsTheServingThreadsBusiness() {
        parent.send(new Run(1, 0, new byte[300_000])); // more than fits, so the next send asks how much has been read
        memory.set(ValueLayout.JAVA_LONG, DOWN + 128, Long.MAX_VALUE);
        parent.send(new Run(2, 1, Message.NOTHING));
        assertThatThrownBy(() -> served(parent))
                .isInstanceOf(CorruptFrameException.class)
                .hasMessageContaining("has read");
    }
}
