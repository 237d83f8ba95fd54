package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.peer.Language;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tasks that wait, as for a disk or a network, all at the same time. */
final class Overlap implements Experiment {
    private static final int TASKS = 100;

    /** Some work after the wait, so that there is a checksum. */
    private static final long TURNS = 1_000;

    /** Surely this many times as fast as one wait after the other. */
    private static final Quantity TIMES = new Quantity("times", Unit.TIMES);

    @Override
    public Question question() {
        return Question.Q1;
    }

    @Override
    public String name() {
        return "overlap";
    }

    @Override
    public String measures() {
        return TASKS
                + " tasks that wait a while each, as for a disk or network, and work a little, on as many processors"
                + " as there are CPUs";
    }

    private static long waitNanos(Scale scale) {
        return scale.pick(1, 5, 10) * 1_000_000L;
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        long wait = waitNanos(scale);
        for (Model model : Model.values()) {
            cells.add(HeddleWork.cell("", Work.class, model, scale.cpus(), wait));
        }
        cells.add(peer("C thread", Language.C, wait));
        cells.add(peer("Go goroutine", Language.GO, wait));
        cells.add(peer("Python thread", Language.PYTHON, wait));
        return cells;
    }

    private static Cell peer(String who, Language language, long wait) {
        return PeerWork.cell(who, language, "overlap", () -> Turns.checksum(TASKS, TURNS), TASKS, wait);
    }

    /** The tasks, all started at once. */
    public static final class Work implements Workload {
        /** For the runner. */
        public Work() {}

        @Override
        public String describe() {
            return "tasks that wait NANOS each";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            Duration wait = Duration.ofNanos(args.number(0, "NANOS", 1));
            List<Task<Long>> tasks = new ArrayList<>();
            for (int task = 1; task <= TASKS; task++) {
                long start = task;
                tasks.add(h.start(() -> {
                    Thread.sleep(wait);
                    return Turns.run(start, TURNS);
                }));
            }
            long sum = 0;
            for (Task<Long> task : tasks) {
                sum += task.join();
            }
            Turns.verify(sum, TASKS, TURNS);
            return Outcome.NOTHING;
        }
    }

    @Override
    public Answer judge(Findings findings) {
        double inTurn = (double) TASKS * waitNanos(findings.scale());
        Sheet.Lines sheet = new Sheet.Lines("", "time", "95% interval", "waits in turn / time");
        List<String> gain = new ArrayList<>();
        List<String> none = new ArrayList<>();
        for (Measured row : findings.rows()) {
            Optional<Estimate> median = findings.median(row, Quantity.TIME);
            if (median.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            Estimate time = median.get();
            String times = TIMES.unit().text(inTurn / time.value());
            sheet.add(row.label(), time.text(), time.range(), times);
            (inTurn / time.interval().high() > Estimate.GAIN ? gain : none).add(row.label() + " (" + times + ")");
        }
        sheet.note("one wait after the other would take " + Unit.TIME.text(inTurn));
        String said =
                "Because tasks that wait leave the CPUs to others, even on one CPU: so many times as fast as one wait"
                        + " after the other were " + Phrases.list(gain) + ".";
        if (!none.isEmpty()) {
            said += " No gain was shown by " + Phrases.list(none) + ".";
        }
        return new Answer(
                said,
                List.of(),
                sheet.done(),
                Picture.strip(findings, Quantity.TIME, "Time until all tasks had waited and ended"));
    }

    @Override
    public String howToRead() {
        return "Each point is one run of all tasks; lower is faster. If all waits overlapped, a run would take as long as one"
                + " wait and the starts of the tasks. A task of PROCESS that sleeps keeps its worker, so only as many waits"
                + " overlap there as there are workers.";
    }
}
