package dev.heddle.lab.trace;

import dev.heddle.lab.timeline.TimelineHtml;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A form of file, which the ending of its name chooses. */
public enum TraceForm {
    /** A page to look at; see {@link TimelineHtml}. */
    HTML(TimelineHtml::write),
    /** Text for scripts, a line for each event; see {@link JsonTrace}. */
    JSON(JsonTrace::write),
    /** A file of the JDK's Flight Recorder; see {@link FlightRecording}. */
    JFR(FlightRecording::write),
    /** Perfetto's; see {@link PerfettoTrace}. */
    PFTRACE(PerfettoTrace::write),
    /** Heddle's own, which loses nothing and can be made into the others. */
    HEDDLE(Recording::writeTo);

    /** Writes a recording. */
    @FunctionalInterface
    private interface Writer {
        void write(Recording recording, Path file) throws IOException;
    }

    @SuppressWarnings("ImmutableEnumChecker") // a method
    private final Writer writer;

    TraceForm(Writer writer) {
        this.writer = writer;
    }

    /** {@return the endings, without the dot} */
    public static List<String> endings() {
        return Arrays.stream(values()).map(TraceForm::ending).toList();
    }

    private String ending() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the form that the name of the file asks for, if there is one} */
    public static Optional<TraceForm> of(Path file) {
        String ending = endingOf(file);
        return Arrays.stream(values())
                .filter(form -> form.ending().equals(ending))
                .findFirst();
    }

    /** {@return what comes after the last dot of the file's name, in lower case; nothing if there is none} */
    public static String endingOf(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Writes a recording.
     *
     * @param recording what to write
     * @param file where to, replacing what is there
     * @throws IOException if it cannot be written
     */
    public void write(Recording recording, Path file) throws IOException {
        writer.write(recording, file);
    }
}
