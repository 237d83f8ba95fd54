package dev.heddle.lab.report;

import dev.heddle.lab.measure.Result.Context;
import dev.heddle.lab.measure.Result.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A comparison as text for a terminal or a file. */
public final class TextReport {
    private static final String GAP = "  ";

    private TextReport() {}

    /** {@return where and how it was measured, on two lines} */
    public static List<String> context(Context context) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%s | %s | JDK %s | %s",
                        context.cpus() == 1 ? "1 CPU" : context.cpus() + " CPUs",
                        context.os(),
                        context.jdk(),
                        context.flags().isEmpty() ? "no flags" : "flags " + String.join(" ", context.flags())),
                String.format(
                        Locale.ROOT,
                        "%s | seed %d | %d repetitions of each row after warm-up, in a new random order each round",
                        context.version(),
                        context.seed(),
                        context.repeats()));
    }

    /**
     * @param table a workload
     * @param strong makes the important stand out, or does nothing
     * @return its table, notes and verdict, several lines
     */
    public static String table(Table table, UnaryOperator<String> strong) {
        Grid grid = Grid.of(table);
        StringBuilder out = new StringBuilder();
        out.append(strong.apply(title(table)))
                .append("  ")
                .append(table.description())
                .append('\n');
        int columns = grid.headers().size();
        int[] widths = new int[columns];
        for (int c = 0; c < columns; c++) {
            widths[c] = grid.headers().get(c).length();
            for (List<String> row : grid.rows()) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        line(out, grid.headers(), widths);
        grid.rows().forEach(row -> line(out, row, widths));
        grid.notes().forEach(note -> out.append(GAP).append(note).append('\n'));
        out.append(GAP).append(strong.apply(table.verdict().sentence())).append('\n');
        return out.toString();
    }

    static String title(Table table) {
        return table.args().isEmpty() ? table.workload() : table.workload() + " " + String.join(" ", table.args());
    }

    /** The first column to the left, the others, which are numbers, to the right. */
    private static void line(StringBuilder out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(GAP);
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            String pad = " ".repeat(widths[c] - cell.length());
            line.append(c == 0 ? cell + pad : GAP + pad + cell);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
