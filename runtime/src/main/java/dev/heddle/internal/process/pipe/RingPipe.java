package dev.heddle.internal.process.pipe;

import dev.heddle.Received;
import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.AbstractPipe;
import dev.heddle.internal.channel.AbstractSink;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Ring;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.TracedParker;
import dev.heddle.trace.TraceEvent.Reason;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipe of the PROCESS model, as each process has it that uses it: a {@link Ring} from one to the other, with nobody between.
 *
 * <p>Problem: an element of a channel costs a request and an answer, since the channel is in the parent. A pipe is to cost neither,
 * and still nothing may be torn, lost or left waiting, whoever dies. Rejected: a queue in shared memory for any number of users,
 * see docs/adr/0002; a link between each two workers, whose threads would hand on what they read. Approach: the threads of the two
 * users read and write the ring themselves, and sleep at a bell for each end. What is rare goes through the parent, which is the
 * one to close the pipe: because it was asked to, or because a process has died that had an end, see {@link PipeClaim}.
 *
 * <pre>{@code
 * 0      bell of the receiver
 * 128    bell of the sender
 * 256    closed: 1 as soon as that is so
 * 384    claim of the sending end
 * 512    claim of the receiving end
 * 640    ring
 * }</pre>
 *
 * <p>On the ring an element is one frame or several, each written at once or not at all. A frame begins with an int: its length,
 * and whether it is the first or the last of its element. So a send that is given up in the middle needs no undoing: the first
 * frame of the next element tells the receiver to forget what it has. And a writer that dies has written whole frames.
 *
 * <p>The races that matter are those of {@link Ring}, {@link Doorbell} and {@link PipeClaim}.
 *
 * <p>Invariants: the writer belongs to who has the sending claim, the reader and {@code part} to who has the receiving one. Who has
 * received a part of an element keeps the claim.
 *
 * @param <E> the type of the elements
 */
public abstract class RingPipe<E> extends AbstractPipe<E> {
    private static final long serialVersionUID = 1L;

    private static final int CAPACITY = 1 << 16;

    /** Small enough that both sides can be at work on a long element. */
    static final int FRAME_MAX = CAPACITY / 4;

    private static final long RECEIVERS_BELL = 0;
    private static final long SENDERS_BELL = 128;
    private static final long CLOSED = 256;
    private static final long SENDING = 384;
    private static final long RECEIVING = 512;
    private static final long RING = 640;

    private static final int HEADER = Integer.BYTES;
    private static final int FIRST = 1 << 31;
    private static final int LAST = 1 << 30;
    private static final int LENGTH = LAST - 1;

    /** A wait this long is told to the parent, for which a task that waits makes room. */
    private static final long TOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long NEVER = 0;

    private static final VarHandle FLAG = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final transient MemorySegment memory;
    private final transient boolean trusted;
    private final transient Trace trace;
    private final transient long number;
    private final transient Doorbell senders;
    private final transient Doorbell receivers;
    private final transient PipeClaim sending;
    private final transient PipeClaim receiving;
    private final transient Ring.Writer writer;
    private final transient Ring.Reader reader;
    private final transient byte[] writtenHeader = new byte[HEADER];
    private final transient byte[] readHeader = new byte[HEADER];

    /** What has come of an element whose last frame has not. */
    private transient @Nullable ByteArrayOutputStream part;

    /** One whose users are not traced. */
    protected RingPipe(MemorySegment memory, Doorbell.Kind kind, boolean trusted) {
        this(memory, kind, trusted, Trace.OFF, 0);
    }

    /**
     * @param memory of {@link #bytes}, zeroed when the pipe was made
     * @param kind how all sides sleep
     * @param trusted see {@link Payload#read}
     * @param trace is told what the main thread sends and receives
     * @param number what it is called there
     */
    protected RingPipe(MemorySegment memory, Doorbell.Kind kind, boolean trusted, Trace trace, long number) {
        this.memory = memory;
        this.trusted = trusted;
        this.trace = trace;
        this.number = number;
        this.senders = new Doorbell(memory.asSlice(SENDERS_BELL, Doorbell.BYTES), kind);
        this.receivers = new Doorbell(memory.asSlice(RECEIVERS_BELL, Doorbell.BYTES), kind);
        this.sending = new PipeClaim(memory.asSlice(SENDING, Long.BYTES), "sends to");
        this.receiving = new PipeClaim(memory.asSlice(RECEIVING, Long.BYTES), "receives from");
        MemorySegment ring = memory.asSlice(RING, Ring.bytes(CAPACITY));
        this.writer = new Ring.Writer(ring);
        this.reader = new Ring.Reader(ring);
    }

    /** {@return how much memory a pipe takes} */
    static long bytes() {
        return RING + Ring.bytes(CAPACITY);
    }

