package dev.heddle.lab.timeline;

/**
 * Something that one task did to another.
 *
 * @param kind what
 * @param from the index of the task that did it, or {@link Spans#NOBODY} if that was no task
 * @param sent when it did, in nanoseconds of the recording
 * @param to the index of the task that it was done to
 * @param arrived when that was started, became runnable, or had received
 */
public record Arrow(Kind kind, int from, long sent, int to, long arrived) {
    /** What can be done to another task. The numbers are part of what the page reads. */
    public enum Kind {
        /** It was started. */
        SPAWN,
        /** It was made runnable. */
        WAKE,
        /** It received what was sent. */
        SEND
    }
}
