package dev.heddle.lab;

import dev.heddle.lab.experiment.Conclusion;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Experiment;
import dev.heddle.lab.experiment.Experiments;
import dev.heddle.lab.experiment.Laboratory;
import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.experiment.Scale;
import dev.heddle.lab.experiment.Scale.Size;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.report.Answers;
import dev.heddle.lab.report.Answers.Circumstances;
import dev.heddle.lab.report.AnswersHtml;
import dev.heddle.lab.report.AnswersJson;
import dev.heddle.lab.report.AnswersText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle answers}. */
@Command(
        name = "answers",
        description = {
            "Answers questions about concurrency by measuring this machine, and writes a report.",
            "Without a question it answers all of them, in some minutes."
        },
        footer = {
            "",
            "Examples:",
            "  heddle answers",
            "  heddle answers Q6 --full",
            "  heddle answers multicore --seed 7"
        })
final class AnswersCommand implements Callable<Integer> {
    private static final int LARGEST_SEED = 1_000_000;

    @Parameters(
            paramLabel = "Q",
            arity = "0..*",
            description = "Questions, such as Q1, or experiments, such as multicore; by default all.")
    private List<String> words = List.of();

    @Option(names = "--full", description = "Measure longer, to be surer.")
    private boolean full;

    @Option(names = "--smallest", description = "Do everything, but too little of it to conclude anything: for tests.")
    private boolean smallest;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order and the bootstrap; by default a random one.")
    private @Nullable Long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write every sample as JSON as well.")
    private @Nullable Path json;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the report (default: ${DEFAULT-VALUE}).",
            defaultValue = "heddle-answers.html")
    private Path output = Path.of("heddle-answers.html");

    @Override
    public Integer call() throws InterruptedException {
        List<Experiment> chosen = chosen();
        Path page = WholeFile.require(output);
        Path data = json == null ? null : WholeFile.require(json, "--json");
        if (page.equals(data)) {
            throw new UsageException("-o and --json name the same file, " + output + ": name two");
        }
        Size size = smallest ? Size.SMALLEST : full ? Size.FULL : Size.USUAL;
        long chosenSeed = seed != null ? seed : new SecureRandom().nextInt(LARGEST_SEED);
        Circumstances circumstances = circumstances(size, chosenSeed);
        Terminal terminal = Terminal.system();
        UnaryOperator<String> strong = Terminal.isStyled() ? text -> "\033[1m" + text + "\033[0m" : text -> text;
        Laboratory laboratory = new Laboratory(
                new Scale(size, Runtime.getRuntime().availableProcessors()), chosenSeed, terminal::progress);

        PrintStream out = System.out;
        circumstances.lines().forEach(out::println);
        List<Conclusion> conclusions = new ArrayList<>();
        boolean written = true;
        for (Experiment experiment : chosen) {
            Conclusion conclusion = laboratory.run(experiment);
            terminal.clear();
            if (conclusions.isEmpty() || conclusions.getLast().experiment().question() != experiment.question()) {
                out.println();
                out.println(strong.apply(
                        experiment.question() + "  " + experiment.question().text()));
            }
            out.println();
            out.print(AnswersText.text(conclusion, strong));
            out.flush();
            conclusions.add(conclusion);
            // After each, so that whoever stops it has what was measured until then.
            written = write(new Answers(circumstances, List.copyOf(conclusions)), page, data);
        }
        out.println();
        if (written) {
            out.println("Report: " + page);
        }
        return written && !out.checkError() ? exitCode(conclusions) : Main.FAILED;
    }

    private static int exitCode(List<Conclusion> conclusions) {
        if (conclusions.stream().anyMatch(c -> c.standing() == Standing.FAILED)) {
            return Main.FAILED;
        }
        return conclusions.stream().allMatch(c -> c.standing() != Standing.ANSWERED) ? Main.INVALID : Main.OK;
    }

    private List<Experiment> chosen() {
        List<Experiment> all = Experiments.all();
        if (words.isEmpty()) {
            return all;
        }
        List<Experiment> chosen = new ArrayList<>();
        for (Experiment experiment : all) {
            if (words.stream().anyMatch(word -> isMeant(experiment, word))) {
                chosen.add(experiment);
            }
        }
        for (String word : words) {
            if (all.stream().noneMatch(experiment -> isMeant(experiment, word))) {
                List<String> names = new ArrayList<>();
                for (Question question : Question.values()) {
                    names.add(question.name());
                }
                all.forEach(experiment -> names.add(experiment.name()));
                throw new UsageException("there is no question or experiment '" + word + "' among "
                        + String.join(", ", names) + "." + Nearest.hint(word, names));
            }
        }
        return chosen;
    }

    private static boolean isMeant(Experiment experiment, String word) {
        return experiment.name().equalsIgnoreCase(word)
                || experiment.question().name().equalsIgnoreCase(word);
    }

    private static boolean write(Answers answers, Path page, @Nullable Path data) {
        try {
            WholeFile.write(page, AnswersHtml.page(answers));
            if (data != null) {
                WholeFile.write(data, AnswersJson.pretty(answers));
            }
            return true;
        } catch (IOException e) {
            System.err.println("heddle: cannot write the report: " + e
                    + "; make room, or name a file elsewhere with -o or --json");
            return false;
        }
    }

    private static Circumstances circumstances(Size size, long seed) {
        int cpus = Runtime.getRuntime().availableProcessors();
        return new Circumstances(
                OffsetDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString(),
                "heddle " + Main.version(),
                (cpus == 1 ? "1 CPU" : cpus + " CPUs") + " | " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version") + " " + System.getProperty("os.arch") + " | JDK "
                        + Runtime.version() + " " + System.getProperty("java.vendor"),
                Jvm.flagsPassedOn(),
                size.name().toLowerCase(Locale.ROOT),
                seed);
    }
}
