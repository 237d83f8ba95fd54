package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.peer.Language;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The number of processors is changed while tasks run: from 1 to 2 and back. */
final class Resize implements Experiment {
    private static final int TASKS = 4;

    /** How many turns a task does before it looks whether it shall end. */
    private static final long CHUNK = 10_000;

    private static final List<Quantity> RATES = List.of(
            new Quantity("rate with 1", Unit.RATE),
            new Quantity("rate with 2", Unit.RATE),
            new Quantity("rate with 1 again", Unit.RATE));

    private static final double MORE = 1.3;

    @Override
    public Question question() {
        return Question.Q8;
    }

    @Override
    public String name() {
        return "resize";
    }

    @Override
    public String measures() {
        return TASKS
                + " endless CPU-bound tasks while processors(n) goes from 1 to 2 and back to 1; their turns per second";
    }

    /** How long another worker may take to start. */
    private static final long START_NANOS = 10_000_000_000L;

    private static long windowNanos(Scale scale) {
        return scale.pick(20, 150, 500) * 1_000_000L;
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (Model model : List.of(Model.PROCESS, Model.THREAD, Model.GREEN)) {
            cells.add(HeddleWork.cell("", Work.class, model, 1, windowNanos(scale)));
        }
        cells.add(PeerWork.cell("Go", Language.GO, "resize", windowNanos(scale)));
        return cells;
    }

    @Override
    public boolean lastsGivenTime() {
        return true;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 3, 21);
    }

    /** The tasks, and the one who resizes. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "tasks that spin while the processors are resized each NANOS";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long window = args.number(0, "NANOS", 1);
            SharedLongs turns = h.sharedLongs(1);
            SharedLongs begun = h.sharedLongs(1);
            SharedLongs stop = h.sharedLongs(1);
            h.processors(1);
            List<Task<?>> tasks = new ArrayList<>();
            for (int task = 1; task <= TASKS; task++) {
                long start = task;
                tasks.add(h.start(() -> {
                    begun.getAndAdd(0, 1);
                    long x = start;
                    while (stop.getAcquire(0) == 0) {
                        x = Turns.run(x, CHUNK);
                        turns.getAndAdd(0, CHUNK);
                    }
                    return x;
                }));
            }
            Outcome outcome = Outcome.NOTHING;
            int[] processors = {1, 2, 1};
            for (int i = 0; i < processors.length; i++) {
                h.processors(processors[i]);
                awaitBegun(begun, processors[i]);
                sleep(window / 2); // for what has to move, or to be compiled
                long start = System.nanoTime();
                long before = turns.getAcquire(0);
                sleep(window);
                long done = turns.getAcquire(0) - before;
                long nanos = System.nanoTime() - start;
                outcome = outcome.with(RATES.get(i).name(), Math.round(done * 1e9 / nanos));
            }
            stop.setRelease(0, 1);
            for (Task<?> task : tasks) {
                task.join();
            }
            return outcome;
        }

        /** There are more tasks than processors, and under PROCESS the next one begins when there is a worker for it. */
        private static void awaitBegun(SharedLongs begun, int wanted) throws InterruptedException {
            long start = System.nanoTime();
            while (begun.getAcquire(0) < wanted && System.nanoTime() - start < START_NANOS) {
                sleep(1_000_000);
            }
        }

        private static void sleep(long nanos) throws InterruptedException {
            Thread.sleep(Duration.ofNanos(nanos));
        }
    }

    @Override
    public Quantity quantity() {
        return RATES.get(1);
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "with 1", "with 2", "with 1 again", "2 / 1", "1 again / 1");
        List<String> follow = new ArrayList<>();
        List<String> upOnly = new ArrayList<>();
        List<String> not = new ArrayList<>();
        for (Measured row : findings.rows()) {
            List<Estimate> rates = new ArrayList<>();
            RATES.forEach(rate -> findings.median(row, rate).ifPresent(rates::add));
            if (rates.size() < RATES.size()) {
                sheet.add(row.label(), "-");
                continue;
            }
            double up = rates.get(1).value() / rates.get(0).value();
            double back = rates.get(2).value() / rates.get(0).value();
            sheet.add(
                    row.label(),
                    rates.get(0).text(),
                    rates.get(1).text(),
                    rates.get(2).text(),
                    Unit.TIMES.text(up),
                    Unit.TIMES.text(back));
            String figure = row.label() + " (" + Unit.TIMES.text(up) + ", then " + Unit.TIMES.text(back) + ")";
            (up <= MORE ? not : back < MORE ? follow : upOnly).add(figure);
        }
        String said =
                "It can be changed while tasks run: with 2 in place of 1 processors they did so many times as much a"
                        + " second, and with 1 again as before: " + Phrases.list(follow) + ".";
        if (!upOnly.isEmpty()) {
            said += " Only up, since tasks that run go on: " + Phrases.list(upOnly) + ".";
        }
        if (!not.isEmpty()) {
            said += " No change was shown: " + Phrases.list(not) + ".";
        }
        return new Answer(said, List.of(), sheet.done(), picture(findings));
    }

    private static Picture picture(Findings findings) {
        List<Picture.Curve> curves = new ArrayList<>();
        for (Measured row : findings.present()) {
            List<Picture.Point> points = new ArrayList<>();
            for (int i = 0; i < RATES.size(); i++) {
                Optional<Estimate> rate = findings.median(row, RATES.get(i));
                if (rate.isPresent()) {
                    points.add(new Picture.Point(
                            i + 1,
                            rate.get().value(),
                            rate.get().interval().low(),
                            rate.get().interval().high()));
                }
            }
            curves.add(new Picture.Curve(row.label(), row.cell().family(), points));
        }
        return new Picture.Curves(
                "Turns per second with 1 processor, then 2, then 1 again",
                "phase: 1 processor, 2 processors, 1 again",
                Unit.RATE,
                curves);
    }

    @Override
    public String howToRead() {
        return "Each line goes through three phases of one run: one processor, two, and one again. A line that goes up and down"
                + " again follows the number while its tasks run.";
    }
}
