package dev.heddle.internal.process.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.heddle.ChannelClosedException;
import dev.heddle.NotTransferableException;
import dev.heddle.Received;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pipes between processes, with threads in the place of processes. */
class RingPipeTest extends HeddleTest {
    /** More than a pipe holds. */
    private static final int LONG_ELEMENT = 200_000;

    private static final long SENDING = 384;

    private final PipeSides sides = new PipeSides(Doorbell.Kind.best());
    private final RingPipe<byte[]> sender = sides.side();
    private final RingPipe<byte[]> receiver = sides.side();

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private byte[] received() throws InterruptedException {
        return receiver.receive(LONG) instanceof Received.Element<byte[]>(byte[] value) ? value : new byte[0];
    }

    @Test
    void aLongElementWhoseSendTimedOutIsForgotten() throws Exception {
        assertThat(sender.trySend(filled(LONG_ELEMENT, 1))).as("it never fits").isFalse();
        assertThat(receiver.tryReceive()).isInstanceOf(Received.Empty.class);
        assertThat(sender.send(filled(LONG_ELEMENT, 1), SHORT)).isFalse();
        assertThat(receiver.tryReceive()).as("only a part is there").isInstanceOf(Received.Empty.class);
        assertThat(sender.send(filled(LONG_ELEMENT, 2), SHORT)).isFalse();
        assertThat(receiver.receive(SHORT)).isInstanceOf(Received.Empty.class);
        Thread sending = spawn(() -> sender.send(filled(LONG_ELEMENT, 3)));
        assertThat(received()).isEqualTo(filled(LONG_ELEMENT, 3));
        sending.join();
        sender.send(filled(5, 4));
        assertThat(received()).isEqualTo(filled(5, 4));
    }

    @Test
    void aReceiveThatGivesUpInTheMiddleOfAnElementLosesNothing() throws Exception {
        sender.send(filled(LONG_ELEMENT, 1), SHORT);
        Thread sending = spawn(() -> sender.send(filled(LONG_ELEMENT, 2)));
        while (receiver.receive(Duration.ofNanos(1)) instanceof Received.Empty<byte[]>) {
            LockSupport.parkNanos(1000);
        }
        sending.join();
        assertThat(receiver.tryReceive()).isInstanceOf(Received.Empty.class);
    }

    @Test
    void whoHasAPartOfAnElementKeepsTheEnd() throws Exception {
        sender.send(filled(LONG_ELEMENT, 1), SHORT);
        assertThat(receiver.tryReceive()).isInstanceOf(Received.Empty.class);
        receiver.letGo();
        long claim = sides.memory.get(ValueLayout.JAVA_LONG, SENDING + 128);
        assertThat(claim)
                .as("still in use")
                .isEqualTo(2 * ProcessHandle.current().pid() + 1);
        sender.close();
        assertThat(receiver.tryReceive()).as("the part is dropped").isEqualTo(new Received.Closed<byte[]>(null));
        receiver.letGo();
        assertThat(sides.memory.get(ValueLayout.JAVA_LONG, SENDING + 128)).isZero();
    }

