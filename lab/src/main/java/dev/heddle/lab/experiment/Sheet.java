package dev.heddle.lab.experiment;

import java.util.ArrayList;
import java.util.List;

/**
 * A small table of texts.
 *
 * @param headers of the columns
 * @param lines as many entries each
 * @param notes what has to be said about single lines
 */
public record Sheet(List<String> headers, List<List<Entry>> lines, List<String> notes) {
    /**
     * One cell of the table.
     *
     * @param text what it says
     * @param evidence from what that follows; nothing where the text is itself what was measured
     */
    public record Entry(String text, String evidence) {}

    /** Collects the lines of a sheet. */
    static final class Lines {
        private final List<String> headers;
        private final List<List<Entry>> lines = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Lines(String... headers) {
            this.headers = List.of(headers);
        }

        /** Adds a line; what lacks at its end is empty. */
        Lines add(String... texts) {
            return add(List.of(texts).stream().map(text -> new Entry(text, "")).toList());
        }

        Lines add(List<Entry> entries) {
            List<Entry> line = new ArrayList<>(entries);
            while (line.size() < headers.size()) {
                line.add(new Entry("", ""));
            }
            lines.add(List.copyOf(line));
            return this;
        }

        Lines note(String note) {
            notes.add(note);
            return this;
        }

        Sheet done() {
            return new Sheet(headers, List.copyOf(lines), List.copyOf(notes));
        }
    }
}
