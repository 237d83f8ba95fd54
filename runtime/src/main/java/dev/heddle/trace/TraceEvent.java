package dev.heddle.trace;

/**
 * Something that a scheduler did, or that happened to a task.
 *
 * <p>A task's story is START, then for each stay on a lane a MOUNT and an UNMOUNT that says why it left, between two stays a WAKE
 * if somebody had to make it runnable, and END. Between WAKE and MOUNT it is runnable, between UNMOUNT and WAKE it waits. A task
 * that leaves with {@link Reason#YIELD} is runnable at once.
 *
 * @param nanos when, in nanoseconds since the recording's start; on one clock for all events, of worker processes too. Never
 *     negative
 * @param kind what happened
 * @param task the number of the task, see {@link dev.heddle.Task#id}; the negative of its thread's number if it is a thread that is
 *     no task, or is not known to be one; 0 if it is about none
 * @param lane the number of the lane, or {@link #NO_LANE}
 * @param detail see {@link Kind}
 */
public record TraceEvent(long nanos, Kind kind, long task, int lane, long detail) {
    /** The lane of what happens on none that is known. */
    public static final int NO_LANE = -1;

    /** The result of a task that ended well, as {@code detail} of END. */
    public static final long OK = 0;

    /** The result of a task whose code threw something, that took too long, or whose worker died. */
    public static final long FAILED = 1;

    /** The result of a task that was cancelled. */
    public static final long CANCELLED = 2;

    /** What can happen. */
    public enum Kind {
        /** A task was started; lane: of its parent, if that is a task; detail: the parent's number, or 0. */
        START,
        /** A task begins to run, or goes on, on the lane. */
        MOUNT,
        /** A task leaves the lane; detail: the ordinal of its {@link Reason}, see {@link TraceEvent#reason}. */
        UNMOUNT,
        /** A task became runnable; lane: of the waker; detail: the number of the task that woke it, or 0. */
        WAKE,
        /** The code of a task has ended; lane: where; detail: {@link #OK}, {@link #FAILED} or {@link #CANCELLED}. */
        END,
        /** A processor took tasks from another's queue; lane: the thief; detail: how many. */
        STEAL,
        /**
         * A carrier lost its processor, since its task hogs it or is about to block; lane: the carrier, task: what it executes, which
         * goes on without a processor; detail: the processor's number.
         */
        HANDOFF,
        /** The global lock was taken; task and lane: who has it; detail: nanoseconds that it was waited for. */
        LOCK_TAKEN,
        /** The global lock was dropped; task and lane: who had it; detail: nanoseconds that it was held. */
        LOCK_DROPPED,
        /** A task sent an element; detail: the number of the channel, pipe or broadcast. */
        SEND,
        /** A task received an element; detail: the number of the channel, pipe or subscription. */
        RECEIVE,
        /** A worker process is ready; lane: the worker; detail: its process id. */
        WORKER_START,
        /** A worker process has ended; lane: the worker; detail: its exit code, or 128 and the signal's number. */
        WORKER_EXIT,
        /**
         * A subscription to a broadcast was made; task: by which, 0 under PROCESS; detail: the numbers of both, see {@link
         * TraceEvent#broadcast} and {@link TraceEvent#subscription}.
         */
        SUBSCRIBE,
        /** Where a task was started, comes after START; detail: which of {@link Recording#stacks}. See {@link Recorder#stacks}. */
        STARTED_AT,
        /** Where a task is about to wait; detail: which of {@link Recording#stacks}. See {@link Recorder#stacks}. */
        WAITS_AT
    }

    /** Why a task leaves its lane. */
    public enum Reason {
        /** It lets others run first. */
        YIELD,
        /** It waits in a channel, a select, a pipe or a broadcast. */
        CHANNEL,
        /** It waits for the end of other tasks. */
        JOIN,
        /** It sleeps. A wait of the JDK's that has a limit, and does not say what for, counts as such. */
        SLEEP,
        /** It waits for a mutex, a semaphore, a monitor, or another synchronizer of {@code java.util.concurrent}. */
        LOCK,
        /** It waits for the heddle's global lock. */
        GLOBAL_LOCK,
        /** It waits for a socket. A wait of the JDK's that has no limit, and does not say what for, counts as such. */
        IO,
        /** It is in {@link dev.heddle.Heddle#blocking}, or has come out of it and waits for a processor. */
        BLOCKED,
        /** Anything else. */
        OTHER,
        /** Its code has ended. */
        DONE
    }

    /**
     * {@return the detail of SUBSCRIBE}
     *
     * @param broadcast number of the broadcast, as SEND has it
     * @param subscription number of the subscription, as RECEIVE has it
     */
    public static long subscribed(long broadcast, long subscription) {
        return (broadcast << Integer.SIZE) | (subscription & 0xffff_ffffL);
    }

    /**
     * {@return the number of the broadcast}
     *
     * @param detail of SUBSCRIBE
     */
    public static long broadcast(long detail) {
        return detail >>> Integer.SIZE;
    }

    /**
     * {@return the number of the subscription}
     *
     * @param detail of SUBSCRIBE
     */
    public static long subscription(long detail) {
        return detail & 0xffff_ffffL;
    }

    private static final Reason[] REASONS = Reason.values();

    /** {@return why the task leaves, of an UNMOUNT; else OTHER} */
    public Reason reason() {
        return kind == Kind.UNMOUNT ? reason(detail) : Reason.OTHER;
    }

    /**
     * {@return the reason that {@code detail} of an UNMOUNT stands for}
     *
     * @param detail an ordinal; OTHER if it is none
     */
    public static Reason reason(long detail) {
        return detail >= 0 && detail < REASONS.length ? REASONS[(int) detail] : Reason.OTHER;
    }
}
