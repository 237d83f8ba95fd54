package dev.heddle.lab;

import dev.heddle.lab.measure.Comparison;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.report.CsvReport;
import dev.heddle.lab.report.HtmlReport;
import dev.heddle.lab.report.JsonReport;
import dev.heddle.lab.report.TextReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a comparison has found to standard output and into its file: each table as soon as it is complete, and
 * what there is when the comparison ends before its time.
 *
 * <p>Two threads deliver: the one that runs the comparison and, after Ctrl-C, the shutdown hook. Invariants: everything
 * happens under the monitor; once {@link #over} is set nothing more is delivered, so that the hook has the last word.
 */
final class Delivery {
    private static final Path DEFAULT_FILE = Path.of("heddle-report.html");

    private final PrintStream out = System.out;
    private final @Nullable Path file;
    private final Function<Result, String> format;
    private final boolean json;
    private final UnaryOperator<String> strong;

    private @Nullable Comparison comparison;
    private @Nullable Terminal terminal;
    private int printed;
    private boolean over;

    /** Whether the file holds what was delivered last. */
    private boolean written;

    private Delivery(@Nullable Path file, Function<Result, String> format, boolean json) {
        this.file = file;
        this.format = format;
        this.json = json;
        this.strong = Terminal.isStyled() ? text -> "\033[1m" + text + "\033[0m" : text -> text;
    }

    /**
     * @param output the file that the user named, or null
     * @param json whether standard output gets JSON
     * @throws UsageException if the file cannot be written; better now than after minutes
     */
    static Delivery to(@Nullable Path output, boolean json) {
        Path file = output != null ? output : json ? null : DEFAULT_FILE;
        if (file == null) {
            return new Delivery(null, result -> "", true);
        }
        return new Delivery(WholeFile.require(file), formatOf(file), json);
    }

    private static Function<Result, String> formatOf(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".html")) {
            return HtmlReport::page;
        }
        if (name.endsWith(".json")) {
            return JsonReport::pretty;
        }
        if (name.endsWith(".csv")) {
            return CsvReport::text;
        }
        throw new UsageException("-o " + file + " must end in .html, .json or .csv, which says what to write");
    }

    synchronized void begin(Comparison comparison, Terminal terminal) {
        this.comparison = comparison;
        this.terminal = terminal;
    }

    /** A workload has been measured. */
    synchronized void afterEach() {
        if (!over) {
            printTables();
            write();
        }
    }

    /** The comparison failed: shows what there is, and why there is no more. */
    synchronized void failure(MeasureException e) {
        if (!over) {
            printTables();
            if (!e.details().isEmpty()) {
                System.err.print(e.details());
            }
            System.err.println("heddle: the comparison failed: " + e.getMessage() + ".");
        }
    }

    /** The command line was wrong, as a runner found out: there is nothing to deliver. */
    synchronized void abandon() {
        clear();
        over = true;
    }

    /** {@return whether the user has got everything} Everything has been measured that will be. */
    synchronized boolean finish() {
        if (over) {
            return true; // the hook delivers, and the exit code is that of the interrupt
        }
        over = true;
        return deliverAll();
    }

    /** Called as the JVM ends: if the comparison has not ended by itself, the user has stopped it. */
    synchronized void interrupted() {
        if (!over && comparison != null) {
            over = true;
            comparison.interrupted();
            printTables();
            System.err.println("heddle: interrupted; what had been measured until then is kept.");
            deliverAll();
        }
    }

    private boolean deliverAll() {
        clear();
        write();
        if (json) {
            out.print(JsonReport.pretty(result()));
        }
        if (file != null && written) {
            (json ? System.err : out).println((json ? "heddle: wrote " : "Report: ") + file);
        }
        boolean printedAll = !out.checkError(); // flushes
        if (!printedAll) {
            System.err.println(
                    "heddle: the result could not be written to standard output: the disk may be full, or the"
                            + " reader of the pipe gone");
        }
        return printedAll && (file == null || written);
    }

    private void printTables() {
        clear();
        if (json) {
            return;
        }
        List<Table> tables = result().tables();
        if (printed == 0 && !tables.isEmpty()) { // not before: a runner may still find the command line wrong
            TextReport.context(result().context()).forEach(out::println);
            out.println();
        }
        for (; printed < tables.size(); printed++) {
            out.println(TextReport.table(tables.get(printed), strong));
        }
        out.flush();
    }

    private void clear() {
        if (terminal != null) {
            terminal.clear();
        }
    }

    private Result result() {
        if (comparison == null) {
            throw new IllegalStateException("begin() comes first");
        }
        return comparison.result();
    }

    private void write() {
        if (file == null) {
            return;
        }
        written = false;
        try {
            WholeFile.write(file, format.apply(result()));
            written = true;
        } catch (IOException e) {
            System.err.println(
                    "heddle: cannot write " + file + ": " + e + "; make room, or name a file elsewhere with -o");
        }
    }
}
