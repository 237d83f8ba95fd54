package dev.heddle.lab.timeline;

import dev.heddle.Model;
import dev.heddle.trace.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A recording as lines over time: which task was on which lane, what each task was at, and what tasks did to each other.
 * Times are nanoseconds since the recording's first event. Immutable once computed.
 */
public final class Timeline {
    private final Model model;
    private final Instant began;
    private final long end;
    private final long lost;
    private final long events;
    private final List<LaneLine> lanes;
    private final List<TaskLine> tasks;
    private final List<Arrow> arrows;
    private final List<Mark> marks;
    private final List<List<String>> stacks;
    private final Map<Long, TaskLine> byNumber = new HashMap<>();

    Timeline(
            Model model,
            Instant began,
            long end,
            long lost,
            long events,
            List<LaneLine> lanes,
            List<TaskLine> tasks,
            List<Arrow> arrows,
            List<Mark> marks,
            List<List<String>> stacks) {
        this.model = model;
        this.began = began;
        this.end = end;
        this.lost = lost;
        this.events = events;
        this.lanes = Collections.unmodifiableList(lanes);
        this.tasks = Collections.unmodifiableList(tasks);
        this.arrows = Collections.unmodifiableList(arrows);
        this.marks = Collections.unmodifiableList(marks);
        this.stacks = stacks;
        tasks.forEach(task -> byNumber.put(task.number(), task));
    }

    /**
     * {@return what the recording looks like}
     *
     * @param recording whose beginning may have been overwritten
     */
    public static Timeline of(Recording recording) {
        return new TimelineBuilder(recording, 0).build();
    }

    /**
     * {@return what the end of the recording looks like} Tasks of which nothing has happened since are shown at what they are at since before.
     *
     * @param time how much of it, if there are not too many events
     * @param events how many events at most
     */
    public static Timeline latest(Recording recording, Duration time, int events) {
        long from = recording.duration().minus(time).toNanos();
        int first = Math.max(0, recording.size() - events);
        while (first < recording.size() - 1 && recording.nanos(first) < from) {
            first++;
        }
        return new TimelineBuilder(recording, first).build();
    }

    /** {@return the model that was recorded} */
    public Model model() {
        return model;
    }

    /** {@return when the time is 0} */
    public Instant began() {
        return began;
    }

    /** {@return how long the recording is, in nanoseconds} */
    public long end() {
        return end;
    }

    /** {@return how many events were overwritten before anybody read them} */
    public long lost() {
        return lost;
    }

    /** {@return how many events it was computed from} */
    public long events() {
        return events;
    }

    /** {@return the lanes, in the recorder's order} */
    public List<LaneLine> lanes() {
        return lanes;
    }

    /** {@return the tasks, in the order in which they were seen first} */
    public List<TaskLine> tasks() {
        return tasks;
    }

    /** {@return the task of that number, if the recording has seen it} */
    public Optional<TaskLine> find(long number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** {@return what tasks did to each other, by the time at which they did} */
    public List<Arrow> arrows() {
        return arrows;
    }

    /** {@return what happened to lanes, in order} */
    public List<Mark> marks() {
        return marks;
    }

    /** {@return the places in the user's code that tasks refer to, as frames, topmost first; empty if none were noted} */
    public List<List<String>> stacks() {
        return stacks;
    }
}
