package dev.heddle.lab.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timelines as text: what is in which cell, and that it fits. */
class TimelineTextTest {
    private static String text(Recording recording, int width, boolean unicode) throws IOException {
        StringBuilder out = new StringBuilder();
        TimelineText.print(recording, out, width, unicode);
        return out.toString();
    }

    private static Recording small() {
        return new Events()
                .start(0, 1, 0)
                .mount(0, 1, 0)
                .start(70, 2, 1)
                .unmount(128, 1, 0, Reason.CHANNEL)
                .mount(128, 2, 0)
                .add(322, Kind.SEND, 2, 0, 1)
                .wake(322, 1, 2)
                .unmount(384, 2, 0, Reason.GLOBAL_LOCK)
                .mount(384, 1, 0)
                .add(390, Kind.RECEIVE, 1, 0, 1)
                .end(440, 1, 0, TraceEvent.OK)
                .recording(512, 0);
    }

    @Test
    void columnsAreTasksAndRowsAreTime() throws IOException {
        assertThat(text(small(), 80, true)).startsWith("""
                GREEN, 512 ns: 11 events, 2 lanes, 2 tasks
                          #1 #2
                  0.00 ns ██
                  16.0 ns ██
                """);
    }

    @Test
    void tasksHaveWhereTheyWereStartedAndWaited() throws IOException {
        Recording recording = new Events()
                .start(0, 1, 0)
                .add(0, Kind.STARTED_AT, 1, TraceEvent.NO_LANE, 0)
                .mount(0, 1, 0)
                .add(9, Kind.WAITS_AT, 1, 0, 1)
                .recording(100, 0)
                .withStacks(List.of(List.of("Main.main(Main.java:3)"), List.of("Job.run(J:9)", "Job.call(J:5)")));
        assertThat(text(recording, 80, true))
                .endsWith("#1 started at Main.main(Main.java:3) last waited at Job.run(J:9)\n");
    }

    @Test
    void everyStateHasItsSign() throws IOException {
        String text = text(small(), 80, true);
        assertThat(text)
                .containsPattern("(?m)^ +80.0 ns ██ ░░$")
                .containsPattern("(?m)^ +128 ns c  ██$")
                .containsPattern("(?m)^ +144 ns │  ██$")
                .containsPattern("(?m)^ +320 ns ░░ ██  #2 wakes #1, #2 → #1$")
                .containsPattern("(?m)^ +384 ns ██ G$")
                .containsPattern("(?m)^ +432 ns ██ │   #1 ends: ok$")
                .containsPattern("(?m)^ +448 ns    │$")
                .contains("#1 Reader   #2 Writer");
    }

    @Test
    void asciiSuffices() throws IOException {
        String text = text(small(), 80, false);
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
        assertThat(text)
                .containsPattern("(?m)^ +320 ns \\+\\+ ##  #2 wakes #1, #2 -> #1$")
                .containsPattern("(?m) 144 ns \\|  ##$");
    }

    @Test
    void aStreamGetsWhatItCanEncode() {
        for (boolean ascii : new boolean[] {true, false}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(bytes, true, ascii ? StandardCharsets.US_ASCII : StandardCharsets.UTF_8);
            TimelineText.print(small(), out, 80);
            assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(ascii ? "## ++" : "██ ░░");
        }
    }

    @Test
    void noLineIsWiderThanTheTerminal() throws IOException {
        for (int tasks : new int[] {1, 5, 40, 3_000}) {
            for (int width : new int[] {40, 79, 200}) {
                assertThat(text(SyntheticRecording.of(3, 2, tasks, 8_000), width, true)
                                .lines())
                        .as("%d tasks, %d columns", tasks, width)
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width))
                        .hasSizeLessThan(70);
            }
        }
    }

    @Test
    void manyTasksShareColumns() throws IOException {
        assertThat(text(SyntheticRecording.of(3, 2, 100, 8_000), 80, true)
                        .lines()
                        .skip(1)
                        .findFirst())
                .hasValueSatisfying(head -> assertThat(head).contains("#1-").contains("-100"));
    }

    @Test
    void nothingRecordedIsSaidInALine() throws IOException {
        assertThat(text(new Events().recording(0, 7), 80, true))
                .isEqualTo("GREEN, 0.00 ns: 0 events, 2 lanes, 0 tasks; 7 earlier events were overwritten\n");
    }
}
