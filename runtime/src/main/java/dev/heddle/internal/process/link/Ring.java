package dev.heddle.internal.process.link;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A pipe of bytes in shared memory, from one writing process to one reading process.
 *
 * <p>Problem: bytes must cross between processes without a system call for each, and the death of either at any
 * instruction must spoil nothing but this ring. Rejected: a lock in shared memory (dies with its holder); a ring of
 * records that several processes write to (a writer killed between claiming its place and filling it leaves a hole that
 * nobody can tell from slowness). Approach: single producer, single consumer. Each side owns one counter of bytes that
 * only grows; the bytes between the reader's {@code head} and the writer's {@code tail} are filled. A stream and not
 * records, so that what is longer than the ring simply crosses in pieces.
 *
 * <pre>{@code
 * 0     tail     bytes written so far; stored by the writer with release, loaded by the reader with acquire
 * 128   head     bytes read so far; stored by the reader with release, loaded by the writer with acquire
 * 256   wanted   1: the writer has more than there is room for, and wants its bell rung
 * 384   data
 * }</pre>
 *
 * <p>The race that matters is a writer that finds the ring full against a reader that empties it: the writer sets
 * {@code wanted} and then reads {@code head}, the reader stores {@code head} and then reads {@code wanted}, each with a
 * full fence between. So one of the two sees the other.
 *
 * <p>Invariants: a side does not read back its own counter, which the other process could have overwritten, but where it takes
 * over from another process; of the
 * other's counter it believes only what keeps {@code head <= tail <= head + capacity} and never shrinks, and throws
 * {@link CorruptFrameException} on anything else. Each end is for one thread at a time.
 */
public final class Ring {
    private static final int TAIL = 0;
    private static final int HEAD = 128;
    private static final int WANTED = 256;
    private static final int DATA = 384;

    // Of buffers and not of segments: what the JVM makes for the first access to a segment takes a tenth of a worker's
    // start.
    private static final VarHandle COUNTER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle FLAG = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private Ring() {}

    /**
     * {@return how much memory a ring takes}
     *
     * @param capacity how many bytes of data it holds, a power of two of at least 128
     */
    public static long bytes(int capacity) {
        return (long) DATA + capacity;
    }

    private static int capacity(MemorySegment memory) {
        long capacity = memory.byteSize() - DATA;
        if (capacity < 128 || capacity > 1 << 30 || Long.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("a ring holds a power of two of bytes, not " + capacity);
        }
        return (int) capacity;
    }

    private static void check(long head, long tail, int capacity) {
        if (head < 0 || tail < head || tail - head > capacity) {
            throw new CorruptFrameException(
                    "it says that " + tail + " bytes were written and " + head + " read, while " + capacity + " fit");
        }
    }

    /** The writing end. */
    public static final class Writer {
        private final ByteBuffer memory;
        private final int capacity;
        private long tail;
        private long head; // as last seen

        /** @param memory zeroed, of {@link Ring#bytes} */
        public Writer(MemorySegment memory) {
            this.memory = memory.asByteBuffer();
            this.capacity = capacity(memory);
        }

        /**
         * Writes as much as there is room for.
         *
         * @param source the bytes
         * @param from the first to be written
         * @param to one after the last
         * @return how many were written, 0 if the ring is full
         */
        public int write(byte[] source, int from, int to) {
            int length = (int) Math.min(to - from, free(to - from));
            if (length == 0) {
                return 0;
            }
            put(source, from, from + length);
            publish();
            return length;
        }

        /**
         * Writes all of it, so that the reader gets to see both parts at once. There must be {@linkplain #hasRoom(int) room}.
         *
         * @param head the first part
         * @param source the second part
         * @param from the first to be written of it
         * @param to one after the last
         */
        public void write(byte[] head, byte[] source, int from, int to) {
            put(head, 0, head.length);
            put(source, from, to);
            publish();
        }

        private void put(byte[] source, int from, int to) {
            int length = to - from;
            int at = (int) tail & (capacity - 1);
            int first = Math.min(length, capacity - at);
            memory.put(DATA + at, source, from, first);
            memory.put(DATA, source, from + first, length - first);
            tail += length;
        }

