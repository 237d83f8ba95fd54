package dev.heddle.lab.trace;

import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A recording as a trace of Perfetto, which its viewer opens: a track for each lane, a slice for each stay of a task there, and an
 * arrow from whoever wakes a task to where that goes on.
 *
 * <p>The numbers of the fields are those of Perfetto's public descriptions of its format: {@code trace_packet.proto}, {@code
 * track_descriptor.proto}, {@code track_event.proto}, {@code process_descriptor.proto} and {@code debug_annotation.proto}.
 */
final class PerfettoTrace {
    private static final int TRACE_PACKET = 1;

    private static final int PACKET_TIMESTAMP = 8;
    private static final int PACKET_SEQUENCE = 10;
    private static final int PACKET_TRACK_EVENT = 11;
    private static final int PACKET_TRACK_DESCRIPTOR = 60;

    private static final int TRACK_UUID = 1;
    private static final int TRACK_NAME = 2;
    private static final int TRACK_PROCESS = 3;
    private static final int TRACK_PARENT = 5;

    private static final int PROCESS_PID = 1;
    private static final int PROCESS_NAME = 6;

    private static final int EVENT_ANNOTATION = 4;
    private static final int EVENT_TYPE = 9;
    private static final int EVENT_TRACK = 11;
    private static final int EVENT_NAME = 23;
    private static final int EVENT_FLOW = 47;
    private static final int EVENT_FLOW_END = 48;

    private static final int ANNOTATION_INT = 4;
    private static final int ANNOTATION_TEXT = 6;
    private static final int ANNOTATION_NAME = 10;

    private static final int SLICE_BEGIN = 1;
    private static final int SLICE_END = 2;
    private static final int INSTANT = 3;

    /** Of all packets. */
    private static final int SEQUENCE = 1;

    private static final long HEDDLE = 1;

    /** The track of lane 0; the others follow. */
    private static final long FIRST_LANE = 1_000;

    private final Recording recording;
    private final OutputStream out;

    /** Lanes with a slice that has begun. */
    private final Set<Integer> open = new HashSet<>();

    /** Arrows that have begun, by the task that they lead to. */
    private final Map<Long, Long> flows = new HashMap<>();

    private long flowCount;

    private PerfettoTrace(Recording recording, OutputStream out) {
        this.recording = recording;
        this.out = out;
    }

    static void write(Recording recording, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            new PerfettoTrace(recording, out).write();
        }
    }

    private void write() throws IOException {
        Protobuf process = new Protobuf().number(PROCESS_PID, 1).text(PROCESS_NAME, "Heddle " + recording.model());
        packet(new Protobuf()
                .message(
                        PACKET_TRACK_DESCRIPTOR,
                        new Protobuf().number(TRACK_UUID, HEDDLE).message(TRACK_PROCESS, process)));
        for (Lane lane : recording.lanes()) {
            Protobuf track = new Protobuf()
                    .number(TRACK_UUID, track(lane.number()))
                    .text(TRACK_NAME, lane.name())
                    .number(TRACK_PARENT, HEDDLE);
            packet(new Protobuf().message(PACKET_TRACK_DESCRIPTOR, track));
        }
        for (int i = 0; i < recording.size(); i++) {
            write(recording.event(i));
        }
        for (int lane : Set.copyOf(open)) {
            end(recording.duration().toNanos(), lane, new Protobuf());
        }
    }

    private static long track(int lane) {
        return lane < 0 ? HEDDLE : FIRST_LANE + lane;
    }

    private void write(TraceEvent event) throws IOException {
        switch (event.kind()) {
            case MOUNT -> {
                if (open.contains(event.lane())) {
                    end(event.nanos(), event.lane(), new Protobuf());
                }
                open.add(event.lane());
                Protobuf slice = new Protobuf()
                        .text(EVENT_NAME, recording.taskName(event.task()))
                        .message(EVENT_ANNOTATION, annotation("task", event.task()));
                Long flow = flows.remove(event.task());
                if (flow != null) {
                    slice.fixed64(EVENT_FLOW_END, flow);
                }
                event(event.nanos(), SLICE_BEGIN, event.lane(), slice);
            }
            case UNMOUNT -> {
                if (open.contains(event.lane())) {
                    Protobuf why = new Protobuf()
                            .text(ANNOTATION_NAME, "left for")
                            .text(ANNOTATION_TEXT, event.reason().name());
                    end(event.nanos(), event.lane(), new Protobuf().message(EVENT_ANNOTATION, why));
                }
            }
            default -> {
                Protobuf instant = new Protobuf()
                        .text(EVENT_NAME, event.kind().name())
                        .message(EVENT_ANNOTATION, annotation("task", event.task()))
                        .message(EVENT_ANNOTATION, annotation(JsonTrace.meaning(event.kind()), event.detail()));
                if (event.kind() == TraceEvent.Kind.WAKE && event.lane() >= 0) {
                    flows.put(event.task(), ++flowCount);
                    instant.fixed64(EVENT_FLOW, flowCount);
                }
                if (!recording.stack(event).isEmpty()) {
                    Protobuf stack = new Protobuf()
                            .text(ANNOTATION_NAME, "at")
                            .text(ANNOTATION_TEXT, String.join("\n", recording.stack(event)));
                    instant.message(EVENT_ANNOTATION, stack);
                }
                event(event.nanos(), INSTANT, event.lane(), instant);
            }
        }
    }

    private static Protobuf annotation(String name, long value) {
        return new Protobuf().text(ANNOTATION_NAME, name).number(ANNOTATION_INT, value);
    }

    private void end(long nanos, int lane, Protobuf slice) throws IOException {
        open.remove(lane);
        event(nanos, SLICE_END, lane, slice);
    }

    private void event(long nanos, int type, int lane, Protobuf event) throws IOException {
        event.number(EVENT_TYPE, type).number(EVENT_TRACK, track(lane));
        packet(new Protobuf()
                .number(PACKET_TIMESTAMP, nanos)
                .number(PACKET_SEQUENCE, SEQUENCE)
                .message(PACKET_TRACK_EVENT, event));
    }

    private void packet(Protobuf packet) throws IOException {
        out.write(new Protobuf().message(TRACE_PACKET, packet).toBytes());
    }
}
