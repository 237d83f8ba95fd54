package dev.heddle.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.heddle.Model;
import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** Each form is read by something else than what has written it. */
class TraceFormTest {
    /** Two tasks on one carrier: the first starts the second, waits for it in a channel, is woken by it, and still runs. */
    private static final Recording RECORDING = Recording.of(
            Model.GREEN,
            Instant.parse("2026-11-27T06:00:00Z"),
            Duration.ofMillis(1),
            List.of(new Lane(1, "g-carrier-1")),
            Map.of(7L, "Ping", 8L, "Pong \"quoted\""),
            List.of(
                    new TraceEvent(0, Kind.START, 7, TraceEvent.NO_LANE, 0),
                    new TraceEvent(10, Kind.MOUNT, 7, 1, 0),
                    new TraceEvent(20, Kind.START, 8, 1, 7),
                    new TraceEvent(100, Kind.UNMOUNT, 7, 1, ordinal(Reason.CHANNEL)),
                    new TraceEvent(110, Kind.MOUNT, 8, 1, 0),
                    new TraceEvent(120, Kind.WAKE, 7, 1, 8),
                    new TraceEvent(121, Kind.SEND, 8, 1, 3),
                    new TraceEvent(130, Kind.END, 8, 1, TraceEvent.OK),
                    new TraceEvent(140, Kind.UNMOUNT, 8, 1, ordinal(Reason.DONE)),
                    new TraceEvent(150, Kind.MOUNT, 7, 1, 0)),
            0);

    /** The same with where the second was started and waits. */
    private static final Recording WITH_STACKS = Recording.of(
                    Model.GREEN,
                    RECORDING.start(),
                    RECORDING.duration(),
                    RECORDING.lanes(),
                    Map.of(8L, "Pong"),
                    List.of(
                            new TraceEvent(20, Kind.START, 8, 1, 7),
                            new TraceEvent(20, Kind.STARTED_AT, 8, 1, 0),
                            new TraceEvent(30, Kind.WAITS_AT, 8, 1, 1)),
                    0)
            .withStacks(List.of(List.of("Main.main(Main.java:3)"), List.of("\"x\".run(J:9)", "Job.call(J:5)")));

    private static long ordinal(Reason reason) {
        return List.of(Reason.values()).indexOf(reason);
    }

    @TempDir
    Path folder;

    private Path write(String name) throws Exception {
        return write(name, RECORDING);
    }

    private Path write(String name, Recording recording) throws Exception {
        Path file = folder.resolve(name);
        TraceForm.of(file).orElseThrow().write(recording, file);
        return file;
    }

    @Test
    void stacksAreInEveryForm() throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(Files.readString(write("x.json", WITH_STACKS)));
        assertThat(json.get("stacks"))
                .isEqualTo(List.of(List.of("Main.main(Main.java:3)"), List.of("\"x\".run(J:9)", "Job.call(J:5)")));
        assertThat(Files.readString(write("x.json", WITH_STACKS)))
                .contains("\"kind\": \"WAITS_AT\", \"task\": 8, \"lane\": 1, \"stack\": 1}");
        assertThat(jfr("print", "--events", "dev.heddle.SchedulerEvent", write("x.jfr", WITH_STACKS)))
                .contains("stack = \"Main.main(Main.java:3)\"", "Job.call(J:5)");
        assertThat(Files.readString(write("x.pftrace", WITH_STACKS), StandardCharsets.ISO_8859_1))
                .contains("Main.main(Main.java:3)", "run(J:9)\nJob.call(J:5)");
        assertThat(Recording.readFrom(write("x.heddle", WITH_STACKS)).stacks()).isEqualTo(WITH_STACKS.stacks());
    }

    @Test
    void jsonIsOneDocumentWithALineForEachEvent() throws Exception {
        Path file = write("x.json");
        Map<String, Object> all = JSON.std.mapFrom(Files.readString(file));
        assertThat(all).containsEntry("model", "GREEN").containsEntry("durationNanos", 1_000_000);
        assertThat((List<?>) all.get("events")).hasSize(RECORDING.size());
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(RECORDING.size() + 2);
        assertThat(lines.get(4))
                .isEqualTo(
                        "{\"nanos\": 100, \"kind\": \"UNMOUNT\", \"task\": 7, \"lane\": 1, \"reason\": \"CHANNEL\"},");
        assertThat(lines.get(3)).contains("\"parent\": 7, \"name\": \"Pong \\\"quoted\\\"\"");
    }

    @Test
    void theJdksToolReadsTheFlightRecording() throws Exception {
        Path file = write("x.jfr");
        String summary = jfr("summary", file);
        assertThat(summary)
                .containsPattern("dev\\.heddle\\.Run +3 ")
                .containsPattern("dev\\.heddle\\.SchedulerEvent +5 ");
        String runs = jfr("print", "--events", "dev.heddle.Run", file);
        assertThat(runs).contains("taskName = \"Ping\"", "leftFor = \"CHANNEL\"", "lane = \"g-carrier-1\"");
        assertThat(runs).contains("leftFor = \"OTHER\""); // the one that still runs
        assertThat(runs).containsPattern("length = 0\\.000030 ms[^}]*nanos = 0\\.000110 ms");
    }

    private static String jfr(Object... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jfr").toString());
        for (Object word : words) {
            command.add(word.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    void aParserOfProtocolBuffersReadsThePerfettoTrace() throws Exception {
        List<UnknownFieldSet> packets = new ArrayList<>();
        try (InputStream in = Files.newInputStream(write("x.pftrace"))) {
            UnknownFieldSet trace = UnknownFieldSet.parseFrom(CodedInputStream.newInstance(in));
            for (var packet : trace.getField(1).getLengthDelimitedList()) {
                packets.add(UnknownFieldSet.parseFrom(packet));
            }
        }
        List<String> tracks = new ArrayList<>();
        List<String> slices = new ArrayList<>();
        List<Long> flows = new ArrayList<>();
        for (UnknownFieldSet packet : packets) {
            for (var bytes : packet.getField(60).getLengthDelimitedList()) {
                UnknownFieldSet track = UnknownFieldSet.parseFrom(bytes);
                track.getField(2).getLengthDelimitedList().forEach(name -> tracks.add(name.toStringUtf8()));
            }
            for (var bytes : packet.getField(11).getLengthDelimitedList()) {
                UnknownFieldSet event = UnknownFieldSet.parseFrom(bytes);
                long time = packet.getField(8).getVarintList().getFirst();
                long type = event.getField(9).getVarintList().getFirst();
                if (type == 1) {
                    slices.add(time + " begin "
                            + event.getField(23)
                                    .getLengthDelimitedList()
                                    .getFirst()
                                    .toStringUtf8());
                } else if (type == 2) {
                    slices.add(time + " end");
                }
                flows.addAll(event.getField(47).getFixed64List());
                event.getField(48).getFixed64List().forEach(flow -> flows.add(-flow));
            }
        }
        assertThat(tracks).containsExactly("g-carrier-1");
        assertThat(slices)
                .containsExactly(
                        "10 begin Ping",
                        "100 end",
                        "110 begin Pong \"quoted\"",
                        "140 end",
                        "150 begin Ping",
                        "1000000 end");
        assertThat(flows).as("from the wake to where it goes on").containsExactly(1L, -1L);
    }

    @Test
    void heddlesOwnIsReadBack() throws Exception {
        assertThat(Recording.readFrom(write("x.heddle")).size()).isEqualTo(RECORDING.size());
    }
}
