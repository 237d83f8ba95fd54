package dev.heddle.lab.report;

import static dev.heddle.lab.report.Page.escape;

import dev.heddle.lab.measure.Quality.Grade;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.measure.Verdict.Kind;
import java.util.List;
import java.util.Locale;

/**
 * A comparison as one page that needs nothing but itself. All that can be read is in the HTML; the script only draws
 * the plots, from the data that the page carries as JSON.
 */
public final class HtmlReport {
    private static final String HOW_TO_READ = """
            <details><summary>How to read this</summary>
            <p>Each point is the time of one repetition; within a model they stand in the order of measurement from left
            to right, so a slope shows warming up or a disturbance. The bar is the median, the box around it its 95%
            bootstrap interval: where the boxes of two models overlap, no difference has been shown between them. A row
            with a star was too unsure to be ranked; the notes say why.</p>
            <p>CPU time and context switches are medians over the repetitions, peak memory and OS threads the largest
            seen, each of the whole JVM and, under PROCESS, of its workers as well. p99 is that of the workload's own
            latencies, such as round trips, where it has some: a few repetitions have no 99th percentile, so of their
            times the maximum is shown.</p>
            </details>
            """;

    private HtmlReport() {}

    /** {@return the page} */
    public static String page(Result result) {
        return Page.of(
                "Heddle: compared",
                "models of concurrency, compared",
                "report.js",
                content(result),
                JsonReport.compact(result));
    }

    private static String content(Result result) {
        StringBuilder out = new StringBuilder();
        out.append("<p class=\"context\">")
                .append(escape(String.join("\n", TextReport.context(result.context())))
                        .replace("\n", "<br>"))
                .append("<br>")
                .append(escape(result.context().started()))
                .append("</p>\n");
        switch (result.ending()) {
            case COMPLETE, RUNNING -> {}
            case INTERRUPTED -> banner(out, "Interrupted: this is what had been measured until then.");
            case FAILED -> banner(out, "Failed: " + result.failure().orElse(""));
        }
        for (int i = 0; i < result.tables().size(); i++) {
            section(out, result, result.tables().get(i), i);
        }
        return out.toString();
    }

    private static void section(StringBuilder out, Result result, Table table, int index) {
        out.append("<section>\n<h2>").append(escape(TextReport.title(table))).append("</h2>\n");
        out.append("<p class=\"describe\">").append(escape(table.description())).append("</p>\n");
        out.append("<p class=\"verdict ")
                .append(table.verdict().kind().name().toLowerCase(Locale.ROOT))
                .append("\">")
                .append(escape(table.verdict().sentence()))
                .append("</p>\n");
        out.append("""
                <figure><div class="plot" data-table="%d" role="img"
                 aria-label="Time of each repetition by model; the table below has the numbers"></div>
                <figcaption class="readout" aria-live="polite"></figcaption></figure>
                """.formatted(index));
        grid(out, table);
        out.append(HOW_TO_READ);
        out.append("<p class=\"again\">Measure it again: <code>")
                .append(escape(result.context().command()))
                .append("</code> <button type=\"button\" class=\"copy\">copy</button></p>\n</section>\n");
    }

    private static void grid(StringBuilder out, Table table) {
        Grid grid = Grid.of(table);
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (String header : grid.headers()) {
            out.append("<th scope=\"col\">").append(escape(header)).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (int r = 0; r < grid.rows().size(); r++) {
            Row row = table.rows().get(r);
            boolean fastest = table.verdict().kind() == Kind.WINNER
                    && row.summary().isPresent()
                    && row.quality().filter(q -> q.grade() == Grade.GOOD).isPresent()
                    && isFirst(table, row);
            out.append(fastest ? "<tr class=\"fastest\">" : "<tr>");
            List<String> cells = grid.rows().get(r);
            out.append("<th scope=\"row\"><i class=\"")
                    .append(row.model())
                    .append("\"></i>")
                    .append(escape(cells.getFirst()))
                    .append("</th>");
            cells.stream()
                    .skip(1)
                    .forEach(cell -> out.append("<td>").append(escape(cell)).append("</td>"));
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
        if (!grid.notes().isEmpty()) {
            out.append("<ul class=\"notes\">");
            grid.notes().forEach(note -> out.append("<li>").append(escape(note)).append("</li>"));
            out.append("</ul>\n");
        }
    }

    private static boolean isFirst(Table table, Row row) {
        double mine = row.summary().orElseThrow().median();
        return table.rows().stream()
                .filter(other ->
                        other.quality().filter(q -> q.grade() == Grade.GOOD).isPresent())
                .allMatch(other -> other.summary().orElseThrow().median() >= mine);
    }

    private static void banner(StringBuilder out, String text) {
        out.append("<p class=\"verdict invalid\">").append(escape(text)).append("</p>\n");
    }
}
