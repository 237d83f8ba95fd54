package dev.heddle.lab.timeline;

import dev.heddle.Model;
import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Recordings written by hand: two lanes, and events in the order in which they are said. */
final class Events {
    /** The number of a task whose name is meant to do harm. */
    static final long HOSTILE = 4;

    private static final Map<Long, String> NAMES =
            Map.of(1L, "Reader", 2L, "Writer", 3L, "Hog", HOSTILE, "<img src=x onerror=alert(1)>");

    private final List<TraceEvent> events = new ArrayList<>();

    Events start(long nanos, long task, long parent) {
        return add(nanos, Kind.START, task, TraceEvent.NO_LANE, parent);
    }

    Events mount(long nanos, long task, int lane) {
        return add(nanos, Kind.MOUNT, task, lane, 0);
    }

    @SuppressWarnings("EnumOrdinal") // what an UNMOUNT has
    Events unmount(long nanos, long task, int lane, Reason reason) {
        return add(nanos, Kind.UNMOUNT, task, lane, reason.ordinal());
    }

    Events wake(long nanos, long task, long waker) {
        return add(nanos, Kind.WAKE, task, TraceEvent.NO_LANE, waker);
    }

    Events end(long nanos, long task, int lane, long outcome) {
        return add(nanos, Kind.END, task, lane, outcome);
    }

    Events add(long nanos, Kind kind, long task, int lane, long detail) {
        events.add(new TraceEvent(nanos, kind, task, lane, detail));
        return this;
    }

    Recording recording(long end, long lost) {
        return Recording.of(
                Model.GREEN,
                Instant.EPOCH,
                Duration.ofNanos(end),
                List.of(new Lane(0, "carrier-0"), new Lane(1, "carrier-1")),
                NAMES,
                events,
                lost);
    }

    Timeline timeline(long end) {
        return Timeline.of(recording(end, 0));
    }

    /** The states of a task as text: {@code RUNNABLE 0-10, RUNNING 10-20 on 1}. */
    static String states(Timeline timeline, long task) {
        StringBuilder text = new StringBuilder();
        for (Spans.Span span : timeline.find(task).orElseThrow().spans()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(span.state())
                    .append(' ')
                    .append(span.from())
                    .append('-')
                    .append(span.to())
                    .append(span.other() == Spans.NOBODY ? "" : " on " + span.other());
        }
        return text.toString();
    }

    /** The stays on a lane as text: {@code #1 10-20}, without the times at which it was empty. */
    static String stays(Timeline timeline, int lane) {
        StringBuilder text = new StringBuilder();
        for (Spans.Span span : timeline.lanes().get(lane).spans().list()) {
            if (span.state() != State.NONE) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append('#')
                        .append(timeline.tasks().get(span.other()).number())
                        .append(span.state() == State.RUNNING ? " " : " " + span.state() + " ")
                        .append(span.from())
                        .append('-')
                        .append(span.to());
            }
        }
        return text.toString();
    }

    /** The arrows as text: {@code WAKE 1@20-2@20}. */
    static String arrows(Timeline timeline) {
        StringBuilder text = new StringBuilder();
        for (Arrow arrow : timeline.arrows()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(arrow.kind())
                    .append(' ')
                    .append(
                            arrow.from() == Spans.NOBODY
                                    ? "nobody"
                                    : timeline.tasks().get(arrow.from()).number())
                    .append('@')
                    .append(arrow.sent())
                    .append('-')
                    .append(timeline.tasks().get(arrow.to()).number())
                    .append('@')
                    .append(arrow.arrived());
        }
        return text.toString();
    }
}
