package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.SharedLongs;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One task adds 1 again and again, another subtracts 1 as often, from one number that they share: first as a read and a write,
 * then atomically.
 */
final class LostUpdate implements Experiment {
    private static final long BROKEN = 1;
    private static final long FIXED = 2;
    private static final String VALUE = "final value";

    @Override
    public Question question() {
        return Question.Q3;
    }

    @Override
    public String name() {
        return "lost update";
    }

    @Override
    public String measures() {
        return "two tasks add and subtract 1, a million times each, from one number in shared memory; it should end at 0";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long times = scale.pick(50_000, 1_000_000, 1_000_000);
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            cells.add(HeddleWork.cell("read, write", Work.class, model, 2, times, BROKEN));
            cells.add(HeddleWork.cell("atomic", Work.class, model, 2, times, FIXED));
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(2, 3, 21);
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    /** The two tasks. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "adds and subtracts 1, TIMES each, in a WAY";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long times = args.number(0, "TIMES", 1);
            boolean atomic = args.number(1, "WAY", BROKEN) == FIXED;
            SharedLongs number = h.sharedLongs(1);
            // They wait for each other before they begin, so that they overlap wherever tasks can.
            Channel<Boolean> toAdder = h.channel(1);
            Channel<Boolean> toSubtracter = h.channel(1);
            Task<?> adder = h.start(() -> count(number, times, +1, atomic, toSubtracter, toAdder));
            Task<?> subtracter = h.start(() -> count(number, times, -1, atomic, toAdder, toSubtracter));
            adder.join();
            subtracter.join();
            return Outcome.of(VALUE, number.get(0));
        }

        private static void count(
                SharedLongs number, long times, long step, boolean atomic, Sink<Boolean> other, Source<Boolean> mine)
                throws InterruptedException {
            other.send(true);
            mine.receive();
            for (long i = 0; i < times; i++) {
                if (atomic) {
                    number.getAndAdd(0, step);
                } else {
                    number.setRelease(0, number.getAcquire(0) + step); // what i++ is: a read, and then a write
                }
            }
        }
    }

    @Override
    public Answer judge(Findings findings) {
        Quantity value = new Quantity(VALUE, Unit.COUNT);
        Sheet.Lines sheet = new Sheet.Lines("", "final value", "not 0");
        List<String> lost = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<String> fixed = new ArrayList<>();
        List<String> stillWrong = new ArrayList<>();
        for (Measured row : findings.rows()) {
            double[] values = row.values(value);
            if (values.length == 0) {
                sheet.add(row.label(), "-");
                continue;
            }
            double low = Arrays.stream(values).min().orElseThrow();
            double high = Arrays.stream(values).max().orElseThrow();
            long wrong = Arrays.stream(values).filter(v -> v != 0).count();
            sheet.add(
                    row.label(),
                    low == high
                            ? Unit.COUNT.text(low)
                            : "from " + Unit.COUNT.text(low) + " to " + Unit.COUNT.text(high),
                    wrong + " of " + values.length);
            String model = row.cell().family().name();
            if (row.label().endsWith("atomic")) {
                (wrong == 0 ? fixed : stillWrong).add(model);
            } else {
                (wrong > 0 ? lost : kept).add(model);
            }
        }
        String said = "Because tasks meet at what they share: updates were lost under " + Phrases.list(lost)
                + (kept.isEmpty() ? "" : ", and none were under " + Phrases.list(kept)) + ". With an atomic addition "
                + (stillWrong.isEmpty()
                        ? "none were lost under " + Phrases.list(fixed)
                        : "updates were still lost under " + Phrases.list(stillWrong))
                + ".";
        return new Answer(
                said,
                List.of(),
                sheet.done(),
                Picture.strip(findings, value, "The final value of each run; everything but 0 is wrong"));
    }

    @Override
    public String howToRead() {
        return "Each point is the final value of one run, and every point off zero is a wrong result. An addition of the left"
                + " kind reads, adds and writes; when another task has written in between, its update is overwritten. Fibers"
                + " switch only where they wait, so for them nothing comes in between.";
    }
}
