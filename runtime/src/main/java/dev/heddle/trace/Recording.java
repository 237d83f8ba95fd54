package dev.heddle.trace;

import dev.heddle.Model;
import dev.heddle.trace.TraceEvent.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a {@link Recorder} has kept: the events of one heddle, in order of time. Immutable; packed, since there may be millions.
 *
 * <p>Events may be missing at the beginning, since the memory of a recorder is bounded: then the first event of a task is not its
 * START, and that of a lane may be an UNMOUNT.
 */
public final class Recording {
    private final Model model;
    private final Instant start;
    private final Duration duration;
    private final List<Lane> lanes;
    private final TaskNames names;
    private final Events events;
    private final long lost;
    private final List<List<String>> stacks;

    Recording(
            Model model,
            Instant start,
            Duration duration,
            List<Lane> lanes,
            TaskNames names,
            Events events,
            long lost,
            List<List<String>> stacks) {
        this.model = model;
        this.start = start;
        this.duration = duration;
        this.lanes =
                lanes.stream().sorted(Comparator.comparingInt(Lane::number)).toList();
        this.names = names;
        this.events = events;
        this.lost = lost;
        this.stacks = stacks.stream().map(List::copyOf).toList();
    }

    /**
     * {@return a recording of given events, for tests and tools}
     *
     * @param model the model of the heddle
     * @param start when it began
     * @param duration how long it took
     * @param lanes what tasks ran on
     * @param names names of tasks by their numbers; not all need have one
     * @param events the events, which are sorted by time; those of one time stay in their order
     * @param lost how many events were dropped before these
     */
    public static Recording of(
            Model model,
            Instant start,
            Duration duration,
            List<Lane> lanes,
            Map<Long, String> names,
            List<TraceEvent> events,
            long lost) {
        Events columns = new Events(events.size());
        events.stream().sorted(Comparator.comparingLong(TraceEvent::nanos)).forEach(columns::add);
        return new Recording(
                model, start, duration, lanes, TaskNames.of(new TreeMap<>(names)), columns, lost, List.of());
    }

    /** {@return a copy that has these stacks, for tests and tools} */
    public Recording withStacks(List<List<String>> others) {
        return new Recording(model, start, duration, lanes, names, events, lost, others);
    }

    /** {@return the model of the heddle} */
    public Model model() {
        return model;
    }

    /** {@return when the time of the events is 0} */
    public Instant start() {
        return start;
    }

    /** {@return how long it took; no event is later} */
    public Duration duration() {
        return duration;
    }

    /** {@return what tasks ran on, by number} Lanes whose events are all lost may be among them. */
    public List<Lane> lanes() {
        return lanes;
    }

    /** {@return how many events were dropped, since the memory of the recorder is bounded} All were before those that are left. */
    public long lost() {
        return lost;
    }

    /**
     * {@return where in the user's code tasks were started and waited, as events number it from 0} Each is some frames, topmost
     * first; Heddle's and the JDK's are left out. Empty if the recorder was not asked for {@link Recorder#stacks}.
     */
    public List<List<String>> stacks() {
        return stacks;
    }

    /** {@return the frames that an event of STARTED_AT or WAITS_AT is about, topmost first; none of any other} */
    public List<String> stack(TraceEvent event) {
        boolean has = event.kind() == Kind.STARTED_AT || event.kind() == Kind.WAITS_AT;
        return has && event.detail() >= 0 && event.detail() < stacks.size()
                ? stacks.get((int) event.detail())
                : List.of();
    }

    /**
     * {@return what a task is called: after the class of its job, else by its number}
     *
     * @param task a number as events have it
     */
    public String taskName(long task) {
        return names.name(task);
    }

    /** {@return how many events there are} */
    public int size() {
        return events.size();
    }

    /**
     * {@return an event} Makes an object of it; who looks at millions takes what it needs by {@link #nanos} and the like.
     *
     * @param i its index, from 0
     */
    public TraceEvent event(int i) {
        return new TraceEvent(nanos(i), kind(i), task(i), lane(i), detail(i));
    }

    /**
     * Calls the consumer with each event in order of time.
     *
     * @param consumer what to call
     */
    public void forEach(Consumer<? super TraceEvent> consumer) {
        for (int i = 0; i < size(); i++) {
            consumer.accept(event(i));
        }
    }

    /** {@return {@link TraceEvent#nanos} of an event} */
    public long nanos(int i) {
        return events.nanos(i);
    }

    /** {@return {@link TraceEvent#kind} of an event} */
    public Kind kind(int i) {
        return events.kind(i);
    }

    /** {@return {@link TraceEvent#task} of an event} */
    public long task(int i) {
        return events.task(i);
    }

    /** {@return {@link TraceEvent#lane} of an event} */
    public int lane(int i) {
        return events.lane(i);
    }

    /** {@return {@link TraceEvent#detail} of an event} */
    public long detail(int i) {
        return events.detail(i);
    }

    /**
     * Writes the recording to a file, in a format of Heddle's own.
     *
     * @param file the file, which is replaced; by custom its name ends in {@code .heddle}
     * @throws IOException if it cannot be written
     */
    public void writeTo(Path file) throws IOException {
        RecordingFile.write(
                file, new RecordingFile.Content(model, start, duration, lanes, names, events, lost, stacks));
    }

    /**
     * {@return the recording in a file that {@link #writeTo} has written}
     *
     * @param file the file
     * @throws IOException if it cannot be read, or is damaged or something else; the message says which
     */
    public static Recording readFrom(Path file) throws IOException {
        RecordingFile.Content content = RecordingFile.read(file);
        return new Recording(
                content.model(),
                content.start(),
                content.duration(),
                content.lanes(),
                content.names(),
                content.events(),
                content.lost(),
                content.stacks());
    }

    @Override
    public String toString() {
        return "recording of " + model + ": " + size() + " events in " + duration;
    }
}
