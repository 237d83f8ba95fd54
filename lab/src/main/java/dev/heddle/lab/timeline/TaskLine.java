package dev.heddle.lab.timeline;

import java.util.List;

/** A task and its states over time. Changed only while its {@link Timeline} is computed. */
public final class TaskLine {
    /** The parent of a task that was started by none, or before the recording begins. */
    public static final long NO_PARENT = 0;

    /** What is known of where nobody has noted it. */
    public static final int NOWHERE = -1;

    /** How a task ended. The numbers are part of what the page reads. */
    public enum Outcome {
        /** It returned. */
        OK("ok"),
        /** It threw. */
        FAILED("failed"),
        /** It was cancelled. */
        CANCELLED("cancelled"),
        /** The recording ends before it does. */
        UNFINISHED("not ended");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        /** {@return the outcome in words} */
        public String words() {
            return words;
        }
    }

    final Spans spans = new Spans();
    private final int index;
    private final long number;
    private final String name;
    long parent = NO_PARENT;
    boolean startSeen;
    Outcome outcome = Outcome.UNFINISHED;
    long switches;

    /** Which of the timeline's stacks, or {@link #NOWHERE}. */
    int startedAt = NOWHERE;

    int waitedAt = NOWHERE;

    /** The lane that it occupies, or {@link Spans#NOBODY}. */
    int lane = Spans.NOBODY;

    /** It was woken before its unmount was recorded: it will not wait. */
    boolean wokenAhead;

    TaskLine(int index, long number, String name) {
        this.index = index;
        this.number = number;
        this.name = name;
    }

    /** {@return the place among the tasks of the timeline, from 0 in the order in which they were seen} */
    public int index() {
        return index;
    }

    /** {@return the number of the task, as {@code Task.id()} has it} */
    public long number() {
        return number;
    }

    /** {@return what it is called, which others may be called too} */
    public String name() {
        return name;
    }

    /** {@return name and number, for people} */
    public String label() {
        return name.endsWith(" " + Math.abs(number)) ? name : name + " #" + number;
    }

    /** {@return the number of the task that started it, or {@link #NO_PARENT}} */
    public long parent() {
        return parent;
    }

    /** {@return whether its start is in the recording; the recording of others begins in the middle of their lives} */
    public boolean startSeen() {
        return startSeen;
    }

    /** {@return how it ended} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return when it ended, in nanoseconds of the recording; of one that has not, the recording's end} */
    public long ended() {
        int last = spans.size() - 1;
        return last < 0 ? 0 : spans.state(last) == State.NONE ? spans.from(last) : spans.to(last);
    }

    /** {@return how often it came onto a lane} */
    public long switches() {
        return switches;
    }

    /** {@return which of {@link Timeline#stacks} it was started at, or {@link #NOWHERE}} */
    public int startedAt() {
        return startedAt;
    }

    /** {@return which of {@link Timeline#stacks} it has waited at last, or {@link #NOWHERE}} */
    public int waitedAt() {
        return waitedAt;
    }

    /** {@return its states} */
    public List<Spans.Span> spans() {
        return spans.list();
    }
}
