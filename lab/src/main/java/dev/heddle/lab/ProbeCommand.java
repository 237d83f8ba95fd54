package dev.heddle.lab;

import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.probe.Finding;
import dev.heddle.lab.probe.Prober;
import dev.heddle.lab.probe.Profile;
import dev.heddle.lab.probe.Trait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heddle probe}. */
@Command(
        name = "probe",
        description = {
            "Finds out what kind of concurrency a program creates, from outside and by behaviour.",
            "A program that takes part (see docs/probes.md) is asked; any other is looked at while it runs."
        },
        footer = {"", "Examples:", "  heddle probe ./a.out", "  heddle probe --seconds 3 python3 server.py --port 80"})
final class ProbeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The program and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long to look at a program that does not take part (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1) {
            throw new UsageException("--seconds must be at least 1, and is " + seconds);
        }
        Profile profile;
        try {
            profile = Prober.probe(command, Duration.ofSeconds(seconds));
        } catch (MeasureException e) {
            System.err.println("heddle: " + e.getMessage() + ".");
            return Main.FAILED;
        }
        for (Trait trait : Trait.values()) {
            Finding finding = profile.of(trait);
            System.out.printf(
                    "%-20s %-9s %s%n", trait.question(), finding.says().text(), finding.evidence());
        }
        System.out.println("So it creates: " + profile.kind());
        return System.out.checkError() ? Main.FAILED : Main.OK;
    }
}
