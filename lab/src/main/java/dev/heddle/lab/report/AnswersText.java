package dev.heddle.lab.report;

import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Conclusion;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Measured;
import dev.heddle.lab.experiment.Sheet;
import dev.heddle.lab.experiment.Sheet.Entry;
import dev.heddle.lab.measure.Lint;
import dev.heddle.lab.measure.Quality.Grade;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Answers as text for a terminal or a file. */
public final class AnswersText {
    private static final String GAP = "  ";
    private static final int WIDTH = 110;

    private AnswersText() {}

    /** {@return where and how it was measured} */
    public static List<String> circumstances(Answers answers) {
        return answers.circumstances().lines();
    }

    /**
     * @param conclusion of one experiment
     * @param strong makes the important stand out, or does nothing
     * @return its answer, table and notes, several lines
     */
    public static String text(Conclusion conclusion, UnaryOperator<String> strong) {
        StringBuilder out = new StringBuilder();
        out.append(GAP)
                .append(conclusion.experiment().name())
                .append(": ")
                .append(conclusion.experiment().measures())
                .append('\n');
        wrapped(conclusion.sentences())
                .forEach(line -> out.append(GAP).append(strong.apply(line)).append('\n'));
        for (Belief belief : conclusion.answer().beliefs()) {
            wrapped(said(belief)).forEach(line -> out.append(GAP).append(line).append('\n'));
        }
        table(out, conclusion.answer().sheet());
        notes(conclusion)
                .forEach(note -> out.append(GAP).append(GAP).append(note).append('\n'));
        return out.toString();
    }

    static String said(Belief belief) {
        return "\"" + belief.saying() + "\": " + (belief.holds() ? "so it is here" : "not so here") + ", "
                + belief.evidence() + ".";
    }

    /** {@return what has to be said about single rows, and what the sheet has to say} */
    static List<String> notes(Conclusion conclusion) {
        List<String> notes = new ArrayList<>(conclusion.answer().sheet().notes());
        for (Measured row : conclusion.findings().rows()) {
            row.missing().ifPresent(why -> notes.add(row.label() + ": " + why));
        }
        if (conclusion.experiment().isTimed() && conclusion.standing() == Standing.ANSWERED) {
            for (Measured row : conclusion.findings().rows()) {
                row.quality()
                        .filter(quality -> quality.grade() != Grade.GOOD)
                        .ifPresent(quality ->
                                notes.add("* " + row.label() + " is " + quality.cause() + ": " + quality.details()));
            }
        }
        Map<String, List<Lint.Warning>> lints = new LinkedHashMap<>();
        for (Measured row : conclusion.findings().rows()) {
            lints.put(row.label(), row.lints());
        }
        notes.addAll(Lint.lines(lints));
        return notes;
    }

    /** The first column to the left, the others to the right, as numbers stand. */
    private static void table(StringBuilder out, Sheet sheet) {
        int columns = sheet.headers().size();
        int[] widths = new int[columns];
        for (int c = 0; c < columns; c++) {
            widths[c] = sheet.headers().get(c).length();
            for (List<Entry> line : sheet.lines()) {
                widths[c] = Math.max(widths[c], line.get(c).text().length());
            }
        }
        line(out, sheet.headers(), widths);
        sheet.lines().forEach(line -> line(out, line.stream().map(Entry::text).toList(), widths));
    }

    private static void line(StringBuilder out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(GAP + GAP);
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            String pad = " ".repeat(widths[c] - cell.length());
            line.append(c == 0 ? cell + pad : GAP + pad + cell);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
