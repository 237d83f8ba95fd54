package dev.heddle.lab.timeline;

/**
 * A moment on a lane that is no stay of a task.
 *
 * @param kind what happened
 * @param nanos when, in nanoseconds of the recording
 * @param lane the index of the lane
 * @param detail how many tasks were stolen, or the exit code
 */
public record Mark(Kind kind, long nanos, int lane, long detail) {
    /** What can happen. The numbers are part of what the page reads. */
    public enum Kind {
        /** It took work from another. */
        STEAL("took work from another"),
        /** Its processor was given to another. */
        HANDOFF("lost its processor to another"),
        /** The worker is ready. */
        WORKER_START("worker started"),
        /** The worker has ended. */
        WORKER_EXIT("worker ended");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** {@return what happened to the lane, in words} */
        public String words() {
            return words;
        }
    }
}
