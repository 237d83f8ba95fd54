package dev.heddle.lab;

import dev.heddle.lab.report.RunsComparison;
import dev.heddle.lab.report.RunsComparison.Line;
import dev.heddle.lab.report.RunsComparison.NotAnswersException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heddle compare-runs}. */
@Command(
        name = "compare-runs",
        description = "Compares two files that `heddle answers --json` has written: what became faster, what slower.",
        footer = {"", "Example:", "  heddle compare-runs before.json after.json"})
final class CompareRunsCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A.json", description = "The first run.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B.json", description = "The second run.")
    private Path second = Path.of("");

    @Override
    public Integer call() {
        List<Line> lines;
        try {
            lines = RunsComparison.compare(read(first), read(second));
        } catch (NotAnswersException e) {
            throw new UsageException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        if (lines.isEmpty()) {
            throw new UsageException(
                    "the two files have no timed experiment in common, so there is nothing to compare");
        }
        System.out.print(RunsComparison.text(lines));
        if (System.out.checkError()) {
            return Main.FAILED;
        }
        return lines.stream().noneMatch(Line::isComparable) ? Main.INVALID : Main.OK;
    }

    private static String read(Path file) {
        return WholeFile.read(file, "name two files that `heddle answers --json FILE` has written");
    }
}
