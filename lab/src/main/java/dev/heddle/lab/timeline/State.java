package dev.heddle.lab.timeline;

/**
 * What a task is at. The order is that in which shares of states are drawn on top of each other, and their numbers are part
 * of what the page reads.
 */
public enum State {
    /** The task is not there: before it was seen first, after its end. On a lane: no task. */
    NONE("not there", "", ' ', Use.NONE),
    /** It executes on a processor. */
    RUNNING("running", "ran", '#', Use.BUSY),
    /** It keeps an OS thread, but has lost its processor: it blocks that thread, or hogged the processor. */
    HANDED_OFF("handed off", "kept an OS thread without a processor", 'H', Use.BUSY),
    /** It could execute, and waits for a processor. */
    RUNNABLE("runnable", "waited for a processor", '+', Use.SCHEDULED),
    /** It waits for the lock that only one task of the heddle can have. */
    GLOBAL_LOCK("waiting on the global lock", "waited for the global lock", 'G', Use.IDLE),
    /** It waits for another lock, mutex or semaphore. */
    LOCK("waiting on a lock", "waited for a lock", 'L', Use.IDLE),
    /** It waits for a send or a receive. */
    CHANNEL("waiting on a channel", "waited on a channel", 'c', Use.IDLE),
    /** It waits for a socket or a file. */
    IO("waiting on I/O", "waited for I/O", 'i', Use.IDLE),
    /** It waits for another task to end. */
    JOIN("waiting for a join", "waited for another task to end", 'j', Use.IDLE),
    /** It sleeps. */
    SLEEP("sleeping", "slept", 'z', Use.IDLE),
    /** It waits for something that the recorder has no name for. */
    OTHER("waiting", "waited", '.', Use.IDLE);

    /** How a task's time divides, as tokio-console divides that of Tokio's. */
    public enum Use {
        /** Not there. */
        NONE,
        /** It has an OS thread. */
        BUSY,
        /** It could go on, but has none. */
        SCHEDULED,
        /** It waits. */
        IDLE
    }

    private final String words;
    private final String story;
    private final char sign;
    private final Use use;

    State(String words, String story, char sign, Use use) {
        this.words = words;
        this.story = story;
        this.sign = sign;
        this.use = use;
    }

    /** {@return the number that the page knows the state by} */
    @SuppressWarnings(
            "EnumOrdinal") // of an enum of ours, and written down only in pages that carry their own names for it
    int number() {
        return ordinal();
    }

    /** {@return the state in words, for a legend} */
    public String words() {
        return words;
    }

    /** {@return what a task did that was in this state, for its story} */
    public String story() {
        return story;
    }

    /** {@return the letter of the state where there are no colours} */
    public char sign() {
        return sign;
    }

    /** {@return what this state counts as} */
    public Use use() {
        return use;
    }

    /** {@return whether the task occupies its lane} */
    public boolean isOnLane() {
        return use == Use.BUSY;
    }
}
