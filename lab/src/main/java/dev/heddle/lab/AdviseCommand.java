package dev.heddle.lab;

import dev.heddle.lab.advice.Advice;
import dev.heddle.lab.advice.SavedComparison.NotComparedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heddle advise}. */
@Command(
        name = "advise",
        description = {
            "Says which model to take for a workload, why, how sure that is, and what would change it.",
            "It reads what `heddle compare` has written: the report, or its JSON."
        },
        footer = {
            "",
            "Examples:",
            "  heddle compare --class com.acme.MyWork --class-path my.jar && heddle advise",
            "  heddle advise compared.json"
        })
final class AdviseCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "heddle-report.html",
            description = "What compare has written: .html or .json (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("heddle-report.html");

    @Override
    public Integer call() {
        List<Advice> all;
        try {
            all = Advice.of(WholeFile.read(file, "run `heddle compare` first, or name the file that it has written"));
        } catch (NotComparedException e) {
            throw new UsageException(
                    file + " is not what `heddle compare` writes: " + e.getMessage()
                            + "; name its report, or what it has written with -o FILE.json",
                    e);
        }
        if (all.isEmpty()) {
            throw new UsageException(file + " has no workload in it: the comparison ended before one was measured");
        }
        System.out.print(all.stream().map(Advice::text).collect(Collectors.joining("\n")));
        if (System.out.checkError()) {
            return Main.FAILED;
        }
        return all.stream().allMatch(advice -> advice.models().isEmpty()) ? Main.INVALID : Main.OK;
    }
}
