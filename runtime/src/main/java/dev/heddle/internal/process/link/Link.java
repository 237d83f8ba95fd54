package dev.heddle.internal.process.link;

import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Helped;
import dev.heddle.internal.channel.RevocableCount;
import dev.heddle.internal.process.link.Message.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of the connection between a heddle and one of its workers: a ring each way, and a bell for each side.
 *
 * <p>Problem: any thread may send, also one that wakes a waiter and must not wait itself; the peer may be slow, stopped
 * or dead; and two sides that each wait for the other to empty its ring would wait for ever. Rejected: senders that
 * block while the ring is full. Approach: {@link #send} writes at once what the ring has room for and leaves the rest
 * in a backlog, which the one thread that serves the link goes on writing when the peer rings that there is room again.
 * The backlog needs no bound of its own: the parent only sends one job at a time and answers, a worker only requests
 * whose threads wait for the answer.
 *
 * <p>One thread on each side serves the link: it reads, and it is the one that sleeps at the bell. In the parent that
 * is a thread for each worker and not one for all: it also starts and buries its worker, so that a worker that
 * misbehaves occupies nobody else.
 *
 * <p>Whoever is about to wait for what comes over the link {@linkplain #help helps} for a moment: it serves the link itself, so that
 * an answer which comes at once costs no switch to the serving thread and none back. The bell's word says meanwhile that nobody
 * needs to be woken, and the serving thread sleeps on. Rejected: that a helper also sleeps at the bell; then each that has got what it
 * waited for would have to wake the serving thread, since somebody must always be there for what comes unasked.
 *
 * <p>A race that matters: a message comes just when a helper leaves. It sets the bell's word back, then looks for work once more and
 * rings the serving thread if there is any; the peer writes, then looks at the word.
 *
 * <p>Another one: the ring is full, and the peer makes room just then. {@link Ring.Writer#wantRoom} is asked
 * under the lock after the write; the peer's ring then wakes the serving thread, which takes the same lock to write on.
 *
 * <p>Invariants: {@code writer}, {@code backlog} and {@code closed} are guarded by {@code lock}; what reads, and the handler, by {@code
 * serving}, which is taken first. After {@link #end} nobody helps, and after {@link #close} nobody
 * touches the memory.
 */
public final class Link implements Helped, AutoCloseable {
    /** How many bytes a ring holds; what is longer crosses in pieces. */
    private static final int CAPACITY = 1 << 18;

    private static final int HEADER = 24;
    private static final long BELLS = 256;

    /** Where the {@link BegunCount} is, apart from the bells. */
    private static final long BEGUN = 64;

    /** For how many channels a worker may lease something: two counts for each, apart from each other. */
    public static final int LEASES_MAX = 256;

    private static final long LEASE = 128;
    private static final long LEASES = LEASES_MAX * LEASE;

    /** How often a helper looks at most: about 20 us. */
    private static final int HELP_MAX = Doorbell.SPINS_MAX;

    private static final int HELP_MIN = HELP_MAX / 10;

    /** Of how many helpers one looks as often as that in any case: two processes must do so at once to find it worth while. */
    private static final int HELP_RETRY = 16;

    /**
     * So many messages at once are a stream, which two threads serve better than one: the next so many waits are not helped.
     */
    private static final int STREAM = 4;

    private static final int STREAM_HELPS = 100;

    /** How much room is made for a payload before any of it has been seen. */
    private static final int BELIEVED = 1 << 20;

    private final MemorySegment leases;
    private final BegunCount begun;
    private final boolean toWorker;
    private final Doorbell mine;
    private final Doorbell peers;

    private final ReentrantLock lock = new ReentrantLock();
    private final Ring.Writer writer;
    private final ArrayDeque<Outgoing> backlog = new ArrayDeque<>();
    private boolean closed;

    /** Whether the backlog is not empty; written under the lock. */
    private volatile boolean behind;

    private volatile boolean peerGone;

    /** What went wrong while another thread wrote or read; the serving thread throws it. */
    private volatile @Nullable Throwable broken;

    /** Held by who reads. */
    private final ReentrantLock serving = new ReentrantLock();

    /** What is done with each message; null before the link is served, and after. */
    private @Nullable Consumer<Message> handler;

    /** Whether a thread helps, so that the serving thread may sleep. */
    private volatile boolean attended;

    /** Whether some of the messages since the serving thread last asked were not read by it. */
    private boolean helped;

    /** How often a helper looks: more after it was worth it, less after it was not. */
    private int helpSpins = HELP_MAX;

    /** Counts those who help; negative: so many are not to. */
    private int helps;

    private final Ring.Reader reader;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder());
    private int headerRead;
    private byte @Nullable [] payload;
    private int payloadRead;

    /** A frame that has been written in part or not at all. */
    private static final class Outgoing {
        final byte[] header;
        final byte[] payload;
        int sent;

        Outgoing(Frame frame) {
            header = ByteBuffer.allocate(HEADER)
                    .order(ByteOrder.nativeOrder())
                    .putInt(frame.payload().length)
                    .putInt(frame.type())
                    .putLong(frame.id())
                    .putLong(frame.arg())
                    .array();
            payload = frame.payload();
        }
    }

    /**
     * @param memory of {@link #bytes}, zeroed
     * @param parent whether this is the parent's end
     * @param kind how this side parks at first
     */
    public Link(MemorySegment memory, boolean parent, Doorbell.Kind kind) {
        long ring = Ring.bytes(CAPACITY);
        MemorySegment down = memory.asSlice(BELLS + LEASES, ring);
        MemorySegment up = memory.asSlice(BELLS + LEASES + ring, ring);
        this.leases = memory.asSlice(BELLS, LEASES);
        this.begun = new BegunCount(memory.asSlice(BEGUN, BegunCount.BYTES));
        Doorbell parents = new Doorbell(memory.asSlice(0, Doorbell.BYTES), Doorbell.Kind.POLLING);
        Doorbell workers = new Doorbell(memory.asSlice(BELLS / 2, Doorbell.BYTES), Doorbell.Kind.POLLING);
        this.toWorker = parent;
        this.mine = parent ? parents : workers;
        this.peers = parent ? workers : parents;
        this.writer = new Ring.Writer(parent ? down : up);
        this.reader = new Ring.Reader(parent ? up : down);
        if (kind == Doorbell.Kind.FUTEX) {
            useFutexes();
        }
    }

    /** From now on this side uses futexes, to sleep and to wake the other; they must be supported. */
    public void useFutexes() {
        mine.useFutexes(false);
        peers.useFutexes(true);
    }

    /** {@return how much memory a link takes} */
    public static long bytes() {
        return BELLS + LEASES + 2 * Ring.bytes(CAPACITY);
    }

    /** {@return which of the tasks that were given the worker has begun} */
    public BegunCount begun() {
        return begun;
    }

    /**
     * {@return the count of what was sent on credit}
     *
     * @param n of which lease, from 0 to {@link #LEASES_MAX}
     */
    public RevocableCount credit(int n) {
        return new RevocableCount(leases.asSlice(n * LEASE, RevocableCount.BYTES));
    }

    /**
     * {@return the count of what was taken of what was lent}
     *
     * @param n as for {@link #credit}
     */
    public RevocableCount prefetch(int n) {
        return new RevocableCount(leases.asSlice(n * LEASE + LEASE / 2, RevocableCount.BYTES));
    }

    // ---- sending

    /**
     * Sends a message, now or, if the ring is full, as soon as there is room. Never waits for the peer. After {@link
     * #close} it does nothing: there is nobody to send to.
     *
     * @param message whose payload will not be changed any more
     */
    public void send(Message message) {
        Outgoing frame = new Outgoing(message.frame());
        lock.lock();
        try {
            if (!closed && broken == null) {
                backlog.add(frame);
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a message now, if the ring has room for the whole of it.
     *
     * @param message as for {@link #send}
     * @return whether it is in the ring now
     */
    public boolean sendNow(Message message) {
        Outgoing frame = new Outgoing(message.frame());
        int length = HEADER + frame.payload.length;
        lock.lock();
        try {
            if (closed || broken != null || !backlog.isEmpty() || !writer.hasRoom(length)) {
                return false;
            }
            backlog.add(frame);
            flush();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether something that was sent is not yet in the ring as a whole} */
    public boolean isBehind() {
        return behind;
    }

    /** Writes what there is room for. Called with the lock held. */
    private void flush() {
        try {
            if (write()) {
                peers.ring();
            }
        } catch (CorruptFrameException e) { // not the sender's business
            broken = e;
            mine.ring();
        }
    }

    /** {@return whether anything was written} */
    private boolean write() {
        boolean wrote = false;
        Outgoing frame = backlog.peek();
        while (frame != null) {
            int written = frame.sent < HEADER
                    ? writer.write(frame.header, frame.sent, HEADER)
                    : writer.write(frame.payload, frame.sent - HEADER, frame.payload.length);
            frame.sent += written;
            wrote |= written > 0;
            if (frame.sent == HEADER + frame.payload.length) {
                backlog.remove();
                frame = backlog.peek();
            } else if (written == 0 && !writer.wantRoom()) {
                break;
            }
        }
        behind = frame != null;
        return wrote;
    }

    // ---- serving: one thread at a time

    /**
     * From now on the link is served, by the calling thread and by those that {@linkplain #help help}.
     *
     * @param what called for each message, in order, by the one that serves
     */
    public void begin(Consumer<Message> what) {
        serving.lock();
        try {
            handler = what;
        } finally {
            serving.unlock();
        }
    }

    /** From now on nobody helps; who does is waited for. */
    public void end() {
        serving.lock();
        try {
            handler = null;
        } finally {
            serving.unlock();
        }
    }

    /** Held by the serving thread while it does what must not happen beside the handler. */
    public ReentrantLock serving() {
        return serving;
    }

    /**
     * Goes on with what could not be sent, and hands over what has come, until there is nothing more to do now. By the serving
     * thread.
     *
     * @throws CorruptFrameException if the peer wrote what cannot be
     */
    public void serve() {
        serving.lock();
        try {
            throwIfBroken();
            serve(Objects.requireNonNull(handler));
        } finally {
            serving.unlock();
        }
    }

    private void throwIfBroken() {
        switch (broken) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** {@return how many messages there were} */
    private int serve(Consumer<Message> what) {
        if (behind) {
            lock.lock();
            try {
                flush();
            } finally {
                lock.unlock();
            }
        }
        int count = 0;
        Message message;
        do {
            message = read();
            if (reader.takeWanted()) {
                peers.ring();
            }
            if (message != null) {
                count++;
                what.accept(message);
            }
        } while (message != null);
        return count;
    }

    /**
     * A thread that is about to wait for what will come over this link looks for it itself for a moment, and does meanwhile what the
     * serving thread would do, unless another does: to be woken by that thread takes longer than most answers do.
     *
     * @param done whether there is nothing more to wait for
     */
    @Override
    public void help(BooleanSupplier done) {
        if (helps < 0) { // racy, and no harm
            helps++;
            return;
        }
        if (HELP_MAX == 0
                || done.getAsBoolean()
                || Thread.currentThread().isVirtual() // it might be put aside while it holds the lock
                || Parker.current() != Parker.THREAD
                || serving.isHeldByCurrentThread()
                || !serving.tryLock()) {
            return;
        }
        try {
            Consumer<Message> what = handler;
            if (what != null && broken == null) {
                attended = true;
                try {
                    help(what, done);
                } catch (Throwable t) { // not the helper's business
                    broken = t;
                    mine.ringForSure();
                } finally {
                    attended = false;
                    leave();
                }
            }
        } finally {
            serving.unlock();
        }
    }

    private void help(Consumer<Message> what, BooleanSupplier done) {
        helps = (helps + 1) % HELP_RETRY;
        int most = helps == 0 ? HELP_MAX : helpSpins;
        for (int i = 0; i < most; i++) {
            mine.attend();
            int messages = reader.hasData() ? serve(what) : 0;
            if (messages > 0) {
                if (!helped) {
                    helped = true;
                    mine.ringForSure(); // the serving thread may have planned to sleep for long
                }
                if (messages >= STREAM) {
                    helps = -STREAM_HELPS;
                }
                if (done.getAsBoolean()) {
                    helpSpins = Math.min(HELP_MAX, helpSpins + HELP_MAX / 4);
                    return;
                }
            }
            Thread.onSpinWait();
        }
        helpSpins = Math.max(HELP_MIN, helpSpins - helpSpins / 16);
    }

    private void leave() {
        mine.leave();
        if (hasWork()) {
            mine.ring();
        }
    }

    /** {@return whether others have helped since this was last asked} By the serving thread, which holds {@link #serving}. */
    public boolean takeHelped() {
        boolean was = helped;
        helped = false;
        return was;
    }

    /** {@return the next message, or null if it is not there or only in part} */
    private @Nullable Message read() {
        byte[] body = payload;
        if (body == null) {
            headerRead += reader.read(header.array(), headerRead, HEADER);
            if (headerRead < HEADER) {
                return null;
            }
            Message.checkHeader(header.getInt(4), header.getInt(0), !toWorker);
            body = new byte[Math.min(header.getInt(0), BELIEVED)];
            payload = body;
        }
        int length = header.getInt(0);
        while (payloadRead < length) {
            if (payloadRead == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(length, 4L * body.length));
                payload = body;
            }
            int count = reader.read(body, payloadRead, body.length);
            if (count == 0) {
                return null;
            }
            payloadRead += count;
        }
        Frame frame = new Frame(header.getInt(4), header.getLong(8), header.getLong(16), body);
        headerRead = 0;
        payload = null;
        payloadRead = 0;
        return Message.of(frame);
    }

    /**
     * Sleeps until there is something to do, or the time is over. By the serving thread.
     *
     * @param nanos the longest time to sleep
     */
    public void await(long nanos) {
        if (!mine.spin(() -> attended || hasWork()) || attended) {
            mine.park(() -> !attended && hasWork(), nanos);
        }
    }

    private boolean hasWork() {
        return peerGone || broken != null || reader.seemsToHaveData() || (behind && canFlush());
    }

    private boolean canFlush() {
        lock.lock();
        try {
            return writer.hasRoom(1);
        } finally {
            lock.unlock();
        }
    }

    // ---- the end

    /**
     * The peer's process has ended, or something else needs the serving thread: wakes it, and it does not sleep again.
     */
    public void peerGone() {
        peerGone = true;
        lock.lock();
        try {
            if (!closed) {
                mine.ring();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops using the memory. Called by the serving thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            backlog.clear();
            behind = false;
        } finally {
            lock.unlock();
        }
    }
}
