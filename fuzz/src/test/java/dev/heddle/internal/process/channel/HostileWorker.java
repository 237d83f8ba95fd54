package dev.heddle.internal.process.channel;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.NotTransferableException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.QueueBroadcast;
import dev.heddle.internal.permit.PermitQueue;
import dev.heddle.internal.permit.PermitWaiter;
import dev.heddle.internal.process.Allocated;
import dev.heddle.internal.process.Program;
import dev.heddle.internal.process.Specimens;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Failure;
import dev.heddle.internal.process.link.Message.OnCredit;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.process.link.Message.Result;
import dev.heddle.internal.process.link.Message.Took;
import dev.heddle.internal.process.link.Ring;
import java.io.ObjectInputFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * A worker that writes what a {@link Program} says, and a parent that serves it as a {@code Worker} does, until it finds what
 * cannot be; then the worker is buried. The program mostly writes what a worker could write, somewhat changed, since noise is found
 * out too soon; and it sets each word of the shared memory to what it likes.
 *
 * <p>Whatever it does: the parent throws nothing but a {@link CorruptFrameException}; it takes no more memory
 * than {@link Allocated} says; it reads no object without the filter; and in the end the dead worker waits nowhere,
 * holds no permit, and has left in the channels what is said to be there.
 */
final class HostileWorker {
    private static final int CAPACITY = 1 << 18;
    private static final int HEADER = 24;
    private static final long UP = Link.bytes() - Ring.bytes(CAPACITY);
    private static final long DOWN = UP - Ring.bytes(CAPACITY);
    private static final long HEAD = 128;
    private static final long WANTED = 256;
    private static final long DATA = 384;

    /** Of messages to the parent; those of which most are right more often. */
    private static final int[] TYPES = {
        Message.READY,
        Message.RESULT,
        Message.FAILURE,
        Message.CANCEL,
        Message.ON_CREDIT,
        Message.TOOK,
        32,
        33,
        34,
        35,
        36,
        37,
        38,
        39,
        40,
        41,
        42,
        48,
        49,
        50,
        51, // of Message.Op
        32,
        33,
        34,
        35,
        37,
        38,
        39,
        40,
        41,
        42,
        48,
        49,
        32,
        33,
        34,
        35,
        39,
        40,
        41,
        42
    };

    private static final long BROADCAST = 5;
    private static final long SUBSCRIPTION = 6;
    private static final long[] LEASABLE = {1, 4};
    private static final long MUTEX = 1;
    private static final long SEMAPHORE = 2;

    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(Link.bytes(), 4096);

    /** Whether anything has been read by JDK serialization without a filter of its own. */
    private static volatile boolean unfiltered;

    static {
        ObjectInputFilter.Config.setSerialFilterFactory((current, next) -> next != null
                ? next
                : info -> {
                    unfiltered = true;
                    return ObjectInputFilter.Status.REJECTED;
                });
    }

    private final Program program;
    private final Link parent = new Link(MEMORY.fill((byte) 0), true, Doorbell.Kind.POLLING);
    private final Map<Long, SharedEnd<?>> channels = new HashMap<>();
    private final QueueBroadcast<byte[]> broadcasts = new QueueBroadcast<>(4, Overflow.DROP_OLDEST);
    private final Map<Long, PermitQueue> permits = Map.of(MUTEX, new PermitQueue(1), SEMAPHORE, new PermitQueue(3));
    private final ChannelServer channelServer = new ChannelServer(parent, channels::get, "worker-1");
    private final PermitServer permitServer = new PermitServer(parent, permits::get, "worker-1");

    /** Up to where the ring is written. */
    private long written;

    /** How much of that was new to the parent. */
    private long came;

    private final Allocated allocated = new Allocated();

    /** How many requests there were, and how many elements on the last credit. */
    private long requests;

    private long onCredit;
    private boolean ready;

    /** How many messages have come. */
    private int messages;

    private HostileWorker(byte[] program) {
        this.program = new Program(program);
        parent.begin(this::accept);
        channels.put(1L, channel(1, 4, Overflow.BLOCK));
        channels.put(2L, channel(2, 0, Overflow.BLOCK));
        channels.put(3L, channel(3, 1, Overflow.DROP_OLDEST));
        channels.put(4L, channel(4, Channel.UNLIMITED, Overflow.BLOCK));
        ChannelHandle broadcast =
                new ChannelHandle(ChannelHandle.Kind.BROADCAST, 0, BROADCAST, 4, Overflow.DROP_OLDEST);
        channels.put(BROADCAST, new ProcessBroadcast<>(broadcast, null));
        ChannelHandle subscription =
                new ChannelHandle(ChannelHandle.Kind.SUBSCRIPTION, 0, SUBSCRIPTION, 4, Overflow.DROP_OLDEST);
        channels.put(
                SUBSCRIPTION,
                new ProcessSubscription<>(
                        subscription, null, new ProcessChannel<>(subscription, null, broadcasts.subscribeQueue())));
    }

