package dev.heddle.internal.trace;

/**
 * The one seam that every scheduler event passes. Recorders hang on it; {@link #OFF} records nothing, and a caller that
 * holds it in a final field pays a field load and an empty call, which the JIT removes.
 */
public interface Trace {
    /** Records nothing. */
    Trace OFF = (event, subject, detail) -> {};

    /** What can happen. The meaning of {@code subject} and {@code detail} stands with each. */
    enum Event {
        /** A task was started; subject: task id. */
        START,
        /** A green thread or fiber was mounted; subject: thread id, detail: carrier number. */
        MOUNT,
        /** It was unmounted; subject: thread id, detail: carrier number. */
        UNMOUNT,
        /** It became runnable; subject: thread id. */
        WAKE,
        /** A processor took work from another; subject: thief's number, detail: how many. */
        STEAL,
        /** A processor was taken from a carrier; subject: processor number, detail: carrier number. */
        HANDOFF,
        /** A worker process is ready; subject: pid. */
        WORKER_START,
        /** A worker process has ended; subject: pid, detail: exit code. */
        WORKER_EXIT,
        /** A task has ended; subject: task id. */
        END,
        /**
         * The global lock was taken; subject: thread id, or under GREEN the negative of the carrier's number; detail: how long it
         * was waited for, in nanoseconds.
         */
        LOCK_TAKEN,
        /** It was dropped; subject: as above; detail: how long it was held, in nanoseconds. */
        LOCK_DROPPED
    }

    /**
     * Records an event. Called on hot paths: must not block, park or throw.
     *
     * @param event what happened
     * @param subject to whom
     * @param detail see {@link Event}
     */
    void record(Event event, long subject, long detail);
}