    // ---- what the parent and a worker do differently

    /** {@return what closed the pipe, or null} */
    protected abstract @Nullable Throwable cause();

    /** {@return what ends the wait} A thread waits for longer than a moment. */
    protected abstract Runnable waits();

    /** {@return how many nanoseconds to sleep at most, in case that nobody rings} Who was to may have been stopped just then. */
    long longestSleep() {
        return SLEEP_NANOS;
    }

    // ---- the ends

    /** The task has ended that may have used the ends, see {@link PipeClaim}. */
    public final void letGo() {
        sending.letGo();
        receiving.letGo();
    }

    /**
     * Frees the ends that a process had.
     *
     * @param pid of a process that is dead
     * @return whether it had any
     */
    final boolean takeFrom(long pid) {
        boolean sent = sending.takeFrom(pid);
        return receiving.takeFrom(pid) || sent;
    }

    /** {@return whether the pipe was marked as closed} */
    protected final boolean isMarkedClosed() {
        return (int) FLAG.getVolatile(memory, CLOSED) != 0;
    }

    /** Lets all processes know that the pipe is closed. */
    final void markClosed() {
        FLAG.setVolatile(memory, CLOSED, 1);
        senders.ringForSure();
        receivers.ringForSure();
    }

    // ---- sending

    @Override
    public final boolean send(E element, long nanos) throws InterruptedException {
        byte[] bytes = Payload.write(element, Role.ELEMENT);
        boolean fromAnother = sending.enter();
        try {
            if (fromAnother) {
                writer.resume();
            }
            return passed(write(bytes, nanos), Trace.Event.SEND);
        } catch (CorruptFrameException e) {
            throw AbstractSink.notSent(spoilt(e));
        } finally {
            endSend();
        }
    }

    @Override
    public final boolean trySend(E element) {
        byte[] bytes = Payload.write(Objects.requireNonNull(element, "a pipe has no null elements"), Role.ELEMENT);
        boolean fromAnother = sending.enter();
        try {
            if (fromAnother) {
                writer.resume();
            }
            return passed(tryWrite(bytes), Trace.Event.SEND);
        } catch (CorruptFrameException e) {
            throw AbstractSink.notSent(spoilt(e));
        } finally {
            endSend();
        }
    }

    private boolean passed(boolean done, Trace.Event what) {
        if (done) {
            trace.record(what, 0, number);
        }
        return done;
    }

    private void endSend() {
        sending.leave(false);
        receivers.ring(); // there is an element, or it is certain that there will be none
    }

    private boolean write(byte[] bytes, long nanos) throws InterruptedException {
        long end = end(nanos);
        for (int from = 0; from < bytes.length; from += FRAME_MAX) {
            int to = Math.min(bytes.length, from + FRAME_MAX);
            int length = HEADER + to - from;
            if (from > 0) {
                receivers.ring(); // to take what is there meanwhile
            }
            if (!mayWrite(length) && !await(senders, () -> mayWrite(length), end)) {
                return false;
            }
            throwIfClosed();
            writeFrame(bytes, from, to);
        }
        return true;
    }

    private boolean mayWrite(int length) {
        return writer.wantRoom(length) || isClosed();
    }

    private boolean tryWrite(byte[] bytes) {
        throwIfClosed();
        int frames = (bytes.length + FRAME_MAX - 1) / FRAME_MAX;
        if (!writer.hasRoom(bytes.length + frames * HEADER)) {
            return false;
        }
        for (int from = 0; from < bytes.length; from += FRAME_MAX) {
            writeFrame(bytes, from, Math.min(bytes.length, from + FRAME_MAX));
        }
        return true;
    }

    private void throwIfClosed() {
        if (isClosed()) {
            throw AbstractSink.notSent(cause());
        }
    }

    private void writeFrame(byte[] bytes, int from, int to) {
        INT.set(writtenHeader, 0, to - from | (from == 0 ? FIRST : 0) | (to == bytes.length ? LAST : 0));
        writer.write(writtenHeader, bytes, from, to);
    }

    // ---- receiving

    @Override
    protected final Received<E> receive(long nanos) throws InterruptedException {
        byte[] bytes;
        boolean fromAnother = receiving.enter();
        try {
            if (fromAnother) {
                reader.resume();
            }
            bytes = read();
            if (bytes == null) {
                long end = end(nanos);
                while (bytes == null && !isDrained()) {
                    if (!await(receivers, () -> reader.hasData() || isDrained(), end)) {
                        return new Received.Empty<>();
                    }
                    bytes = read();
                }
            }
            if (bytes == null) {
                return drained(cause());
            }
        } catch (CorruptFrameException e) {
            return drained(spoilt(e));
        } finally {
            receiving.leave(part != null);
        }
        passed(true, Trace.Event.RECEIVE);
        return new Received.Element<>(Payload.element(bytes, trusted));
    }

