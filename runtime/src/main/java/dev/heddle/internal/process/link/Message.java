package dev.heddle.internal.process.link;

import dev.heddle.internal.lock.LockCounts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a heddle and its workers say to each other.
 *
 * <p>On the ring a message is a header of 24 bytes in the byte order of the machine, and a payload:
 *
 * <pre>{@code
 * int length     of the payload
 * int type       see the constants
 * long id        of a task or a request
 * long arg       of a request, the number of a task, or an outcome and above it a number
 * }</pre>
 *
 * <p>A worker is not trusted to write sense: {@link #checkHeader} is asked before any room is made for the payload.
 */
@SuppressWarnings("ArrayRecordComponent") // a payload is handed on, never compared
public sealed interface Message {
    /** The longest payload, 1 GiB. */
    int MAX_PAYLOAD = 1 << 30;

    /** The longest element that is sent on credit, so that it always fits in an empty ring. */
    int ON_CREDIT_MAX = 1 << 15;

    /** No payload. */
    byte[] NOTHING = new byte[0];

    /** Types of messages to the worker. */
    int RUN = 1;

    int INTERRUPT = 2;
    int REPLY = 3;
    int TRACE_WANTED = 4;

    /** Types of messages to the parent. A request has the type of its {@link Op}. */
    int READY = 16;

    int RESULT = 17;
    int FAILURE = 18;
    int CANCEL = 19;
    int ON_CREDIT = 20;
    int TOOK = 21;
    int LOCK_USE = 22;
    int TRACE_KEPT = 23;

    /** What a worker can ask of a channel, or of permits. */
    enum Op {
        /** Send, waiting; the payload is the element. */
        SEND(32, true),
        /** Send without waiting; the payload is the element. */
        TRY_SEND(33, true),
        /** Receive, waiting. */
        RECEIVE(34, false),
        /** Receive without waiting. */
        TRY_RECEIVE(35, false),
        /** Close; the payload is the cause, or nothing. */
        CLOSE(36, true),
        /** Ask whether it is closed. */
        IS_CLOSED(37, false),
        /** Ask how many elements it holds, which is the answer's number. */
        SIZE(38, false),
        /** Do one of several things, waiting; the payload is a {@code SelectPayload}, the answer's number says which. */
        SELECT(39, true),
        /** Do one of several things without waiting, as SELECT. */
        TRY_SELECT(40, true),
        /** As SEND, by a worker that would like credit and has no use for what is left of an earlier one. */
        SEND_FOR_CREDIT(41, true),
        /** As RECEIVE, by a worker that would like more elements and has none of an earlier loan. */
        RECEIVE_AHEAD(42, false),
        /** Acquire permits of a mutex or semaphore, waiting; the payload is how many, the answer's number 1 after a death. */
        ACQUIRE(48, true),
        /** Acquire permits without waiting, as ACQUIRE. */
        TRY_ACQUIRE(49, true),
        /** Give permits back; the payload is how many. */
        RELEASE(50, true),
        /** Give permits back that a task held when it ended; the payload is how many. */
        ABANDON(51, true);

        private static final Op[] ALL = values();

        private final int type;
        private final boolean hasPayload;

        Op(int type, boolean hasPayload) {
            this.type = type;
            this.hasPayload = hasPayload;
        }

        /** {@return whether it is about permits, and not about a channel} */
        public boolean isOfPermits() {
            return type >= ACQUIRE.type;
        }

        /** {@return whether it is answered as late as it takes, and may be cancelled} */
        public boolean mayWait() {
            return switch (this) {
                case SEND, SEND_FOR_CREDIT, RECEIVE, RECEIVE_AHEAD, SELECT, ACQUIRE -> true;
                default -> false;
            };
        }

        /** {@return the one of a type of message, or null if there is none} */
        public static @Nullable Op ofType(int type) {
            for (Op op : ALL) {
                if (op.type == type) {
                    return op;
                }
            }
            return null;
        }
    }

    /** How a request went. */
    enum Outcome {
        /** It was done; after a receive, the payload is the element. */
        DONE(1),
        /** It was not possible without waiting, or was cancelled before it was done. */
        NOT_DONE(2),
        /** The channel is closed; the payload is the cause, or nothing. */
        CLOSED(3),
        /** The element was dropped for want of room. */
        DROPPED(4),
        /** It was sent, and others may be sent on credit: the payload is what a {@code Lessee} reads. */
        CREDIT(5),
        /** It was received, and others are lent: the payload is what a {@code Lessee} reads. */
        AHEAD(6);

        private static final Outcome[] ALL = values();

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        static Outcome ofCode(int code) {
            for (Outcome outcome : ALL) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            throw new CorruptFrameException("there is no outcome " + code);
        }
    }

    // ---- to the worker

    /** Run this job, when the tasks before it have ended, unless it is taken back by its number; see {@code GivenTasks}. */
    record Run(long task, long number, byte[] job) implements Message {
        @Override
        public Frame frame() {
            return new Frame(RUN, task, number, job);
        }
    }

    /** Interrupt the task, if it still runs. */
    record Interrupt(long task) implements Message {
        @Override
        public Frame frame() {
            return new Frame(INTERRUPT, task, 0, NOTHING);
        }
    }

    /** The answer to a request; there is exactly one. The number is 0 unless the {@link Op} says what it is. */
    record Reply(long request, Outcome outcome, int number, byte[] payload) implements Message {
        @Override
        public Frame frame() {
            return new Frame(REPLY, request, (long) number << Integer.SIZE | outcome.code, payload);
        }

        private static Reply of(Frame frame) {
            return new Reply(
                    frame.id, Outcome.ofCode((int) frame.arg), (int) (frame.arg >>> Integer.SIZE), frame.payload);
        }
    }

    /** Send what you have recorded. */
    record TraceWanted() implements Message {
        @Override
        public Frame frame() {
            return new Frame(TRACE_WANTED, 0, 0, NOTHING);
        }
    }

    // ---- to the parent

    /**
     * What the worker has recorded: when the time of its events is 0, and then runs of words, each after its length; see
     * {@code WorkerTrace.kept}.
     *
     * @param lost how many events it has dropped
     * @param clock when it was sent, by the worker's clock
     */
    record TraceKept(long lost, long clock, byte[] events) implements Message {
        @Override
        public Frame frame() {
            return new Frame(TRACE_KEPT, lost, clock, events);
        }
    }

    /** The worker has the memory mapped, and waits for a task. */
    record Ready() implements Message {
        @Override
        public Frame frame() {
            return new Frame(READY, 0, 0, NOTHING);
        }
    }

    /** The task returned. */
    record Result(long task, byte[] value) implements Message {
        @Override
        public Frame frame() {
            return new Frame(RESULT, task, 0, value);
        }
    }

    /** The task threw. */
    record Failure(long task, byte[] failure) implements Message {
        @Override
        public Frame frame() {
            return new Frame(FAILURE, task, 0, failure);
        }
    }

    /** What the task has done with the global lock of its worker; comes before its result. */
    record LockUse(long task, long[] counts) implements Message {
        private static final int BYTES = LockCounts.SIZE * Long.BYTES;

        @Override
        public Frame frame() {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
            bytes.asLongBuffer().put(counts);
            return new Frame(LOCK_USE, task, 0, bytes.array());
        }

        private static LockUse of(Frame frame) {
            if (frame.payload.length != BYTES) {
                throw new CorruptFrameException("counts of a lock in " + frame.payload.length + " bytes");
            }
            long[] counts = new long[LockCounts.SIZE];
            ByteBuffer.wrap(frame.payload)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer()
                    .get(counts);
            return new LockUse(frame.id, counts);
        }
    }

    /**
     * Do something with a channel, whose number is {@code arg}, or with one of several; then {@code arg} is a seed for the
     * choice among those that are possible. Or do something with permits, of which {@code arg} is the number.
     */
    record Request(Op op, long request, long arg, byte[] payload) implements Message {
        @Override
        public Frame frame() {
            return new Frame(op.type, request, arg, payload);
        }
    }

    /** Stop waiting with the request, if it is still waiting. The request is answered in any case. */
    record Cancel(long request) implements Message {
        @Override
        public Frame frame() {
            return new Frame(CANCEL, request, 0, NOTHING);
        }
    }

    /**
     * An element sent to a channel on credit; there is no answer.
     *
     * @param n which of those sent on this credit, from 0
     */
    record OnCredit(long channel, int n, byte[] element) implements Message {
        @Override
        public Frame frame() {
            return new Frame(ON_CREDIT, channel, n, element);
        }
    }

    /** The parent wished to be told when the worker takes an element of a channel that it was lent: it has. */
    record Took(long channel) implements Message {
        @Override
        public Frame frame() {
            return new Frame(TOOK, channel, 0, NOTHING);
        }
    }

    // ---- the form on the ring

    /** A message as it is written. */
    record Frame(int type, long id, long arg, byte[] payload) {}

    /** {@return the form on the ring} No switch over the records, which a starting worker would wait for. */
    Frame frame();

    /**
     * Checks a header before its payload is read.
     *
     * @param type as it was read
     * @param length as it was read
     * @param toWorker which way the message goes
     * @throws CorruptFrameException if no such message goes that way
     */
    static void checkHeader(int type, int length, boolean toWorker) {
        int max = switch (type) {
            case RUN, REPLY -> toWorker ? MAX_PAYLOAD : -1;
            case INTERRUPT, TRACE_WANTED -> toWorker ? 0 : -1;
            case RESULT, FAILURE, TRACE_KEPT -> toWorker ? -1 : MAX_PAYLOAD;
            case READY, CANCEL, TOOK -> toWorker ? -1 : 0;
            case ON_CREDIT -> toWorker ? -1 : ON_CREDIT_MAX;
            case LOCK_USE -> toWorker ? -1 : LockUse.BYTES;
            default -> {
                Op op = toWorker ? null : Op.ofType(type);
                yield op == null ? -1 : op.isOfPermits() ? Integer.BYTES : op.hasPayload ? MAX_PAYLOAD : 0;
            }
        };
        if (max < 0) {
            throw new CorruptFrameException("there is no message of type " + type);
        }
        if (length < 0 || length > max) {
            throw new CorruptFrameException("a message of type " + type + " cannot have " + length + " bytes");
        }
    }

    /**
     * {@return the message}
     *
     * @param frame whose header has been checked
     * @throws CorruptFrameException if its other fields make no sense
     */
    static Message of(Frame frame) {
        return switch (frame.type) {
            case RUN -> new Run(frame.id, frame.arg, frame.payload);
            case INTERRUPT -> new Interrupt(frame.id);
            case REPLY -> Reply.of(frame);
            case TRACE_WANTED -> new TraceWanted();
            case TRACE_KEPT -> new TraceKept(frame.id, frame.arg, frame.payload);
            case READY -> new Ready();
            case RESULT -> new Result(frame.id, frame.payload);
            case FAILURE -> new Failure(frame.id, frame.payload);
            case CANCEL -> new Cancel(frame.id);
            case ON_CREDIT -> new OnCredit(frame.id, (int) frame.arg, frame.payload);
            case TOOK -> new Took(frame.id);
            case LOCK_USE -> LockUse.of(frame);
            default -> new Request(Objects.requireNonNull(Op.ofType(frame.type)), frame.id, frame.arg, frame.payload);
        };
    }
}
