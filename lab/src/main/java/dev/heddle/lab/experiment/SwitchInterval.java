package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.experiment.Picture.Curve;
import dev.heddle.lab.experiment.Picture.Point;
import dev.heddle.lab.peer.Language;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A thread that computes beside one that wakes again and again, with switch intervals from short to long. */
final class SwitchInterval implements Experiment {
    private static final int WAKES = 25;
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final long[] INTERVALS_MILLIS = {1, 5, 20};
    private static final String PYTHON = "Python";
    private static final String HEDDLE = "THREAD";

    /** How much later than asked for it woke, the median of one run. */
    private static final Quantity LATE = new Quantity("late", Unit.TIME);

    /** Surely this many times as late with the longest interval as with the shortest, which is 20 times as short. */
    private static final double FOLLOWS = 4;

    @Override
    public Question question() {
        return Question.Q6;
    }

    @Override
    public String name() {
        return "switch interval";
    }

    @Override
    public String measures() {
        return "a thread that computes beside one that wakes each " + PAUSE.toMillis()
                + " ms, under a global lock with switch intervals from 1 to 20 ms; how late it wakes";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        int wakes = scale.pick(3, WAKES, 4 * WAKES);
        for (long millis : INTERVALS_MILLIS) {
            long nanos = millis * 1_000_000;
            cells.add(HeddleWork.locked(label(HEDDLE, millis), Work.class, nanos, 2, wakes));
            cells.add(PeerWork.cell(label(PYTHON, millis), Language.PYTHON, "interval", nanos, wakes, PAUSE.toNanos()));
        }
        cells.add(HeddleWork.cell("no lock", Work.class, Model.THREAD, 2, wakes));
        return cells;
    }

    private static String label(String who, long millis) {
        return who + " " + millis + " ms";
    }

    @Override
    public boolean lastsGivenTime() {
        return true;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 3, 11);
    }

    /** The thread that computes, and the one that wakes. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "WAKES beside a thread that computes";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int wakes = (int) args.number(0, "WAKES", 1);
            AtomicBoolean over = new AtomicBoolean();
            Task<Long> computing = h.start(() -> {
                long x = 1;
                while (!over.get()) {
                    x = Turns.run(x, 1_000);
                    Heddle.checkpoint();
                }
                return x;
            });
            Task<long[]> waking = h.start(() -> {
                long[] late = new long[wakes];
                for (int wake = 0; wake < wakes; wake++) {
                    long due = System.nanoTime() + PAUSE.toNanos();
                    Heddle.sleep(PAUSE);
                    late[wake] = Math.max(0, System.nanoTime() - due);
                }
                over.set(true);
                return late;
            });
            long[] late = waking.join();
            computing.join();
            Arrays.sort(late);
            return Outcome.of(LATE.name(), late[late.length / 2]).withLatencies(late);
        }
    }

    @Override
    public Quantity quantity() {
        return LATE;
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "late by", "95% interval");
        for (Measured row : findings.rows()) {
            Optional<Estimate> late = findings.median(row, LATE);
            sheet.add(
                    row.label(),
                    late.map(Estimate::text).orElse("-"),
                    late.map(Estimate::range).orElse(""));
        }
        List<String> said = new ArrayList<>();
        List<Curve> curves = new ArrayList<>();
        for (String who : List.of(HEDDLE, PYTHON)) {
            List<String> figures = new ArrayList<>();
            List<Point> points = new ArrayList<>();
            for (long millis : INTERVALS_MILLIS) {
                findings.median(label(who, millis), LATE).ifPresent(late -> {
                    figures.add(late.text() + " with " + millis + " ms");
                    points.add(new Point(
                            millis,
                            late.value(),
                            late.interval().low(),
                            late.interval().high()));
                });
            }
            if (!points.isEmpty()) {
                said.add("under " + who + " by " + Phrases.list(figures));
                curves.add(new Curve(who, who.equals(PYTHON) ? Family.PYTHON : Family.THREAD, points));
            }
        }
        List<String> follow = new ArrayList<>();
        for (String who : List.of(HEDDLE, PYTHON)) {
            findings.ratio(label(who, 20), label(who, 1), LATE)
                    .filter(ratio -> ratio.isAbove(FOLLOWS))
                    .ifPresent(ratio -> follow.add(who));
        }
        String free =
                findings.median("THREAD no lock", LATE).map(Estimate::text).orElse("-");
        return new Answer(
                "A thread that wakes beside one that computes has to wait for the lock: it was late "
                        + Phrases.list(said) + ", and without a lock by " + free + "."
                        + (follow.isEmpty()
                                ? " That it waits for about the interval was not shown."
                                : " So the interval decides under " + Phrases.list(follow) + "."),
                List.of(),
                sheet.done(),
                new Picture.Curves(
                        "How late the waking thread was, by switch interval",
                        "switch interval in ms",
                        Unit.TIME,
                        curves));
    }

    @Override
    public String howToRead() {
        return "Each line shows how late the waking thread was for each switch interval. It asks for the lock when it wakes, waits"
                + " for an interval, and then requests that the other drops it; so a line should rise with the interval.";
    }
}
