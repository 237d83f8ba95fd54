package dev.heddle.lab;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code heddle}. Without a subcommand it prints its help. */
@Command(
        name = "heddle",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Runs one program as processes, threads, green threads and fibers, and measures which it should be.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"heddle " + (version == null ? "(not packaged)" : version)};
        }
    }
}