    private static ProcessChannel<Object> channel(long number, int capacity, Overflow overflow) {
        return new ProcessChannel<>(new ChannelHandle(ChannelHandle.Kind.CHANNEL, 0, number, capacity, overflow), null);
    }

    /**
     * Runs a program to its end, or until the parent has found that something cannot be.
     *
     * @return how many messages were accepted
     */
    static int run(byte[] program) {
        HostileWorker worker = new HostileWorker(program);
        worker.run();
        if (worker.allocated.isTooMuch(worker.came)) {
            // Once more, since classes were loaded, perhaps, and rewritten by Jazzer.
            worker = new HostileWorker(program);
            worker.run();
            check(
                    !worker.allocated.isTooMuch(worker.came),
                    worker.allocated + " were allocated for " + worker.came + " that came");
        }
        return worker.messages;
    }

    private void run() {
        try {
            while (!program.isOver()) {
                step();
            }
            serve();
        } catch (CorruptFrameException e) {
            // for this the worker is killed
        }
        channelServer.cancelAll();
        permitServer.buried();
        check(!unfiltered, "an object was read without a filter");
        checkWhatIsLeft();
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private void step() {
        // Mostly what a worker writes, since the first thing that cannot be is the end.
        switch (program.next(64)) {
            case 0 -> write(program.take(program.next()));
            case 1 -> set(program.next(2) == 0 ? UP : DOWN + HEAD, program.next() - 128);
            case 2 -> MEMORY.set(ValueLayout.JAVA_LONG, 8L * program.next((int) (DATA / 8)) + section(), program.odd());
            case 3 -> MEMORY.set(ValueLayout.JAVA_BYTE, UP + DATA + written % CAPACITY, (byte) program.next());
            case 4, 5, 6, 7 -> readAll();
            case 8, 9, 10, 11, 12, 13, 14, 15 -> useChannels();
            case 16, 17, 18, 19, 20, 21, 22, 23 -> serve();
            default -> write(frame());
        }
    }

    // ---- what the worker writes

    /** {@return where something begins: the bells and leases, the ring down, the ring up} */
    private long section() {
        return switch (program.next(3)) {
            case 0 -> 0;
            case 1 -> DOWN;
            default -> UP;
        };
    }

    /** Moves a counter. */
    private void set(long counter, long by) {
        MEMORY.set(ValueLayout.JAVA_LONG, counter, MEMORY.get(ValueLayout.JAVA_LONG, counter) + by);
    }

    /** Reads what the parent has written, without looking at it. */
    private void readAll() {
        MEMORY.set(ValueLayout.JAVA_LONG, DOWN + HEAD, MEMORY.get(ValueLayout.JAVA_LONG, DOWN));
        MEMORY.set(ValueLayout.JAVA_INT, DOWN + WANTED, 0);
    }

    /** Writes bytes in pieces that fit, and has the parent read each. */
    private void write(byte[] bytes) {
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(CAPACITY / 2, bytes.length - from);
            for (int i = 0; i < length; ) {
                int at = (int) ((written + i) % CAPACITY);
                int part = Math.min(length - i, CAPACITY - at);
                MemorySegment.copy(bytes, from + i, MEMORY, ValueLayout.JAVA_BYTE, UP + DATA + at, part);
                i += part;
            }
            from += length;
            written += length;
            came += length;
            MEMORY.set(ValueLayout.JAVA_LONG, UP, written);
            if (length == CAPACITY / 2) {
                serve();
            }
        }
    }

    /** {@return a message as a worker would send it, but mostly for some detail} */
    private byte[] frame() {
        int type = TYPES[program.next(TYPES.length)];
        long id = ++requests;
        long arg = 1L + program.next(4);
        byte[] payload = Message.NOTHING;
        switch (type) {
            case Message.READY -> type = ready ? Message.CANCEL : Message.READY;
            case Message.RESULT -> payload = Specimens.object(program.next());
            case Message.FAILURE -> payload = Specimens.failure(program.next());
            case Message.CANCEL -> id = requests - program.next(8);
            case Message.ON_CREDIT -> {
                id = LEASABLE[program.next(2)];
                arg = onCredit++;
                payload = Specimens.object(program.next());
            }
            case Message.TOOK -> id = LEASABLE[program.next(2)];
            default -> {
                switch (Op.ofType(type)) {
                    case SELECT, TRY_SELECT -> payload = select();
                    case SEND, TRY_SEND -> {
                        arg = 1L + program.next(5);
                        payload = Specimens.object(program.next());
                    }
                    case SEND_FOR_CREDIT -> {
                        arg = LEASABLE[program.next(2)];
                        payload = Specimens.object(program.next());
                        onCredit = 0;
                    }
                    case CLOSE -> payload = program.next(2) == 0 ? payload : Specimens.failure(program.next());
                    case ACQUIRE, TRY_ACQUIRE, RELEASE, ABANDON -> {
                        arg = 1L + program.next(2);
                        payload = PermitServer.payload(1 + program.next(arg == MUTEX ? 1 : 3));
                    }
                    case RECEIVE, RECEIVE_AHEAD, TRY_RECEIVE, IS_CLOSED, SIZE -> {}
                }
            }
        }
        int length = payload.length;
        switch (program.next(64)) {
            case 0 -> type = (int) program.odd();
            case 1 -> length = (int) program.odd();
            case 2 -> id = program.odd();
            case 3 -> arg = program.odd();
            case 4 -> payload = program.take(program.next());
            case 5 -> payload = new byte[program.next() << 12];
            case 6, 7, 8, 9 -> payload = spoilt(payload);
            default -> {}
        }
        return ByteBuffer.allocate(HEADER + payload.length)
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .putInt(type)
                .putLong(id)
                .putLong(arg)
                .put(payload)
                .array();
    }

