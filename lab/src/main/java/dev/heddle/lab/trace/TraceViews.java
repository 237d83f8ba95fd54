package dev.heddle.lab.trace;

import dev.heddle.lab.UsageException;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Path;

/** The forms that people look at. The one place where the timeline comes in. */
public final class TraceViews {
    private TraceViews() {}

    /**
     * Writes a page.
     *
     * @param recording what to show
     * @param file where to
     * @throws IOException if it cannot be written
     */
    static void writeHtml(Recording recording, Path file) throws IOException {
        throw new UsageException("cannot write " + file + ", since the page for " + recording.size()
                + " events is not part of this build: name a file that ends in .json, .jfr, .pftrace or .heddle");
    }

    /**
     * {@return the recording as text: columns are tasks, rows are time}
     *
     * @param recording what to show
     */
    public static String text(Recording recording) {
        throw new UsageException(
                "--text, here for " + recording.size()
                        + " events, is not part of this build: name a file with -o that ends in .json, .jfr, .pftrace or .heddle");
    }
}