    @Test
    void anEndThatAnotherProcessUsesIsRefused() throws Exception {
        sides.memory.set(ValueLayout.JAVA_LONG, SENDING, 2 * 4711 + 1);
        assertThatThrownBy(() -> sender.send(filled(1, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("process 4711 sends to this pipe just now");
        sender.letGo();
        assertThat(sender.takeFrom(4712)).isFalse();
        assertThat(sender.takeFrom(4711)).isTrue();
        sender.send(filled(1, 1));
        assertThat(received()).isEqualTo(filled(1, 1));
    }

    @Test
    void anIdleEndIsTakenOverAndGoesOnWhereItWas() throws Exception {
        for (int i = 0; i < 1000; i++) {
            RingPipe<byte[]> other = sides.side();
            sides.memory.set(ValueLayout.JAVA_LONG, SENDING, 2 * 4711); // the last one was another process
            other.send(filled(i % 100, i));
            RingPipe<byte[]> next = sides.side();
            sides.memory.set(ValueLayout.JAVA_LONG, SENDING + 128, i % 2 == 0 ? 0 : 2 * 4711);
            byte[] got = next.tryReceive() instanceof Received.Element<byte[]>(byte[] value) ? value : null;
            assertThat(got).isEqualTo(filled(i % 100, i));
        }
    }

    @Test
    void aCloseWaitsForASendThatHasSeenThePipeOpen() throws Exception {
        sides.memory.set(ValueLayout.JAVA_LONG, SENDING, 2 * 4711 + 1); // a process in the middle of a send
        receiver.close();
        assertThat(receiver.tryReceive()).as("its element may still come").isInstanceOf(Received.Empty.class);
        AtomicInteger ended = new AtomicInteger();
        Thread waiting = spawn(() -> {
            assertThat(receiver.receive(LONG)).isEqualTo(new Received.Closed<byte[]>(null));
            ended.set(1);
        });
        assertThat(ended).hasValue(0);
        assertThat(sender.takeFrom(4711)).isTrue(); // it has died
        sender.close();
        waiting.join();
        assertThat(ended).hasValue(1);
    }

    @Test
    void whatIsSentBetweenACloseAndItsMarkIsReceivedOrRefused() throws Exception {
        RingPipe<byte[]> far = sides.farSide();
        far.send(filled(5, 1));
        sides.closeWithoutMark();
        far.send(filled(5, 2));
        assertThat(received()).isEqualTo(filled(5, 1));
        assertThat(received()).isEqualTo(filled(5, 2));
        assertThat(receiver.tryReceive()).isEqualTo(new Received.Closed<byte[]>(null));
        assertThatThrownBy(() -> far.send(filled(5, 3)))
                .as("nobody would receive it: the end was told")
                .isInstanceOf(ChannelClosedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAWaitAtOnce(Doorbell.Kind kind) throws Exception {
        RingPipe<byte[]> pipe = new PipeSides(kind).side();
        for (int i = 0; i < 200; i++) {
            int round = i;
            Thread waiting = spawn(() -> {
                try {
                    pipe.receive();
                } catch (InterruptedException e) {
                    return;
                }
                throw new AssertionError("received in round " + round);
            });
            if (i % 2 == 0) {
                Thread.yield();
            } else {
                eventually("it sleeps", () -> waiting.getState() != Thread.State.NEW);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
            }
            waiting.interrupt();
            assertThat(waiting.join(LONG)).isTrue();
        }
    }

    /** Elements are numbers, padded to lengths that differ; whatever is interrupted or times out is tried again. */
    @ParameterizedTest
    @EnumSource
    void interruptsAndTimeOutsLoseAndDoubleNothing(Doorbell.Kind kind) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RingPipeTest seed " + seed);
        int count = 3_000;
        PipeSides pipe = new PipeSides(kind);
        Thread sending = spawn(() -> {
            RingPipe<byte[]> side = pipe.side();
            Random random = new Random(seed);
            for (int i = 0; i < count; ) {
                try {
                    if (side.send(Elements.of(i, random), Duration.ofNanos(random.nextInt(300_000)))) {
                        i++;
                    }
                } catch (InterruptedException e) {
                    // and again
                }
            }
            side.close();
        });
        AtomicInteger next = new AtomicInteger();
        Thread receiving = spawn(() -> {
            RingPipe<byte[]> side = pipe.side();
            Random random = new Random(seed + 1);
            while (true) {
                try {
                    switch (side.receive(Duration.ofNanos(random.nextInt(300_000)))) {
                        case Received.Element<byte[]>(byte[] element) ->
                            Elements.check(element, next.getAndIncrement(), seed);
                        case Received.Empty<byte[]> e -> {}
                        case Received.Closed<byte[]> e -> {
                            return;
                        }
                    }
                } catch (InterruptedException e) {
                    // and again
                }
            }
        });
        Random random = new Random(seed + 2);
        while (receiving.isAlive()) {
            (random.nextBoolean() ? sending : receiving).interrupt();
            LockSupport.parkNanos(random.nextInt(500_000));
        }
        assertThat(next).as("seed " + seed).hasValue(count);
    }

    /** Nobody sleeps for ever: each side pauses now and then for longer than the other looks before it sleeps. */
    @ParameterizedTest
    @EnumSource
    void whoSleepsIsWoken(Doorbell.Kind kind) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RingPipeTest seed " + seed);
        int count = 30_000;
        PipeSides pipe = new PipeSides(kind);
        Thread sending = spawn(() -> {
            RingPipe<byte[]> side = pipe.side();
            Random random = new Random(seed);
            Random pauses = new Random(seed + 1);
            for (int i = 0; i < count; i++) {
                pause(pauses);
                side.send(Elements.of(i, random));
            }
        });
        RingPipe<byte[]> side = pipe.side();
        Random pauses = new Random(seed + 2);
        for (int i = 0; i < count; i++) {
            pause(pauses);
            Elements.check(side.receive(), i, seed);
        }
        sending.join();
    }

    private static void pause(Random random) {
        if (random.nextInt(300) == 0) {
            LockSupport.parkNanos(random.nextInt(3_000_000));
        }
    }

    /** A third closes at any moment: each send that returned is received, and none that threw. */
    @ParameterizedTest
    @EnumSource
    void whateverWasSentBeforeACloseIsReceived(Doorbell.Kind kind) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RingPipeTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            PipeSides pipe = new PipeSides(kind);
            AtomicInteger sent = new AtomicInteger();
            long roundSeed = random.nextLong();
            Thread sending = spawn(() -> {
                RingPipe<byte[]> side = pipe.side();
                Random lengths = new Random(roundSeed);
                try {
                    while (true) {
                        side.send(Elements.of(sent.get(), lengths));
                        sent.incrementAndGet();
                    }
                } catch (ChannelClosedException e) {
                    // the end
                }
            });
            int pause = random.nextInt(200);
            Thread closing = spawn(() -> {
                for (int i = 0; i < pause; i++) {
                    Thread.onSpinWait();
                }
                pipe.<byte[]>side().close();
            });
            RingPipe<byte[]> side = pipe.side();
            int received = 0;
            for (byte[] element : side) {
                Elements.check(element, received++, roundSeed);
            }
            sending.join();
            closing.join();
            assertThat(received)
                    .as("received; seed " + seed + ", round " + round)
                    .isEqualTo(sent.get());
        }
    }

    /** Elements that tell whether they are whole, and which they are. */
    static final class Elements {
        private Elements() {}

        static byte[] of(int number, Random random) {
            int length = switch (random.nextInt(20)) {
                case 0 -> random.nextInt(150_000);
                case 1, 2 -> random.nextInt(20_000);
                default -> random.nextInt(100);
            };
            byte[] element = new byte[8 + length];
            new Random(number).nextBytes(element);
            ByteBuffer.wrap(element).putInt(number).putInt(length);
            return element;
        }

        static void check(byte[] element, int expected, long seed) {
            ByteBuffer start = ByteBuffer.wrap(element);
            int number = start.getInt();
            byte[] whole = new byte[8 + start.getInt()];
            new Random(number).nextBytes(whole);
            ByteBuffer.wrap(whole).putInt(number).putInt(whole.length - 8);
            if (number != expected || !Arrays.equals(whole, element)) {
                throw new AssertionError("element " + number + " instead of " + expected + ", or torn; seed " + seed);
            }
        }
    }

    @Test
    void whatIsOverwrittenClosesThePipeWithASentence() throws Exception {
        for (byte[] noise : new byte[][] {filled(384, 0xff), filled(8, 1)}) {
            PipeSides spoilt = new PipeSides(Doorbell.Kind.best());
            RingPipe<byte[]> side = spoilt.side();
            spoilt.<byte[]>side().send(filled(10, 1));
            spoilt.memory.asSlice(640, noise.length).copyFrom(MemorySegment.ofArray(noise));
            assertThatThrownBy(side::receive)
                    .isInstanceOf(ChannelClosedException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has overwritten its memory");
            assertThatThrownBy(() -> side.send(filled(1, 1))).isInstanceOf(ChannelClosedException.class);
            assertThat(side.isClosed()).isTrue();
        }
    }

    /** Another process may write anything anywhere, at any moment: that ends in an element, an end or a refusal, and soon. */
    @Test
    void noiseIsAnErrorAndNoCrash() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RingPipeTest seed " + seed);
        Random random = new Random(seed);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BitSet outcomes = new BitSet();
        for (int round = 0; round < 3_000; round++) {
            PipeSides spoilt = new PipeSides(Doorbell.Kind.best());
            RingPipe<byte[]> honest = spoilt.side();
            RingPipe<byte[]> hostile = spoilt.side();
            for (int i = random.nextInt(5); i > 0; i--) {
                hostile.send(new byte[random.nextInt(3_000)]);
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                // Mostly where the counters and the first frames are.
                long at = random.nextInt(4) == 0 ? random.nextLong(RingPipe.bytes()) : 256 + random.nextInt(1_000);
                spoilt.memory.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(256));
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 8; i++) {
                outcomes.set(i % 2 == 0 ? receive(honest) : send(honest));
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated; seed " + seed)
                    .isLessThan(3_000_000);
        }
        assertThat(outcomes.cardinality()).as("all kinds of outcomes").isEqualTo(6);
    }

    private static int receive(RingPipe<byte[]> pipe) {
        try {
            return switch (pipe.tryReceive()) {
                case Received.Element<byte[]> e -> 0;
                case Received.Empty<byte[]> e -> 1;
                case Received.Closed<byte[]> e -> 2;
            };
        } catch (IllegalStateException | NotTransferableException | NullPointerException | ClassCastException e) {
            return 3; // in use, or no element of ours
        }
    }

    private static int send(RingPipe<byte[]> pipe) {
        try {
            return pipe.trySend(new byte[100]) ? 0 : 1;
        } catch (ChannelClosedException e) {
            return 4;
        } catch (IllegalStateException e) {
            return 5;
        }
    }
}
