package dev.heddle.internal.trace;

import dev.heddle.trace.TraceEvent.Reason;

/**
 * The one seam that every scheduler event passes. Recorders hang on it; {@link #OFF} records nothing, and a caller that
 * holds it in a final field pays a field load and an empty call, which the JIT removes.
 */
public interface Trace {
    /** Records nothing. */
    Trace OFF = (event, subject, detail) -> {};

    /** What can happen. The meaning of {@code subject} and {@code detail} stands with each. */
    enum Event {
        /** A task was started; subject: task id, detail: id of the thread that has started it. */
        START,
        /** Its code begins on a thread of this JVM; subject: task id, detail: thread id. */
        BEGAN,
        /**
         * A task begins to run or goes on. Subject: thread id, in a worker process the task's; detail: number of the carrier, under
         * THREAD the task id, else 0.
         */
        MOUNT,
        /** It does not run any more; subject and detail: as above. */
        UNMOUNT,
        /** It became runnable; subject: as above, detail: id of the thread that has woken it, or 0. */
        WAKE,
        /** A processor took work from another; subject: number of the thief's carrier, detail: how many. */
        STEAL,
        /** A processor was taken from a carrier; subject: processor number, detail: carrier number. */
        HANDOFF,
        /** A worker process is ready; subject: pid, detail: its number. */
        WORKER_START,
        /** A worker process has ended; subject: pid, detail: exit code. */
        WORKER_EXIT,
        /** The code of a task has ended; subject: task id, detail: 0 if well, 1 if it failed, 2 if it was cancelled. */
        END,
        /** A task has sent an element; subject: as of MOUNT, detail: channel number. */
        SEND,
        /** A task has received an element; subject: as above, detail: number of the channel or subscription. */
        RECEIVE,
        /**
         * The global lock was taken; subject: thread id, or under GREEN the negative of the carrier's number; detail: how long it
         * was waited for, in nanoseconds.
         */
        LOCK_TAKEN,
        /** It was dropped; subject: as above; detail: how long it was held, in nanoseconds. */
        LOCK_DROPPED,
        /**
         * A subscription to a broadcast was made; subject: thread id, 0 under PROCESS; detail: see {@link
         * dev.heddle.trace.TraceEvent#subscribed}.
         */
        SUBSCRIBE,
        /** Where a task was started, comes after START; subject: task id, detail: number of the stack. Only of those who note stacks. */
        STARTED_AT,
        /** Where a task is about to wait; subject: as of MOUNT, detail: number of the stack. Only of those who note stacks. */
        WAITS_AT
    }

    /**
     * Records an event. Called on hot paths: must not block, park or throw.
     *
     * @param event what happened
     * @param subject to whom
     * @param detail see {@link Event}
     */
    void record(Event event, long subject, long detail);

    /** {@return the same for the calling OS thread alone, which records a great deal: its way is shorter} */
    default Trace ofThisThread() {
        return this;
    }

    /**
     * Records a START.
     *
     * @param task the task's id
     * @param starter id of the thread that has started it
     * @param job its code
     */
    default void started(long task, long starter, Object job) {
        record(Event.START, task, starter);
    }

    /**
     * Records an event that comes right after another by the same OS thread, if that is the last which it has recorded: such a one
     * has the time of the other, and need not look at the clock again, which takes longer than all else.
     *
     * @param previous the event before
     * @param event what happened
     * @param subject to whom
     * @param detail see {@link Event}
     */
    default void recordAfter(Event previous, Event event, long subject, long detail) {
        record(event, subject, detail);
    }

    /**
     * Records an UNMOUNT.
     *
     * @param subject as of MOUNT
     * @param lane as of MOUNT
     * @param reason why
     */
    default void unmounted(long subject, long lane, Reason reason) {
        record(Event.UNMOUNT, subject, lane);
    }

    /**
     * Records an END.
     *
     * @param task the task's id
     * @param outcome as above
     * @param thread id of the thread that its code ran on, or 0
     */
    default void ended(long task, long outcome, long thread) {
        record(Event.END, task, outcome);
    }

    /**
     * The heddle is open, and all events are its own.
     *
     * @param heddle what can be asked of it
     */
    default void opened(Traced heddle) {}

    /** {@return how much memory this may use for events, in bytes; 0 if it keeps none} Workers use as much. */
    default long bytes() {
        return 0;
    }

    /** {@return whether it wants to be told of {@link #waits}} */
    default boolean notesStacks() {
        return false;
    }

    /**
     * The calling thread is about to wait in Heddle.
     *
     * @param subject as of MOUNT
     */
    default void waits(long subject) {}

    /** {@return when the time of its events is 0, in {@link System#nanoTime}} */
    default long base() {
        return 0;
    }

    /** {@return a trace that passes all to two others, of which the second is never OFF} */
    static Trace both(Trace first, Trace second) {
        return first == OFF ? second : new BothTraces(first, second);
    }
}