    @Override
    public final Received<E> tryReceive() {
        byte[] bytes;
        boolean fromAnother = receiving.enter();
        try {
            if (fromAnother) {
                reader.resume();
            }
            bytes = read();
            if (bytes == null) {
                return isDrained() ? drained(cause()) : new Received.Empty<>();
            }
        } catch (CorruptFrameException e) {
            return drained(spoilt(e));
        } finally {
            receiving.leave(part != null);
        }
        passed(true, Trace.Event.RECEIVE);
        return new Received.Element<>(Payload.element(bytes, trusted));
    }

    private Received<E> drained(@Nullable Throwable cause) {
        part = null;
        return new Received.Closed<>(cause);
    }

    /** {@return whether nothing will come any more} */
    private boolean isDrained() {
        if (!isClosed()) {
            return false;
        }
        if (!isMarkedClosed()) {
            markClosed(); // who closes is about to, and no send may begin after we have looked for one
        }
        return !sending.isInUse() && !reader.hasData();
    }

    /** {@return the next element, or null if it is not there or only in part} */
    private byte @Nullable [] read() {
        byte[] element = null;
        while (element == null && reader.hasData()) {
            element = readFrame();
            if (reader.takeWanted()) {
                senders.ring();
            }
        }
        return element;
    }

    private byte @Nullable [] readFrame() {
        readFully(readHeader);
        int header = (int) INT.get(readHeader, 0);
        int length = header & LENGTH;
        boolean last = (header & LAST) != 0;
        if (length > FRAME_MAX) {
            throw new CorruptFrameException(
                    "it wrote a frame of " + length + " bytes, and none is longer than " + FRAME_MAX);
        }
        byte[] bytes = new byte[length];
        readFully(bytes);
        if ((header & FIRST) != 0) {
            part = null; // of an element whose send was given up
            if (last) {
                return bytes;
            }
            part = new ByteArrayOutputStream(
                    2 * length); // by what has come: the peer may begin elements again and again
        }
        ByteArrayOutputStream whole = part;
        if (whole == null || whole.size() > Message.MAX_PAYLOAD - length) {
            throw new CorruptFrameException(
                    whole == null
                            ? "it wrote an element without its first frame"
                            : "it wrote an element that is too long");
        }
        whole.writeBytes(bytes);
        if (!last) {
            return null;
        }
        part = null;
        return whole.toByteArray();
    }

    private void readFully(byte[] target) {
        if (reader.read(target, 0, target.length) < target.length) {
            throw new CorruptFrameException("it wrote a part of a frame");
        }
    }

    // ---- both

    /** What is in the memory cannot be: nobody can go on with it. */
    private @Nullable Throwable spoilt(CorruptFrameException e) {
        close(new IllegalStateException(
                "a process that has the pipe has overwritten its memory (" + e.getMessage() + "), so it was closed",
                e));
        return cause();
    }

    /** {@return when so much time will be over; NEVER for {@link Parker#FOREVER}} */
    private static long end(long nanos) {
        if (nanos == Parker.FOREVER) {
            return NEVER;
        }
        long end = Parker.current().nanoTime() + nanos;
        return end == NEVER ? end + 1 : end;
    }

    /**
     * Waits until the condition holds.
     *
     * @param bell where; for the thread that has its claim
     * @param ready the condition
     * @param end until when at most, or NEVER
     * @return whether it holds
     * @throws InterruptedException if interrupted before
     */
    private boolean await(Doorbell bell, BooleanSupplier ready, long end) throws InterruptedException {
        if (bell.spin(ready)) {
            return true;
        }
        Parker parker = Parker.current();
        if (!(parker instanceof TracedParker traced) || Thread.currentThread().isVirtual()) {
            return sleep(bell, ready, end, parker);
        }
        traced.enter();
        traced.leave(Reason.CHANNEL);
        try {
            return sleep(bell, ready, end, parker);
        } finally {
            traced.comeBack();
        }
    }

    private boolean sleep(Doorbell bell, BooleanSupplier ready, long end, Parker parker) throws InterruptedException {
        long start = parker.nanoTime();
        Runnable told = null;
        try {
            while (!ready.getAsBoolean()) {
                if (parker.interrupted()) {
                    throw new InterruptedException();
                }
                long now = parker.nanoTime();
                long left = end == NEVER ? Parker.FOREVER : end - now;
                if (left <= 0) {
                    return false;
                }
                if (told == null && now - start >= TOLD_NANOS) {
                    told = waits();
                }
                Sleeper.sleep(bell, this, ready, Math.min(left, told == null ? TOLD_NANOS : longestSleep()));
            }
            return true;
        } finally {
            if (told != null) {
                told.run();
            }
        }
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a pipe is read back from its handle only");
    }
}
