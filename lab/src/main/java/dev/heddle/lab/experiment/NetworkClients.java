package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.workload.Clients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An echo server with one task per network client, in straight-line code: few clients, and as many as the machine bears. */
final class NetworkClients implements Experiment {
    /** A client takes a socket that listens, one that serves, and one of its own. */
    private static final long FILES_PER_CLIENT = 3;

    /** What a JVM has open beside. */
    private static final long OTHER_FILES = 300;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String OPEN_FILES = "Max open files";

    /** A client of PROCESS keeps a worker, so more than a few only wait for their turn. */
    private static final int MOST_OF_PROCESS = 100;

    @Override
    public Question question() {
        return Question.Q2;
    }

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public String measures() {
        return "an echo server with one task per network client, which reads and writes as if it were alone; round trips";
    }

    private static List<Integer> wanted(Scale scale) {
        return switch (scale.size()) {
            case SMALLEST -> List.of(2, 4);
            case USUAL -> List.of(10, 1_000);
            case FULL -> List.of(10, 100, 1_000, 10_000, 50_000);
        };
    }

    private static List<Integer> counts(Scale scale) {
        long most = (openFiles() - OTHER_FILES) / FILES_PER_CLIENT;
        return wanted(scale).stream().filter(count -> count <= most).toList();
    }

    /** The hard limit: a JVM raises its own to that. */
    private static long openFiles() {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                if (line.startsWith(OPEN_FILES)) {
                    String hard = line.substring(OPEN_FILES.length()).strip().split(" +")[1];
                    return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
                }
            }
        } catch (IOException e) {
            return Long.MAX_VALUE; // another system: then it shows when it is tried
        }
        return Long.MAX_VALUE;
    }

    private static String suffix(int clients) {
        return String.format(Locale.ROOT, "%,d", clients);
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (int clients : counts(scale)) {
            int trips = Math.max(2, scale.pick(8, 10_000, 100_000) / clients);
            for (Model model : Model.values()) {
                if (model != Model.PROCESS || clients <= MOST_OF_PROCESS) {
                    cells.add(HeddleWork.cell(
                            suffix(clients), Clients.class, model, scale.cpus(), clients, Math.min(trips, 500)));
                }
            }
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 3, 5);
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "trips/s", "p50", "p99", "max", "OS threads", "peak RSS");
        List<String> most = new ArrayList<>();
        int largest = counts(findings.scale()).stream().max(Integer::compare).orElse(0);
        for (Measured row : findings.rows()) {
            Optional<Estimate> time = findings.median(row, Quantity.TIME);
            if (time.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            Latencies all = Latencies.merge(
                    row.samples().stream().map(Sample::latencies).toList());
            double trips = (double) all.count() / row.samples().size();
            String rate = Unit.RATE.text(trips / time.get().value() * 1e9);
            long threads =
                    row.samples().stream().mapToLong(Sample::osThreads).max().orElse(Sample.UNKNOWN);
            double rss =
                    row.samples().stream().mapToLong(Sample::peakRssBytes).max().orElse(Sample.UNKNOWN);
            sheet.add(
                    row.label(),
                    rate,
                    Unit.TIME.text((double) all.quantile(0.50)),
                    Unit.TIME.text((double) all.quantile(0.99)),
                    Unit.TIME.text((double) all.quantile(1)),
                    Unit.COUNT.text((double) threads),
                    Unit.BYTES.text(rss));
            if (row.label().endsWith(" " + suffix(largest))) {
                most.add(row.cell().family() + " (" + rate + ", p99 " + Unit.TIME.text((double) all.quantile(0.99))
                        + ", " + threads + " OS threads)");
            }
        }
        List<Integer> leftOut = new ArrayList<>(wanted(findings.scale()));
        leftOut.removeAll(counts(findings.scale()));
        for (int clients : leftOut) {
            sheet.note(String.format(
                    Locale.ROOT,
                    "%,d clients were left out: they take %,d open files, and this process may have %,d (ulimit -n)",
                    clients,
                    clients * FILES_PER_CLIENT + OTHER_FILES,
                    openFiles()));
        }
        return new Answer(
                "One client's code reads, then writes, as if it were alone, and there are as many of it as clients: "
                        + suffix(largest) + " were served by " + Phrases.list(most) + ".",
                List.of(),
                sheet.done(),
                Picture.strip(findings, Quantity.TIME, "Time until all clients had all their answers"));
    }

    @Override
    public String howToRead() {
        return "Each point is one run with all clients; lower is faster. The table has the times of single round trips: half were"
                + " faster than p50, and of a hundred one took longer than p99. Under PROCESS only as many clients are served at"
                + " a time as there are workers.";
    }
}
