package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.workload.ClientLimit;
import dev.heddle.lab.workload.Clients;
import dev.heddle.lab.workload.HttpClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An echo server and a small HTTP service with one task per network client, in straight-line code: few clients, and as many as the
 * machine bears.
 */
final class NetworkClients implements Experiment {
    /** A client of PROCESS keeps a worker, so more than a few only wait for their turn. */
    private static final int MOST_OF_PROCESS = 100;

    private static final int ROUND = 100;
    private static final String HTTP = " http";

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
        return "an echo server and an HTTP service with one task per network client, which reads and writes as if it were alone; round trips";
    }

    private static List<Integer> wanted(Scale scale) {
        return switch (scale.size()) {
            case SMALLEST -> List.of(2, 4);
            case USUAL -> List.of(10, 1_000);
            case FULL -> List.of(10, 100, 1_000, 10_000, 50_000);
        };
    }

    /** Those that the machine's limits allow; where they do not allow all, also as many as they do. */
    private static List<Integer> counts(Scale scale) {
        long most = ClientLimit.strictest().most();
        List<Integer> counts = new ArrayList<>(
                wanted(scale).stream().filter(count -> count <= most).toList());
        if (counts.size() < wanted(scale).size() && most > counts.getLast()) {
            counts.add((int) (most / ROUND * ROUND));
        }
        return counts;
    }

    private static String suffix(int clients) {
        return String.format(Locale.ROOT, "%,d", clients);
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (int clients : counts(scale)) {
            int trips = Math.max(2, scale.pick(8, 8_000, 100_000) / clients);
            for (Model model : Model.values()) {
                if (model != Model.PROCESS || clients <= MOST_OF_PROCESS) {
                    int each = Math.min(trips, 500);
                    cells.add(HeddleWork.cell(suffix(clients), Clients.class, model, scale.cpus(), clients, each));
                    if (clients > wanted(scale).getFirst()) {
                        cells.add(HeddleWork.cell(
                                suffix(clients) + HTTP, HttpClients.class, model, scale.cpus(), clients, each));
                    }
                }
            }
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 2, 5);
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "trips/s", "p50", "p99", "max", "OS threads", "peak RSS", "a client");
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
                    Unit.BYTES.text(rss),
                    eachClient(findings, row, rss));
            if (row.label().contains(" " + suffix(largest))) {
                most.add(row.label().replace(" " + suffix(largest), "") + " (" + rate + ", p99 "
                        + Unit.TIME.text((double) all.quantile(0.99)) + ", " + threads + " OS threads)");
            }
        }
        sheet.note("a client: how much more resident memory it takes than with "
                + wanted(findings.scale()).getFirst() + " clients, for each that is more");
        ClientLimit limit = ClientLimit.strictest();
        int goal = wanted(findings.scale()).getLast();
        if (goal > limit.most()) {
            sheet.note(String.format(
                    Locale.ROOT,
                    "%,d clients were wanted, and %,d are possible here: %s",
                    goal,
                    limit.most(),
                    limit.why()));
        }
        return new Answer(
                "One client's code reads, then writes, as if it were alone, and there are as many of it as clients: "
                        + suffix(largest) + " were served by " + Phrases.list(most) + ".",
                List.of(),
                sheet.done(),
                Picture.strip(findings, Quantity.TIME, "Time until all clients had all their answers"));
    }

    private static String eachClient(Findings findings, Measured row, double rss) {
        String[] words = row.label().split(" ");
        int clients = Integer.parseInt(words[1].replace(",", ""));
        int few = wanted(findings.scale()).getFirst();
        Optional<Measured> least = findings.row(words[0] + " " + suffix(few));
        if (clients == few || least.isEmpty()) {
            return "";
        }
        long base = least.get().samples().stream()
                .mapToLong(Sample::peakRssBytes)
                .max()
                .orElse(Sample.UNKNOWN);
        return rss <= base ? "" : Unit.BYTES.text((rss - base) / (clients - few));
    }

    @Override
    public String howToRead() {
        return "Each point is one run with all clients; lower is faster. The table has the times of single round trips: half were"
                + " faster than p50, and of a hundred one took longer than p99. Under PROCESS only as many clients are served at"
                + " a time as there are workers.";
    }
}