        private void publish() {
            COUNTER.setRelease(memory, TAIL, tail); // pairs with getAcquire in Reader.filled
        }

        private long free(int wish) {
            if (capacity - (tail - head) < wish) {
                read();
            }
            return capacity - (tail - head);
        }

        private void read() {
            long now = (long) COUNTER.getAcquire(memory, HEAD); // pairs with setRelease in Reader.read
            if (now < head || now > tail) {
                throw new CorruptFrameException("the reader says that it has read " + now + " bytes, after " + head
                        + ", while " + tail + " were written");
            }
            head = now;
        }

        /**
         * {@return whether there is so much room now}
         *
         * @param bytes how much
         */
        public boolean hasRoom(int bytes) {
            return free(bytes) >= bytes;
        }

        /** {@return whether there is room after all} If not, the reader will find {@link Reader#takeWanted} true. */
        public boolean wantRoom() {
            return wantRoom(1);
        }

        /**
         * {@return whether there is so much room} If not, the reader will find {@link Reader#takeWanted} true once, as soon as it
         * has made any.
         *
         * @param bytes how much
         */
        public boolean wantRoom(int bytes) {
            if (hasRoom(bytes)) {
                return true;
            }
            if ((int) FLAG.getVolatile(memory, WANTED) == 0) {
                FLAG.setVolatile(memory, WANTED, 1);
            }
            VarHandle.fullFence(); // between the flag and head: see the race in the class comment
            return hasRoom(bytes);
        }

        /** Goes on where another writer has stopped, which was in another process. */
        public void resume() {
            tail = (long) COUNTER.getAcquire(memory, TAIL); // pairs with the release of the end by the other
            head = (long) COUNTER.getAcquire(memory, HEAD);
            check(head, tail, capacity);
        }
    }

    /** The reading end. */
    public static final class Reader {
        private final ByteBuffer memory;
        private final int capacity;
        private long head;
        private long tail; // as last seen

        /** @param memory of {@link Ring#bytes}, the same as the writer's */
        public Reader(MemorySegment memory) {
            this.memory = memory.asByteBuffer();
            this.capacity = capacity(memory);
        }

        /**
         * Reads as much as there is.
         *
         * @param target where to put it
         * @param from the first place
         * @param to one after the last place
         * @return how many bytes were read, 0 if the ring is empty
         */
        public int read(byte[] target, int from, int to) {
            int length = (int) Math.min(to - from, filled(to - from));
            if (length == 0) {
                return 0;
            }
            int at = (int) head & (capacity - 1);
            int first = Math.min(length, capacity - at);
            memory.get(DATA + at, target, from, first);
            memory.get(DATA, target, from + first, length - first);
            head += length;
            COUNTER.setRelease(memory, HEAD, head); // pairs with getAcquire in Writer.free
            return length;
        }

        private long filled(int wish) {
            if (tail - head < wish) {
                long now = (long) COUNTER.getAcquire(memory, TAIL); // pairs with setRelease in Writer.write
                if (now < tail || now - head > capacity) {
                    throw new CorruptFrameException("the writer says that it has written " + now + " bytes, after "
                            + tail + ", while " + head + " were read and " + capacity + " fit");
                }
                tail = now;
            }
            return tail - head;
        }

        /** {@return whether anything can be read now} */
        public boolean hasData() {
            return filled(1) > 0;
        }

        /** {@return whether there seems to be something to read} For threads that do not read; it trusts the writer. */
        boolean seemsToHaveData() {
            return (long) COUNTER.getVolatile(memory, TAIL) != (long) COUNTER.getVolatile(memory, HEAD);
        }

        /** Goes on where another reader has stopped, which was in another process. */
        public void resume() {
            head = (long) COUNTER.getAcquire(memory, HEAD); // pairs with the release of the end by the other
            tail = (long) COUNTER.getAcquire(memory, TAIL);
            check(head, tail, capacity);
        }

        /** {@return whether the writer waits for the room that has just been made} Takes the wish back. */
        public boolean takeWanted() {
            VarHandle.fullFence(); // between head and the flag: see the race in the class comment
            if ((int) FLAG.getVolatile(memory, WANTED) == 0) {
                return false;
            }
            FLAG.setVolatile(memory, WANTED, 0);
            return true;
        }
    }
}
