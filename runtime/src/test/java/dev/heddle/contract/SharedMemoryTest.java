package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.SharedDoubles;
import dev.heddle.SharedInts;
import dev.heddle.SharedLongs;
import dev.heddle.SharedMemory;
import dev.heddle.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Memory that all tasks see, without a copy, and the arrays in it. */
class SharedMemoryTest extends ContractTest {
    private static final int ROUNDS = 20_000;

    @Test
    void whatOneTaskWritesAnotherSees() throws Exception {
        Heddle heddle = heddle();
        SharedMemory memory = heddle.sharedMemory(100_001);
        assertThat(memory.byteSize()).isEqualTo(100_001);
        assertThat(memory.segment().mismatch(MemorySegment.ofArray(new byte[100_001])))
                .as("zeroed")
                .isEqualTo(-1);
        memory.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        Task<Integer> first = heddle.start(() -> {
            byte before = memory.segment().get(ValueLayout.JAVA_BYTE, 0);
            memory.segment().set(ValueLayout.JAVA_BYTE, memory.byteSize() - 1, (byte) 7);
            return (int) before;
        });
        assertThat(first.join()).isEqualTo(1);
        assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 100_000)).isEqualTo((byte) 7);
        assertThat(heddle.start(() -> memory.segment().get(ValueLayout.JAVA_BYTE, 100_000))
                        .join())
                .isEqualTo((byte) 7);
    }

    @Test
    void itCrossesAsResultAndAsElementAndIsTheSame() throws Exception {
        Heddle heddle = heddle();
        SharedLongs longs = heddle.sharedLongs(3);
        SharedLongs back = heddle.start(() -> {
                    longs.set(2, 5);
                    return longs;
                })
                .join();
        assertThat(back.memory()).isSameAs(longs.memory());
        assertThat(back.get(2)).isEqualTo(5);
        Channel<SharedLongs> channel = heddle.channel(1);
        channel.send(back);
        assertThat(heddle.start(() -> channel.receive().getAndAdd(2, 1)).join()).isEqualTo(5);
        assertThat(longs.get(2)).isEqualTo(6);
    }

    @Test
    void everyArrayHasPlainOrderedAndAtomicAccesses() throws Exception {
        Heddle heddle = heddle();
        SharedInts ints = heddle.sharedInts(2);
        SharedLongs longs = heddle.sharedLongs(3);
        SharedDoubles doubles = heddle.sharedDoubles(4);
        heddle.start(() -> {
                    ints.set(1, ints.get(1) + 3);
                    longs.set(2, longs.get(2) + 3);
                    doubles.set(3, doubles.get(3) + 3.5);
                    require(ints.compareAndSet(1, 3, 4) && !ints.compareAndSet(1, 3, 5));
                    require(longs.compareAndSet(2, 3, 4) && !longs.compareAndSet(2, 3, 5));
                    require(doubles.compareAndSet(3, 3.5, 4) && !doubles.compareAndSet(3, 3.5, 5));
                    require(doubles.compareAndSet(0, 0.0, Double.NaN) && doubles.compareAndSet(0, Double.NaN, -0.0));
                    require(!doubles.compareAndSet(0, 0.0, 1));
                    require(ints.getAndAdd(1, 10) == 4);
                    require(longs.getAndAdd(2, 10) == 4);
                    require(doubles.getAndAdd(3, 10) == 4);
                    ints.setRelease(0, 7);
                    longs.setRelease(0, 8);
                    doubles.setRelease(0, 9);
                })
                .join();
        assertThat(List.of(ints.length(), longs.length(), doubles.length())).containsExactly(2L, 3L, 4L);
        assertThat(List.of(ints.getAcquire(0), ints.get(1))).containsExactly(7, 14);
        assertThat(List.of(longs.getAcquire(0), longs.get(1), longs.get(2))).containsExactly(8L, 0L, 14L);
        assertThat(List.of(doubles.getAcquire(0), doubles.get(2), doubles.get(3)))
                .containsExactly(9.0, 0.0, 14.0);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalStateException("an operation did something else");
        }
    }

    @Test
    void noAdditionIsLost() throws Exception {
        Heddle heddle = heddle();
        SharedInts ints = heddle.sharedInts(1);
        SharedLongs longs = heddle.sharedLongs(1);
        SharedDoubles doubles = heddle.sharedDoubles(1);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tasks.add(heddle.start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    ints.getAndAdd(0, 1);
                    longs.getAndAdd(0, 2);
                    doubles.getAndAdd(0, 0.5);
                }
            }));
        }
        for (Task<?> task : tasks) {
            task.join();
        }
        assertThat(ints.get(0)).isEqualTo(3 * ROUNDS);
        assertThat(longs.get(0)).isEqualTo(6L * ROUNDS);
        assertThat(doubles.get(0)).isEqualTo(1.5 * ROUNDS);
    }

    @Test
    void whoAcquiresSeesWhatWasWrittenBeforeTheRelease() throws Exception {
        Heddle heddle = heddle();
        SharedLongs data = heddle.sharedLongs(ROUNDS);
        SharedInts flag = heddle.sharedInts(1);
        Task<Integer> reader = heddle.start(() -> {
            int seen = 0;
            while (seen < ROUNDS) {
                int now = flag.getAcquire(0);
                for (; seen < now; seen++) {
                    require(data.get(seen) == seen + 1L);
                }
                Heddle.yield();
            }
            return seen;
        });
        Task<?> writer = heddle.start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                data.set(i, i + 1L);
                flag.setRelease(0, i + 1);
                if (i % 100 == 0) {
                    Heddle.yield();
                }
            }
        });
        assertThat(reader.join()).isEqualTo(ROUNDS);
        writer.join();
    }

    @Test
    void onceTheHeddleIsClosedAnAccessIsAnError() {
        Heddle heddle = open(options -> options.processors(1));
        SharedMemory memory = heddle.sharedMemory(8);
        MemorySegment segment = memory.segment();
        SharedInts ints = heddle.sharedInts(1);
        SharedLongs longs = heddle.sharedLongs(1);
        SharedDoubles doubles = heddle.sharedDoubles(1);
        heddle.close();
        String sentence = "the shared memory was freed when heddle " + heddle.name() + " was closed";
        for (Code access : List.<Code>of(
                memory::segment,
                () -> ints.get(0),
                () -> ints.set(0, 1),
                () -> ints.getAcquire(0),
                () -> longs.setRelease(0, 1),
                () -> longs.compareAndSet(0, 0, 1),
                () -> longs.getAndAdd(0, 1),
                () -> doubles.getAndAdd(0, 1))) {
            assertThatThrownBy(access::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(sentence);
        }
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> heddle.sharedMemory(8))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("is closed and makes no more shared memory");
    }

    @Test
    void whatIsOutsideIsAnError() {
        SharedInts ints = heddle().sharedInts(2);
        for (long index : new long[] {-1, 2, 1L << 62, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> ints.get(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ints.set(index, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ints.getAndAdd(index, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void sizesThatCannotBeAreSentences() {
        Heddle heddle = heddle();
        assertThatThrownBy(() -> heddle.sharedMemory(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sharedMemory(0): shared memory cannot grow");
        assertThatThrownBy(() -> heddle.sharedLongs(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heddle.sharedLongs(Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heddle.sharedMemory(1L << 50))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining((1L << 50) + " bytes of shared memory")
                .hasMessageContaining("make it smaller");
    }
}
