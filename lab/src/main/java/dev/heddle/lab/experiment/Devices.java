package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import dev.heddle.lab.device.Rig;
import dev.heddle.lab.device.Rig.Address;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.Sample;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** One task per small I/O device, which asks and waits for the answer until a deadline, as if there were no other. */
final class Devices implements Experiment {
    private static final int REQUESTS = 5;
    private static final long DEADLINE_MILLIS = 60;
    private static final long SLOW_MILLIS = 20;

    /** A task of PROCESS keeps a worker while it waits for a device, so it has as many workers as devices, and few. */
    private static final int MOST_OF_PROCESS = 10;

    private static final Quantity MISSED = new Quantity("missed deadlines", Unit.COUNT);

    @Override
    public Question question() {
        return Question.Q2;
    }

    @Override
    public String name() {
        return "devices";
    }

    @Override
    public String measures() {
        return "one task per device, pseudo-terminals and FIFOs, some slow, some silent, some unplugged; answers that came late";
    }

    private static List<Integer> counts(Scale scale) {
        return switch (scale.size()) {
            case SMALLEST -> List.of(10);
            case USUAL -> List.of(10, 200);
            case FULL -> List.of(1, 10, 100, 1_000);
        };
    }

    private static String suffix(int devices) {
        return String.format(Locale.ROOT, "%,d", devices);
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (int devices : counts(scale)) {
            for (Model model : Model.values()) {
                if (model == Model.PROCESS && devices > MOST_OF_PROCESS) {
                    continue;
                }
                int processors = model == Model.PROCESS ? devices : scale.cpus();
                cells.add(HeddleWork.cell(suffix(devices), Work.class, model, processors, devices));
            }
        }
        return cells;
    }

    @Override
    public boolean lastsGivenTime() {
        return true;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 2, 7);
    }

    /** What a task has found out about its device. */
    private record Report(int answered, int missed, boolean unplugged, List<Long> latencies) implements Serializable {}

    /** The tasks. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "asks DEVICES, one task each";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int count = (int) args.number(0, "DEVICES", 1);
            try (Rig rig = Rig.open(count, SLOW_MILLIS)) {
                List<Address> addresses = rig.addresses();
                List<Task<Report>> tasks = new ArrayList<>();
                for (Address address : addresses) {
                    tasks.add(h.start(() -> serve(address)));
                }
                int missed = 0;
                int unplugged = 0;
                int silent = 0;
                LongStream latencies = LongStream.empty();
                for (int i = 0; i < count; i++) {
                    Report report = tasks.get(i).join();
                    verify(addresses.get(i), report);
                    latencies = LongStream.concat(
                            latencies, report.latencies().stream().mapToLong(Long::longValue));
                    switch (addresses.get(i).manner()) {
                        case PROMPT, SLOW -> missed += report.missed();
                        case SILENT -> silent++;
                        case UNPLUGGED -> unplugged += report.unplugged() ? 1 : 0;
                    }
                }
                return Outcome.of(MISSED.name(), missed)
                        .with("silent devices", silent)
                        .with("unplugged devices", unplugged)
                        .withLatencies(latencies.toArray());
            }
        }

        /** Straight-line code for one device: ask, wait, read, and again. */
        private static Report serve(Address address) throws InterruptedException {
            int answered = 0;
            int missed = 0;
            List<Long> latencies = new ArrayList<>();
            try (FileOutputStream ask = new FileOutputStream(address.ask());
                    FileInputStream answers = new FileInputStream(address.answers())) {
                for (int n = 1; n <= REQUESTS; n++) {
                    long start = System.nanoTime();
                    ask.write(("READ " + n + "\n").getBytes(StandardCharsets.US_ASCII));
                    if (await("VALUE " + n * Rig.FACTOR, answers, start)) {
                        answered++;
                        latencies.add(System.nanoTime() - start);
                    } else {
                        missed++;
                    }
                }
            } catch (IOException e) {
                return new Report(answered, missed, true, latencies); // it is gone
            }
            return new Report(answered, missed, false, latencies);
        }

        /** An answer that was missed before may come first; it is passed over. */
        private static boolean await(String wanted, FileInputStream answers, long start)
                throws IOException, InterruptedException {
            StringBuilder line = new StringBuilder();
            while (true) {
                while (answers.available() == 0) {
                    if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS)) {
                        return false;
                    }
                    Thread.sleep(1);
                }
                int c = answers.read();
                if (c == '\n') {
                    if (line.toString().equals(wanted)) {
                        return true;
                    }
                    line.setLength(0);
                } else {
                    line.append((char) c);
                }
            }
        }

        private static void verify(Address address, Report report) {
            boolean right = switch (address.manner()) {
                case PROMPT, SLOW -> !report.unplugged() && report.answered() + report.missed() == REQUESTS;
                case SILENT -> report.answered() == 0;
                // On a machine that hardly lets the rig run, all deadlines may pass before it is unplugged.
                case UNPLUGGED ->
                    report.answered() <= Rig.UNTIL_UNPLUGGED
                            && (report.unplugged() || report.missed() == REQUESTS - report.answered());
            };
            if (!right) {
                throw new WrongResultException("the device " + address + " cannot have given " + report.answered()
                        + " answers and missed " + report.missed() + (report.unplugged() ? ", unplugged" : ""));
            }
        }
    }

    @Override
    public Quantity quantity() {
        return MISSED;
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "missed deadlines", "of", "p50", "p99", "OS threads");
        List<String> met = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Measured row : findings.rows()) {
            Optional<Estimate> missed = findings.median(row, MISSED);
            if (missed.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            Latencies all = Latencies.merge(
                    row.samples().stream().map(Sample::latencies).toList());
            sheet.add(
                    row.label(),
                    missed.get().text(),
                    Unit.COUNT.text((double) requests(row)),
                    Unit.TIME.text((double) all.quantile(0.50)),
                    Unit.TIME.text((double) all.quantile(0.99)),
                    Unit.COUNT.text((double) row.samples().getFirst().osThreads()));
            (missed.get().value() == 0 ? met : missing).add(row.label() + " devices");
        }
        sheet.note(
                "every tenth device is slow, every tenth silent, every tenth is unplugged in mid-run; deadlines that a silent"
                        + " device misses are not counted");
        return new Answer(
                "Each device has code of its own that asks, waits and reads, and knows nothing of the others: all deadlines of "
                        + DEADLINE_MILLIS + " ms were met under " + Phrases.list(met)
                        + (missing.isEmpty() ? "" : "; some were missed under " + Phrases.list(missing)) + ".",
                List.of(),
                sheet.done(),
                Picture.strip(findings, MISSED, "Deadlines missed in each run"));
    }

    private static long requests(Measured row) {
        long devices = Long.parseLong(row.label().replaceAll("\\D", ""));
        long counted = 0;
        for (long i = 0; i < devices; i++) {
            counted += i % 10 == 5 || i % 10 == 7 ? 0 : REQUESTS;
        }
        return counted;
    }

    @Override
    public String howToRead() {
        return "Each point is one run, and says how many answers came after their deadline; none is best. The table has the times"
                + " from question to answer: a slow device takes " + SLOW_MILLIS
                + " ms, a prompt one as long as it takes to be"
                + " looked at.";
    }
}
