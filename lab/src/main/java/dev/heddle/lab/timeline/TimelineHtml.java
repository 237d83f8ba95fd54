package dev.heddle.lab.timeline;

import static dev.heddle.lab.report.Page.escape;

import dev.heddle.lab.measure.Units;
import dev.heddle.lab.report.Page;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A timeline as one page that needs nothing but itself. The script draws it; what can be said without a picture is in the HTML,
 * with a table for those who do not see the picture.
 */
public final class TimelineHtml {
    /** The table has no more rows than this: more are not read, and cost time when the page is opened. */
    private static final int TABLE_ROWS = 200;

    private static final List<State> LEGEND = List.of(State.values()).subList(1, State.values().length);

    private TimelineHtml() {}

    /**
     * Writes the page.
     *
     * @param recording what it shows
     * @param file the file, which is replaced
     * @throws IOException if it cannot be written
     */
    public static void write(Recording recording, Path file) throws IOException {
        Files.writeString(file, page(Timeline.of(recording)));
    }

    /** {@return the page} */
    public static String page(Timeline timeline) {
        return page(context(timeline), notes(timeline), table(timeline), TimelineData.of(timeline));
    }

    /** {@return the page without a recording} The page that has it in a frame calls its {@code feed(data)} with each new picture. */
    public static String frame() {
        return page("Nothing has come yet.", "", "", "");
    }

    /** {@return a picture for {@link #frame}} */
    public static String data(Timeline timeline) {
        return TimelineData.of(timeline);
    }

    private static String page(String context, String notes, String table, String data) {
        return Page.fill(
                        Page.resource(TimelineHtml.class, "timeline.html"),
                        Map.of(
                                "/*timeline.css*/",
                                Page.resource(TimelineHtml.class, "timeline.css"),
                                "/*timeline.js*/",
                                Page.resource(TimelineHtml.class, "timeline.js"),
                                "<!--context-->",
                                escape(context),
                                "<!--notes-->",
                                notes,
                                "<!--legend-->",
                                legend()))
                .replace("<!--table-->", table) // holds names that a user chose
                .replace("/*data*/", data);
    }

    private static String context(Timeline timeline) {
        return "%s · %s · %s events · %s lanes · %s tasks"
                .formatted(
                        timeline.model(),
                        Units.time((double) timeline.end()),
                        Units.grouped(timeline.events()),
                        Units.grouped(timeline.lanes().size()),
                        Units.grouped(timeline.tasks().size()));
    }

    private static String notes(Timeline timeline) {
        if (timeline.lost() == 0) {
            return "";
        }
        return "<p class=\"note\">" + Units.grouped(timeline.lost())
                + " earlier events were overwritten: tasks that began before are shown from where the recording begins, and what"
                + " they had waited for until then is a guess.</p>";
    }

    private static String legend() {
        StringBuilder out = new StringBuilder();
        for (State state : LEGEND) {
            out.append("<li><i class=\"")
                    .append(state)
                    .append("\"></i>")
                    .append(state.words())
                    .append("</li>\n");
        }
        for (Arrow.Kind kind : Arrow.Kind.values()) {
            out.append("<li><b class=\"")
                    .append(kind)
                    .append("\"></b>")
                    .append(kind.name().toLowerCase(Locale.ROOT))
                    .append("</li>\n");
        }
        return out.toString();
    }

    private static String table(Timeline timeline) {
        StringBuilder out = new StringBuilder();
        List<TaskLine> longest = timeline.tasks().stream()
                .sorted(Comparator.comparingLong(TimelineHtml::present).reversed())
                .limit(TABLE_ROWS)
                .toList();
        if (longest.size() < timeline.tasks().size()) {
            out.append("<p>The ")
                    .append(longest.size())
                    .append(" tasks of ")
                    .append(Units.grouped(timeline.tasks().size()))
                    .append(" that were there longest.</p>\n");
        }
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (String header :
                List.of("task", "started by", "ended", "busy", "scheduled", "idle", "switches", "mostly")) {
            out.append("<th scope=\"col\">").append(header).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (TaskLine task : longest) {
            TaskCard card = TaskCard.of(timeline, task);
            State mostly = card.byState().entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(State.NONE);
            out.append("<tr><th scope=\"row\">").append(escape(card.label())).append("</th>");
            for (String cell : List.of(
                    timeline.find(task.parent()).map(TaskLine::label).orElse("–"),
                    task.outcome().words(),
                    Units.time((double) card.busy()),
                    Units.time((double) card.scheduled()),
                    Units.time((double) card.idle()),
                    Units.grouped(card.switches()),
                    mostly.words())) {
                out.append("<td>").append(escape(cell)).append("</td>");
            }
            out.append("</tr>\n");
        }
        return out.append("</tbody></table></div>\n").toString();
    }

    private static long present(TaskLine task) {
        return task.spans.size() == 0 ? 0 : task.ended() - task.spans.from(0);
    }
}