    private byte[] spoilt(byte[] payload) {
        byte[] spoilt = payload.clone();
        for (int i = payload.length == 0 ? 0 : program.next(4); i > 0; i--) {
            spoilt[(program.next() << 8 | program.next()) % spoilt.length] = (byte) program.next();
        }
        return spoilt;
    }

    private byte[] select() {
        ByteBuffer operations = ByteBuffer.allocate(1 << 19);
        for (int i = program.next(5); i >= 0; i--) {
            operations.putLong(1 + program.next(4));
            if (program.next(2) == 0) {
                operations.putInt(-1);
            } else {
                byte[] element = Specimens.object(program.next());
                operations
                        .putInt(program.next(16) == 0 ? (int) program.odd() : element.length)
                        .put(element);
            }
        }
        byte[] bytes = new byte[operations.flip().limit()];
        operations.get(bytes);
        return bytes;
    }

    // ---- what the parent does

    private void serve() {
        allocated.by(parent::serve);
    }

    /** As a {@code Worker} does. */
    private void accept(Message message) {
        messages++;
        switch (message) {
            case Message.Ready r -> {
                if (ready) {
                    throw new CorruptFrameException("it said twice that it is ready");
                }
                ready = true;
            }
            case Result result -> {
                channelServer.taskEnded();
                read(result.value());
            }
            case Failure failure -> {
                channelServer.taskEnded();
                check(
                        RemoteFailure.read(failure.failure(), false, "thrown by task 1") != null,
                        "a failure is always read as something");
            }
            case OnCredit sent -> channelServer.serve(sent);
            case Took took -> channelServer.serve(took);
            case Request request -> {
                if (request.op().isOfPermits()) {
                    permitServer.serve(request);
                } else {
                    channelServer.serve(request);
                }
            }
            case Message.Cancel cancel -> {
                channelServer.cancel(cancel.request());
                permitServer.cancel(cancel.request());
            }
            default -> throw new CorruptFrameException("a parent was sent " + message);
        }
    }

    private static void read(byte[] bytes) {
        try {
            Payload.read(bytes, Role.RESULT, false);
        } catch (NotTransferableException e) {
            // then the task fails
        }
    }

    /** Other threads of the parent send and receive, and let permits go. */
    private void useChannels() {
        switch (program.next(4)) {
            case 0 -> send(channel(program.next(4)));
            case 1 -> broadcasts.trySend(Specimens.object(1));
            default -> receive(channel(program.next(4)));
        }
    }

    @SuppressWarnings("unchecked")
    private ProcessChannel<Object> channel(int number) {
        return (ProcessChannel<Object>) channels.get(1L + number);
    }

    private static boolean send(ProcessChannel<Object> channel) {
        try {
            return channel.trySend("from the parent");
        } catch (ChannelClosedException e) {
            return false; // by the worker
        }
    }

    /** {@return whether there was anything} */
    private static boolean receive(ProcessChannel<Object> channel) {
        try {
            return channel.tryReceive() instanceof Received.Element<?>;
        } catch (NotTransferableException e) {
            return true; // its receiver is told
        }
    }

    // ---- the end

    private void checkWhatIsLeft() {
        for (int i = 0; i < 4; i++) {
            ProcessChannel<Object> channel = channel(i);
            if (channel.capacity() == 0) {
                check(!send(channel), "a dead worker receives");
                check(!receive(channel), "a dead worker sends");
            }
            int size = channel.size();
            for (int left = size; left > 0; left--) {
                check(receive(channel), "of " + size + " elements, " + left + " are missing");
            }
            check(!receive(channel), "there were more than " + size + " elements");
        }
        for (PermitQueue queue : permits.values()) {
            PermitWaiter all = new PermitWaiter(queue.total(), "the test") {
                @Override
                protected void wake() {}
            };
            check(queue.begin(all, false), "a dead worker holds permits");
        }
    }
}
