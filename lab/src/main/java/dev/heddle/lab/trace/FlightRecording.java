package dev.heddle.lab.trace;

import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/**
 * A recording as a file of the JDK's Flight Recorder: {@code dev.heddle.Run} for each stay of a task on a lane, {@code
 * dev.heddle.SchedulerEvent} for each other event.
 *
 * <p>The JDK lets nobody say when an event was: the time of each is when the file was written. When it really was is in its field
 * {@code at}, to the millisecond, and in {@code nanos}, since the recording's start. For events by the time of the JVM's own there is
 * {@link dev.heddle.HeddleBuilder#jfr}.
 */
final class FlightRecording {
    private FlightRecording() {}

    @Category("Heddle")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads them
    private abstract static class Timed extends jdk.jfr.Event {
        @Label("Time")
        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long at;

        @Label("Time, Since the Start")
        @Timespan(Timespan.NANOSECONDS)
        long nanos;

        @Label("Task")
        long task;

        @Label("Task Name")
        String taskName = "";

        @Label("Lane")
        String lane = "";

        /** Commits it, with the fields that both have. */
        void commit(Recording recording, long time, long ofTask, String onLane) {
            at = recording.start().plusNanos(time).toEpochMilli();
            nanos = time;
            task = ofTask;
            taskName = ofTask == 0 ? "" : recording.taskName(ofTask);
            lane = onLane;
            commit();
        }
    }

    @Name("dev.heddle.Run")
    @Label("Run")
    @Description("A task ran on a lane, from that time on")
    @SuppressWarnings("UnusedVariable")
    private static final class Run extends Timed {
        @Label("Length")
        @Timespan(Timespan.NANOSECONDS)
        long length;

        @Label("Left For")
        String leftFor = "";
    }

    @Name("dev.heddle.SchedulerEvent")
    @Label("Scheduler Event")
    @SuppressWarnings("UnusedVariable")
    private static final class SchedulerEvent extends Timed {
        @Label("Kind")
        String kind = "";

        @Label("Detail")
        long detail;

        @Label("Meaning of the Detail")
        String meaning = "";

        @Label("Stack")
        @Description("Where a task was started, or waits")
        String stack = "";
    }

    static void write(Recording recording, Path file) throws IOException {
        Map<Integer, String> lanes = recording.lanes().stream()
                .collect(Collectors.toMap(lane -> lane.number(), lane -> lane.name(), (a, b) -> a, TreeMap::new));
        Function<Integer, String> name = lane -> lanes.getOrDefault(lane, "");
        try (jdk.jfr.Recording flight = new jdk.jfr.Recording()) {
            flight.setName("Heddle " + recording.model());
            flight.enable(Run.class).withoutThreshold();
            flight.enable(SchedulerEvent.class).withoutThreshold();
            flight.start();
            Stays.forEach(recording, (begin, end, task, lane, reason) -> {
                Run run = new Run();
                run.length = end - begin;
                run.leftFor = reason.name();
                run.commit(recording, begin, task, name.apply(lane));
            });
            recording.forEach(event -> {
                if (event.kind() != Kind.MOUNT && event.kind() != Kind.UNMOUNT) {
                    commit(recording, event, name.apply(event.lane()));
                }
            });
            flight.stop();
            flight.dump(file);
        }
    }

    private static void commit(Recording recording, TraceEvent event, String lane) {
        SchedulerEvent committed = new SchedulerEvent();
        committed.kind = event.kind().name();
        committed.detail = event.detail();
        committed.meaning = JsonTrace.meaning(event.kind());
        committed.stack = String.join("\n", recording.stack(event));
        committed.commit(recording, event.nanos(), event.task(), lane);
    }
}
