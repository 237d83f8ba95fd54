package dev.heddle.lab.report;

import static dev.heddle.lab.report.Page.escape;

import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Conclusion;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.experiment.Sheet;
import dev.heddle.lab.experiment.Sheet.Entry;
import java.util.List;

/**
 * Answers as one page that needs nothing but itself: a box per question, and in it, for each experiment, the answer, the
 * picture, the table, how to read it, and the command that measures it again.
 */
public final class AnswersHtml {
    private AnswersHtml() {}

    /** {@return the page} */
    public static String page(Answers answers) {
        return Page.of(
                "Heddle: answers",
                "eight questions about concurrency, answered by measurement",
                "answers.js",
                content(answers),
                AnswersJson.pictures(answers));
    }

    private static String content(Answers answers) {
        StringBuilder out = new StringBuilder();
        out.append("<p class=\"context\">")
                .append(escape(String.join("\n", answers.circumstances().lines()))
                        .replace("\n", "<br>"))
                .append("</p>\n");
        for (Question question : Question.values()) {
            List<Conclusion> mine = answers.conclusions().stream()
                    .filter(conclusion -> conclusion.experiment().question() == question)
                    .toList();
            if (!mine.isEmpty()) {
                out.append("<section>\n<h2 class=\"question\"><span>")
                        .append(question)
                        .append("</span> ")
                        .append(escape(question.text()))
                        .append("</h2>\n");
                mine.forEach(conclusion -> experiment(
                        out, answers, conclusion, answers.conclusions().indexOf(conclusion)));
                out.append("</section>\n");
            }
        }
        return out.toString();
    }

    private static void experiment(StringBuilder out, Answers answers, Conclusion conclusion, int index) {
        String name = conclusion.experiment().name();
        out.append("<article>\n<h3>").append(escape(name)).append("</h3>\n");
        out.append("<p class=\"describe\">")
                .append(escape(conclusion.experiment().measures()))
                .append("</p>\n");
        out.append("<p class=\"verdict")
                .append(conclusion.standing() == Standing.ANSWERED ? "" : " invalid")
                .append("\">")
                .append(escape(conclusion.sentences()))
                .append("</p>\n");
        for (Belief belief : conclusion.answer().beliefs()) {
            out.append("<p class=\"belief\">")
                    .append(escape(AnswersText.said(belief)))
                    .append("</p>\n");
        }
        out.append("""
                <figure><div class="plot" data-picture="%d" role="img" aria-label="%s; the table below has the numbers"></div>
                <figcaption class="readout" aria-live="polite"></figcaption></figure>
                """.formatted(index, escape(conclusion.answer().picture().alternative())));
        table(out, conclusion.answer().sheet());
        List<String> notes = AnswersText.notes(conclusion);
        if (!notes.isEmpty()) {
            out.append("<ul class=\"notes\">");
            notes.forEach(note -> out.append("<li>").append(escape(note)).append("</li>"));
            out.append("</ul>\n");
        }
        evidence(out, conclusion.answer().sheet());
        out.append("<details><summary>How to read this</summary>\n<p>")
                .append(escape(conclusion.experiment().howToRead()))
                .append("</p></details>\n<p class=\"again\">Measure it again: <code>")
                .append(escape(answers.circumstances().command(conclusion)))
                .append("</code> <button type=\"button\" class=\"copy\">copy</button></p>\n</article>\n");
    }

    private static void table(StringBuilder out, Sheet sheet) {
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (String header : sheet.headers()) {
            out.append("<th scope=\"col\">").append(escape(header)).append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (List<Entry> line : sheet.lines()) {
            out.append("<tr><th scope=\"row\">")
                    .append(escape(line.getFirst().text()))
                    .append("</th>");
            for (Entry entry : line.subList(1, line.size())) {
                out.append(entry.evidence().isEmpty() ? "<td>" : "<td title=\"" + escape(entry.evidence()) + "\">")
                        .append(escape(entry.text()))
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    /** What each cell follows from, also for those who have no pointer to rest on a cell. */
    private static void evidence(StringBuilder out, Sheet sheet) {
        StringBuilder items = new StringBuilder();
        for (List<Entry> line : sheet.lines()) {
            for (int c = 1; c < line.size(); c++) {
                if (!line.get(c).evidence().isEmpty()) {
                    items.append("<li>")
                            .append(escape(line.getFirst().text() + ", "
                                    + sheet.headers().get(c) + ": "
                                    + line.get(c).text() + ", since "
                                    + line.get(c).evidence()))
                            .append("</li>");
                }
            }
        }
        if (!items.isEmpty()) {
            out.append("<details><summary>The evidence for each cell</summary><ul class=\"notes\">")
                    .append(items)
                    .append("</ul></details>\n");
        }
    }
}
