package dev.heddle.internal.process.pipe;

import dev.heddle.NotTransferableException;
import dev.heddle.Received;
import dev.heddle.internal.process.Allocated;
import dev.heddle.internal.process.Program;
import dev.heddle.internal.process.Specimens;
import dev.heddle.internal.process.link.Doorbell;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A worker that has a pipe with the parent, and writes to its memory what a {@link Program} says. Whatever that is, the parent's end
 * throws what its documentation says, or is closed, and takes no more memory than {@link Allocated} says.
 */
final class HostilePeer {
    private static final long BELLS = 0;
    private static final long CLAIMS = 384;
    private static final long RING = 640;
    private static final long TAIL = RING;
    private static final long HEAD = RING + 128;
    private static final long DATA = RING + 384;
    private static final int CAPACITY = (int) (RingPipe.bytes() - DATA);

    private static final int FIRST = 1 << 31;
    private static final int LAST = 1 << 30;

    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(RingPipe.bytes(), 4096);

    private final Program program;
    private final End end = new End(MEMORY.fill((byte) 0));
    private final Allocated allocated = new Allocated();
    private long written;
    private long came;
    private int messages;

    private HostilePeer(byte[] program) {
        this.program = new Program(program);
    }

    /** The parent's. */
    private static final class End extends RingPipe<Object> {
        private static final long serialVersionUID = 1L;

        private transient boolean closed;

        End(MemorySegment memory) {
            super(memory, Doorbell.Kind.POLLING, false);
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close(Throwable cause) {
            closed = true;
            markClosed();
        }

        @Override
        protected Throwable cause() {
            return null;
        }

        @Override
        protected Runnable waits() {
            return () -> {};
        }
    }

    /**
     * Runs a program to its end.
     *
     * @return how many elements were accepted
     */
    static int run(byte[] program) {
        HostilePeer peer = new HostilePeer(program);
        peer.run();
        if (peer.allocated.isTooMuch(peer.came)) {
            peer = new HostilePeer(program); // see HostileWorker
            peer.run();
            if (peer.allocated.isTooMuch(peer.came)) {
                throw new AssertionError(peer.allocated + " were allocated for " + peer.came + " that came");
            }
        }
        return peer.messages;
    }

    private void run() {
        while (!program.isOver()) {
            step();
        }
        end.close();
        end.letGo();
        receive();
    }

    private void step() {
        switch (program.next(64)) {
            case 0 -> write(program.take(program.next()));
            case 1 -> move(program.next(2) == 0 ? TAIL : HEAD, program.next() - 128);
            case 2 -> MEMORY.set(ValueLayout.JAVA_LONG, BELLS + 8L * program.next(48), program.odd());
            case 3 -> MEMORY.set(ValueLayout.JAVA_LONG, CLAIMS + 8L * program.next(80), program.odd());
            case 4 -> MEMORY.set(ValueLayout.JAVA_BYTE, DATA + written % CAPACITY, (byte) program.next());
            case 5 -> end.takeFrom(program.next());
            case 6 -> end.letGo();
            case 7 -> end.close();
            case 8, 9, 10, 11, 12, 13 -> move(HEAD, MEMORY.get(ValueLayout.JAVA_LONG, TAIL));
            case 14, 15, 16, 17, 18, 19 -> send();
            case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> receive();
            default -> write(frame());
        }
    }

    private static void move(long counter, long by) {
        MEMORY.set(ValueLayout.JAVA_LONG, counter, MEMORY.get(ValueLayout.JAVA_LONG, counter) + by);
    }

    private void write(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            MEMORY.set(ValueLayout.JAVA_BYTE, DATA + (written + i) % CAPACITY, bytes[i]);
        }
        written += bytes.length;
        came += bytes.length;
        MEMORY.set(ValueLayout.JAVA_LONG, TAIL, written);
    }

    private byte[] frame() {
        byte[] element = Specimens.object(program.next());
        int from = program.next(4) == 0 ? program.next() : 0;
        int to = program.next(4) == 0 ? element.length - program.next() : element.length;
        int length = Math.clamp(to - from, 0, RingPipe.FRAME_MAX);
        int header = length | (from == 0 ? FIRST : 0) | (to == element.length ? LAST : 0);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + length).order(ByteOrder.nativeOrder());
        frame.putInt(program.next(32) == 0 ? (int) program.odd() : header);
        if (from + length <= element.length) {
            frame.put(element, from, length);
        }
        return frame.array();
    }

    private void send() {
        try {
            end.trySend("from the parent");
        } catch (IllegalStateException e) {
            // closed, perhaps since it was overwritten; or in use, says a claim
        }
    }

    private void receive() {
        allocated.by(() -> {
            try {
                messages += end.tryReceive() instanceof Received.Element<?> ? 1 : 0;
            } catch (NotTransferableException | IllegalStateException e) {
                // no element of ours; or in use, says a claim
            }
        });
    }
}
