package dev.heddle.internal.process.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final int CAPACITY = 128;
    private final MemorySegment memory = Arena.ofAuto().allocate(Ring.bytes(CAPACITY), 128);
    private final Ring.Writer writer = new Ring.Writer(memory);
    private final Ring.Reader reader = new Ring.Reader(memory);

    @Test
    void takesWhatFitsAndGivesItBackInOrder() {
        byte[] source = new byte[200];
        new Random(1).nextBytes(source);
        assertThat(writer.write(source, 0, 200)).isEqualTo(128);
        assertThat(writer.hasRoom(1)).isFalse();
        assertThat(writer.write(source, 128, 200)).isZero();

        byte[] target = new byte[200];
        assertThat(reader.read(target, 0, 100)).isEqualTo(100);
        assertThat(writer.write(source, 128, 200)).isEqualTo(72);
        assertThat(reader.read(target, 100, 200)).isEqualTo(100);
        assertThat(reader.hasData()).isFalse();
        assertThat(reader.read(target, 0, 200)).isZero();
        assertThat(target).isEqualTo(source);
    }

    @Test
    void tellsTheReaderThatRoomIsWanted() {
        writer.write(new byte[CAPACITY], 0, CAPACITY);
        assertThat(reader.takeWanted()).isFalse();
        assertThat(writer.wantRoom()).isFalse();
        reader.read(new byte[1], 0, 1);
        assertThat(reader.takeWanted()).isTrue();
        assertThat(reader.takeWanted()).isFalse();
        assertThat(writer.wantRoom()).isTrue();
    }

    @Test
    void writesTwoPartsAtOnceWhereThereIsRoomForBoth() {
        writer.write(new byte[100], 0, 100);
        assertThat(writer.hasRoom(28)).isTrue();
        assertThat(writer.hasRoom(29)).isFalse();
        assertThat(writer.wantRoom(29)).isFalse();
        reader.read(new byte[50], 0, 50);
        assertThat(reader.takeWanted()).as("once there is any").isTrue();
        assertThat(writer.wantRoom(29)).isTrue();
        writer.write(new byte[] {1, 2}, new byte[] {3, 4, 5, 6}, 1, 3);
        byte[] target = new byte[54];
        assertThat(reader.read(target, 0, 54)).isEqualTo(54);
        assertThat(target).endsWith(0, 1, 2, 4, 5);
    }

    @Test
    void anotherGoesOnWhereOneHasStopped() {
        byte[] target = new byte[3];
        for (int i = 0; i < 100; i++) {
            Ring.Writer nextWriter = new Ring.Writer(memory);
            nextWriter.resume();
            assertThat(nextWriter.write(new byte[] {1, 2, (byte) i}, 0, 3)).isEqualTo(3);
            Ring.Reader nextReader = new Ring.Reader(memory);
            nextReader.resume();
            assertThat(nextReader.read(target, 0, 3)).isEqualTo(3);
            assertThat(target).containsExactly(1, 2, i);
        }
        for (long head : new long[] {-1, 301, 300 - CAPACITY - 1}) {
            memory.set(ValueLayout.JAVA_LONG, 128, head);
            assertThatThrownBy(writer::resume).isInstanceOf(CorruptFrameException.class);
            assertThatThrownBy(reader::resume).isInstanceOf(CorruptFrameException.class);
        }
    }

    @Test
    void believesNoCounterThatCannotBe() {
        byte[] bytes = new byte[CAPACITY];
        for (long tail : new long[] {-1, CAPACITY + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            memory.set(ValueLayout.JAVA_LONG, 0, tail);
            assertThatThrownBy(() -> reader.read(bytes, 0, 1))
                    .isInstanceOf(CorruptFrameException.class)
                    .hasMessageContaining("has written " + tail);
        }
        memory.set(ValueLayout.JAVA_LONG, 0, 0);
        writer.write(bytes, 0, CAPACITY);
        for (long head : new long[] {-1, CAPACITY + 1, Long.MAX_VALUE}) {
            memory.set(ValueLayout.JAVA_LONG, 128, head);
            assertThatThrownBy(() -> writer.write(bytes, 0, 1))
                    .isInstanceOf(CorruptFrameException.class)
                    .hasMessageContaining("has read " + head);
        }
    }

    @Test
    void carriesEveryByteFromThreadToThread() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("RingTest seed " + seed);
        byte[] source = new byte[3_000_000];
        new Random(seed).nextBytes(source);
        FutureTask<Void> sender = new FutureTask<>(() -> {
            Random sizes = new Random(seed + 1);
            for (int at = 0; at < source.length; ) {
                int to = Math.min(source.length, at + 1 + sizes.nextInt(3 * CAPACITY));
                int written = writer.write(source, at, to);
                at += written;
                if (written == 0) {
                    Thread.yield();
                }
            }
            return null;
        });
        Thread.ofPlatform().daemon().start(sender);
        byte[] target = new byte[source.length];
        Random sizes = new Random(seed + 2);
        for (int at = 0; at < target.length; ) {
            int read = reader.read(target, at, Math.min(target.length, at + 1 + sizes.nextInt(3 * CAPACITY)));
            at += read;
            if (read == 0) {
                Thread.yield();
            }
        }
        sender.get();
        assertThat(Arrays.equals(target, source)).isTrue();
    }
}
