package dev.heddle.lab;

import dev.heddle.Model;
import dev.heddle.lab.measure.Comparison;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.Plan;
import dev.heddle.lab.measure.Plan.Work;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Result.Context;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.workload.Workloads;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle compare}. */
@Command(
        name = "compare",
        description = {
            "Runs a workload under each model and shows which is fastest, and what each costs.",
            "Without a workload it runs all of them; heddle list names them."
        },
        footer = {
            "",
            "Examples:",
            "  heddle compare",
            "  heddle compare digest /usr/share/doc --json",
            "  heddle compare primes 50_000_000 --models green,fiber --processors 1,2",
            "  heddle compare --class com.acme.MyWork --class-path my.jar"
        })
final class CompareCommand implements Callable<Integer> {
    private static final int LARGEST_SEED = 1_000_000;

    /** As {@link dev.heddle.HeddleBuilder#processors} has it. */
    private static final int MOST_PROCESSORS = 1_024;

    @Parameters(
            paramLabel = "WORKLOAD [ARGS]",
            arity = "0..*",
            description = "What to run, and its arguments; with --class only the arguments.")
    private List<String> words = List.of();

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "MODEL",
            description = "process, thread, green, fiber; by default all.")
    private List<Model> models = List.of(Model.values());

    @Option(
            names = "--processors",
            split = ",",
            paramLabel = "N",
            description = "How many tasks may execute at the same instant; by default the CPUs. FIBER always has 1.")
    private List<Integer> processors = List.of(Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--repeats",
            paramLabel = "K",
            defaultValue = "15",
            description = "Measured repetitions of each row, after warm-up (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of the order and the bootstrap; by default a random one.")
    private @Nullable Long seed;

    @Option(
            names = "--json",
            description = "Print JSON instead of the tables, and write no report unless -o asks for it.")
    private boolean json;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where to write the result, as its ending says: html, json or csv (default: heddle-report.html).")
    private @Nullable Path output;

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "A workload of your own: a class that implements " + "dev.heddle.lab.Workload.")
    private @Nullable String ownClass;

    @Option(names = "--class-path", paramLabel = "PATH", description = "Jars and folders where it is.")
    private @Nullable String classPath;

    @Override
    public Integer call() throws InterruptedException {
        Plan plan = plan();
        Delivery delivery = Delivery.to(output, json);
        Terminal terminal = Terminal.system();
        Comparison comparison = new Comparison(plan, context(plan), terminal::progress);
        delivery.begin(comparison, terminal);

        Thread atInterrupt = new Thread(delivery::interrupted, "heddle-interrupt");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        int exitCode;
        try {
            comparison.run(delivery::afterEach);
            exitCode = exitCode(comparison.result());
        } catch (MeasureException e) {
            if (e.kind() == MeasureException.Kind.USAGE) {
                delivery.abandon();
                throw new UsageException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
            }
            delivery.failure(e);
            exitCode = Main.FAILED;
        } catch (RuntimeException e) { // a bug: what there is would only hide it
            delivery.abandon();
            throw e;
        }
        boolean delivered = delivery.finish();
        return delivered ? exitCode : Main.FAILED;
    }

    /** A model that cannot work here counts as failed: it was asked for, by default or by name. */
    private static int exitCode(Result result) {
        List<Row> rows =
                result.tables().stream().flatMap(table -> table.rows().stream()).toList();
        if (rows.stream().anyMatch(row -> row.unavailable().isPresent())) {
            return Main.FAILED;
        }
        return result.tables().stream().map(Table::verdict).allMatch(verdict -> verdict.isInvalid())
                ? Main.INVALID
                : Main.OK;
    }

    private Plan plan() {
        if (repeats < 1) {
            throw new UsageException("--repeats must be at least 1, and is " + repeats);
        }
        processors.forEach(CompareCommand::requireProcessors);
        long chosenSeed = seed != null ? seed : new SecureRandom().nextInt(LARGEST_SEED);
        return new Plan(
                works(),
                List.copyOf(new LinkedHashSet<>(models)),
                List.copyOf(new LinkedHashSet<>(processors)),
                repeats,
                chosenSeed,
                classPathEntries(),
                Jvm.flagsPassedOn());
    }

    private List<Work> works() {
        if (ownClass != null) {
            return List.of(new Work(ownClass, words));
        }
        if (classPath != null) {
            throw new UsageException("--class-path says where a class is, and --class must say which");
        }
        if (words.isEmpty()) {
            return Workloads.all().stream()
                    .map(workload -> new Work(workload.getClass().getName(), List.of()))
                    .toList();
        }
        String name = words.getFirst();
        Workload workload = Workloads.named(name).orElseThrow(() -> unknown(name));
        return List.of(new Work(workload.getClass().getName(), words.subList(1, words.size())));
    }

    static void requireProcessors(int count) {
        if (count < 1 || count > MOST_PROCESSORS) {
            throw new UsageException("--processors must be from 1 to " + MOST_PROCESSORS + ", and is " + count);
        }
    }

    static UsageException unknown(String name) {
        List<String> names = Workloads.all().stream().map(Workload::name).toList();
        return new UsageException("there is no workload '" + name + "' among " + String.join(", ", names) + "."
                + Nearest.hint(name, names));
    }

    private List<Path> classPathEntries() {
        List<Path> entries = new ArrayList<>();
        if (classPath != null) {
            for (String entry : classPath.split(File.pathSeparator)) {
                Path path = Path.of(entry).toAbsolutePath();
                if (!Files.exists(path)) {
                    throw new UsageException("--class-path names " + entry + ", which does not exist");
                }
                entries.add(path);
            }
        }
        return entries;
    }

    private Context context(Plan plan) {
        return new Context(
                OffsetDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString(),
                commandLine(plan),
                "heddle " + Main.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.version() + " " + System.getProperty("java.vendor"),
                plan.jvmFlags(),
                plan.seed(),
                plan.repeats(),
                plan.models());
    }

    /** What to type to measure the same again. */
    private String commandLine(Plan plan) {
        List<String> command = new ArrayList<>(List.of("./heddle", "compare"));
        command.addAll(words);
        if (ownClass != null) {
            command.addAll(List.of("--class", ownClass));
        }
        if (classPath != null) {
            command.addAll(List.of("--class-path", classPath));
        }
        if (!plan.models().equals(Arrays.asList(Model.values()))) {
            command.addAll(List.of(
                    "--models",
                    plan.models().stream()
                            .map(model -> model.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(","))));
        }
        command.addAll(List.of(
                "--processors", plan.processors().stream().map(String::valueOf).collect(Collectors.joining(","))));
        command.addAll(List.of("--repeats", String.valueOf(plan.repeats()), "--seed", String.valueOf(plan.seed())));
        return command.stream().map(CompareCommand::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:,=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
