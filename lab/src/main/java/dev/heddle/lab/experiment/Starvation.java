package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A task that only computes, beside one that wants to do a little every millisecond, on one processor. */
final class Starvation implements Experiment {
    private static final long HOG = 1;
    private static final long YIELD = 2;
    private static final long PULSE_MILLIS = 1;
    private static final Quantity LONGEST = new Quantity("longest wait", Unit.TIME);

    @Override
    public Question question() {
        return Question.Q3;
    }

    @Override
    public String name() {
        return "starvation";
    }

    @Override
    public String measures() {
        return "a task that spins beside one that wakes each millisecond, on one processor; how long the second waits at most";
    }

    private static long spinNanos(Scale scale) {
        return TimeUnit.MILLISECONDS.toNanos(scale.pick(300, 300, 1_000));
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            cells.add(HeddleWork.cell("spinning", Work.class, model, 1, spinNanos(scale), HOG));
            // A yield lets others of the same worker run, of which there are none: there a second worker is the mend.
            cells.add(
                    model == Model.PROCESS
                            ? HeddleWork.cell("two workers", Work.class, model, 2, spinNanos(scale), HOG)
                            : HeddleWork.cell("yielding", Work.class, model, 1, spinNanos(scale), YIELD));
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 3, 7);
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    /** The spinning task and the waking one. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "spins for NANOS in a WAY beside a task that wakes each millisecond";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long nanos = args.number(0, "NANOS", 1);
            boolean yields = args.number(1, "WAY", HOG) == YIELD;
            Channel<Long> begun = h.channel(1);
            // Both are ready before either begins, where they can be.
            Task<Long> waking = h.start(() -> wake(nanos, begun));
            Task<?> spinning = h.start(() -> spin(nanos, yields, begun));
            spinning.join();
            return Outcome.of(LONGEST.name(), waking.join());
        }

        private static void spin(long nanos, boolean yields, Channel<Long> begun) throws InterruptedException {
            long start = System.nanoTime();
            begun.send(System.currentTimeMillis());
            while (System.nanoTime() - start < nanos) {
                if (yields) {
                    Heddle.yield();
                }
            }
        }

        /** {@return the longest that it did not get to run, while the other was spinning} */
        private static long wake(long nanos, Channel<Long> begun) throws InterruptedException {
            long spinningSince = begun.receive();
            // If it begins only now, it has waited since then: that it could not even start is the worst of waits.
            long longest = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - spinningSince);
            long start = System.nanoTime();
            long last = start;
            while (last - start < nanos) {
                Thread.sleep(PULSE_MILLIS);
                long now = System.nanoTime();
                longest = Math.max(longest, now - last);
                last = now;
            }
            return longest;
        }
    }

    @Override
    public Answer judge(Findings findings) {
        double starved = spinNanos(findings.scale()) * 0.5;
        Sheet.Lines sheet = new Sheet.Lines("", "longest wait", "95% interval");
        List<String> starving = new ArrayList<>();
        List<String> served = new ArrayList<>();
        List<String> mended = new ArrayList<>();
        List<String> stillStarving = new ArrayList<>();
        for (Measured row : findings.rows()) {
            Optional<Estimate> longest = findings.median(row, LONGEST);
            if (longest.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            Estimate wait = longest.get();
            sheet.add(row.label(), wait.text(), wait.range());
            boolean starves = wait.value() > starved;
            String model = row.cell().family() + " (" + wait.text() + ")";
            if (row.label().endsWith("spinning")) {
                (starves ? starving : served).add(model);
            } else {
                (starves ? stillStarving : mended).add(model);
            }
        }
        String said = "Because a task can keep others from running: beside one that spins for "
                + Unit.TIME.text((double) spinNanos(findings.scale())) + ", the other starved under "
                + Phrases.list(starving)
                + ", and waited no longer than this under " + Phrases.list(served) + ". "
                + (stillStarving.isEmpty()
                        ? "Mended by a yield or, under PROCESS, a second worker, it waited at most this long: "
                                + Phrases.list(mended)
                        : "Even so it starved under " + Phrases.list(stillStarving))
                + ".";
        return new Answer(
                said,
                List.of(),
                sheet.done(),
                Picture.strip(findings, LONGEST, "The longest wait of the waking task in each run"));
    }

    @Override
    public String howToRead() {
        return "Each point is the longest time that the waking task did not get to run; low is good. Where a scheduler takes the"
                + " processor from a task that spins, it is a few slices; where none does, it is as long as the task spins.";
    }
}
