package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A CPU-bound task on the one processor that there is, alone and beside tasks that are blocked. */
final class Blocked implements Experiment {
    private static final int BLOCKED = 4;

    /** Surely less than this many times as long counts as no longer. */
    private static final double LONGER = 3;

    /** How long the work took, from its start on. */
    private static final Quantity WORK = new Quantity("work", Unit.TIME);

    @Override
    public Question question() {
        return Question.Q8;
    }

    @Override
    public String name() {
        return "blocked";
    }

    @Override
    public String measures() {
        return "a CPU-bound task with processors(1), alone and beside " + BLOCKED + " tasks that wait in a channel";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long turns = scale.pick(50_000, 15_000_000, 50_000_000);
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            cells.add(HeddleWork.cell("alone", Work.class, model, 1, turns));
            cells.add(HeddleWork.cell("beside", Work.class, model, 1, turns, BLOCKED));
        }
        cells.add(PeerWork.cell("Go alone", Language.GO, "blocked", () -> Turns.checksum(1, turns), turns, 0));
        cells.add(PeerWork.cell("Go beside", Language.GO, "blocked", () -> Turns.checksum(1, turns), turns, BLOCKED));
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 3, 21);
    }

    /** The tasks that wait, and the one that computes. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "TURNS in one task beside BLOCKED others";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long turns = args.number(0, "TURNS", 1);
            int blocked = args.values().size() > 1 ? (int) args.number(1, "BLOCKED", 1) : 0;
            Channel<Integer> never = h.channel(0);
            Channel<Integer> ready = h.channel(Math.max(1, blocked));
            List<Task<?>> waiting = new ArrayList<>();
            for (int i = 0; i < blocked; i++) {
                waiting.add(h.start(() -> {
                    ready.send(1);
                    return never.iterator().hasNext();
                }));
            }
            for (int i = 0; i < blocked; i++) {
                ready.receive(); // under PROCESS a worker is started for each, which is not the point here
            }
            long start = System.nanoTime();
            long end = h.start(() -> Turns.run(1, turns)).join();
            long nanos = System.nanoTime() - start;
            Turns.verify(end, 1, turns);
            never.close();
            for (Task<?> task : waiting) {
                task.join();
            }
            return Outcome.of(WORK.name(), nanos);
        }
    }

    @Override
    public Quantity quantity() {
        return WORK;
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet =
                new Sheet.Lines("", "alone", "beside " + BLOCKED + " blocked", "times as long", "95% interval");
        List<String> free = new ArrayList<>();
        List<String> counted = new ArrayList<>();
        List<String> unsure = new ArrayList<>();
        for (String who : List.of("PROCESS", "THREAD", "GREEN", "FIBER", "Go")) {
            Optional<Estimate> longer = findings.ratio(who + " beside", who + " alone", WORK);
            if (longer.isEmpty()) {
                sheet.add(who, "-");
                continue;
            }
            Estimate ratio = longer.get();
            sheet.add(
                    who,
                    findings.median(who + " alone", WORK).map(Estimate::text).orElse(""),
                    findings.median(who + " beside", WORK).map(Estimate::text).orElse(""),
                    ratio.text(),
                    ratio.range());
            (ratio.isBelow(LONGER) ? free : ratio.isAbove(LONGER) ? counted : unsure)
                    .add(who + " (" + ratio.text() + ")");
        }
        String said = "Tasks that are blocked do not count against n: beside " + BLOCKED
                + " of them, on one processor, the same work took this many times as long as alone: "
                + Phrases.list(free) + ".";
        if (!counted.isEmpty()) {
            said += " It was done, but took longer, under " + Phrases.list(counted)
                    + "; under PROCESS a task that waits keeps its worker, and another has to be started.";
        }
        if (!unsure.isEmpty()) {
            said += " Not sure: " + Phrases.list(unsure) + ".";
        }
        return new Answer(
                said,
                List.of(),
                sheet.done(),
                Picture.strip(findings, WORK, "Time of the work, alone and beside blocked tasks"));
    }

    @Override
    public String howToRead() {
        return "Each point is the time of the same work; compare the two columns of one name. If blocked tasks kept a processor,"
                + " the right one would stand much higher, or the work would never be done.";
    }
}
