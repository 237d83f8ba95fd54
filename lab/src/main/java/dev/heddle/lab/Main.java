package dev.heddle.lab;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code heddle}. Without a subcommand it prints its help.
 *
 * <p>Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 something failed: a wrong
 * result, a worker that died, a model that does not work here, a check of {@code doctor} without which nothing works;
 * 2 the command line is wrong; 3 everything ran, and no measurement is valid; 130 interrupted, and the partial result
 * is kept.
 */
@Command(
        name = "heddle",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        subcommands = {
            AnswersCommand.class,
            CompareCommand.class,
            AdviseCommand.class,
            CompareRunsCommand.class,
            ListCommand.class,
            DoctorCommand.class,
            ProbeCommand.class,
            LiveCommand.class,
            StoriesCommand.class,
            ExplainCommand.class,
            TraceCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Runs one program as processes, threads, green threads and fibers, and measures which it should be.",
        footer = {
            "",
            "Begin with: heddle compare",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 no valid measurement, 130 interrupted."
        })
public final class Main implements Runnable {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INVALID = 3;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine heddle = new CommandLine(new Main());
        // What follows a program's name is the program's.
        Objects.requireNonNull(heddle.getSubcommands().get("probe")).setStopAtPositional(true);
        return heddle.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int wrongUse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String wrong = sentence(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            if (word.startsWith("-")) {
                wrong += Nearest.hint(
                        word,
                        command.getCommandSpec().options().stream()
                                .map(option -> option.longestName())
                                .toList());
            } else if (command.getCommandSpec().parent() != null) {
                wrong = "'" + word + "' is more than the command takes.";
            } else {
                wrong = "there is no command '" + word + "'."
                        + Nearest.hint(
                                word, List.copyOf(command.getSubcommands().keySet()));
            }
        }
        say(command, wrong + " See: " + command.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof UsageException) {
            say(command, sentence(e.getMessage()));
            return USAGE;
        }
        say(command, "this should not have happened: " + e);
        e.printStackTrace(command.getErr());
        return FAILED;
    }

    private static void say(CommandLine command, String text) {
        PrintWriter err = command.getErr();
        err.println("heddle: " + text);
        err.flush();
    }

    private static String sentence(@Nullable String message) {
        String text = message == null ? "the command line is wrong" : message;
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"heddle " + version()};
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
