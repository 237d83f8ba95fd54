package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Picture.Curve;
import dev.heddle.lab.experiment.Picture.Point;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The same CPU-bound tasks on one processor, on two, and on more than there are CPUs. */
final class Processors implements Experiment {
    /** More tasks than processors, so that the processors are what bounds. */
    private static final int TASKS = 8;

    /** Surely more than this many times as fast is a gain, and surely less is none. */
    private static final double GAIN = 1.2;

    private static final String GO = "Go";

    @Override
    public Question question() {
        return Question.Q8;
    }

    @Override
    public String name() {
        return "processors";
    }

    @Override
    public String measures() {
        return TASKS + " CPU-bound tasks, with processors(n) as Go's GOMAXPROCS(n), from 1 to twice the CPUs";
    }

    private static List<Integer> counts(Scale scale) {
        int cpus = scale.several();
        List<Integer> counts = new ArrayList<>();
        for (int n = 1; n < cpus; n *= 2) {
            counts.add(n);
        }
        counts.add(cpus);
        counts.add(2 * cpus);
        return counts;
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long turns = scale.pick(200_000, 40_000_000, 200_000_000);
        List<Cell> cells = new ArrayList<>();
        for (int n : counts(scale)) {
            for (Model model : List.of(Model.PROCESS, Model.THREAD, Model.GREEN)) {
                cells.add(HeddleWork.cell("n = " + n, Multicore.Work.class, model, n, turns, TASKS));
            }
            cells.add(PeerWork.cell(
                    GO + " n = " + n,
                    Language.GO,
                    "turns",
                    () -> Turns.checksum(TASKS, turns / TASKS),
                    TASKS,
                    turns,
                    n));
        }
        return cells;
    }

    @Override
    public Answer judge(Findings findings) {
        List<Integer> counts = counts(findings.scale());
        List<String> headers = new ArrayList<>(List.of(""));
        counts.forEach(n -> headers.add("n = " + n));
        Sheet.Lines sheet = new Sheet.Lines(headers.toArray(String[]::new));
        List<Curve> curves = new ArrayList<>();
        for (String who : List.of("PROCESS", "THREAD", "GREEN", GO)) {
            List<String> texts = new ArrayList<>(List.of(who));
            List<Point> points = new ArrayList<>();
            for (int n : counts) {
                Optional<Estimate> speed = speedUp(findings, who, 1, n);
                texts.add(speed.map(Estimate::text).orElse("-"));
                speed.ifPresent(estimate -> points.add(new Point(
                        n,
                        estimate.value(),
                        estimate.interval().low(),
                        estimate.interval().high())));
            }
            sheet.add(texts.toArray(String[]::new));
            if (!points.isEmpty()) {
                curves.add(new Curve(who, who.equals(GO) ? Cell.Family.GO : Cell.Family.valueOf(who), points));
            }
        }
        sheet.note("how many times as fast as with n = 1");
        return new Answer(
                sentences(findings),
                beliefs(findings),
                sheet.done(),
                new Picture.Curves("Speed-up by number of processors", "processors", Unit.TIMES, curves));
    }

    private static Optional<Estimate> speedUp(Findings findings, String who, int from, int to) {
        return findings.ratio(who + " n = " + from, who + " n = " + to, Quantity.TIME);
    }

    private static String sentences(Findings findings) {
        int cpus = findings.scale().several();
        return "It bounds how many tasks execute at the same instant: from n = 1 to n = " + cpus
                + ", as many as there are CPUs, the same work became this many times as fast: "
                + figures(findings, 1, cpus)
                + ". Twice as many processors as CPUs made it this many times as fast as that: "
                + figures(findings, cpus, 2 * cpus) + ".";
    }

    private static String figures(Findings findings, int from, int to) {
        List<String> figures = new ArrayList<>();
        for (String who : List.of("PROCESS", "THREAD", "GREEN", GO)) {
            speedUp(findings, who, from, to).ifPresent(e -> figures.add(who + " " + e.text()));
        }
        return Phrases.list(figures);
    }

    private static List<Belief> beliefs(Findings findings) {
        int cpus = findings.scale().several();
        List<Belief> beliefs = new ArrayList<>();
        speedUp(findings, GO, 1, cpus)
                .filter(e -> e.isAbove(GAIN) || e.isBelow(GAIN))
                .ifPresent(e -> beliefs.add(new Belief(
                        "goroutines are not truly concurrent",
                        e.isBelow(GAIN),
                        "on " + cpus + " processors they did the work " + e.withInterval()
                                + " times as fast as on one")));
        speedUp(findings, "THREAD", cpus, 2 * cpus)
                .filter(e -> e.isAbove(GAIN) || e.isBelow(GAIN))
                .ifPresent(e -> beliefs.add(new Belief(
                        "more threads are always faster",
                        e.isAbove(GAIN),
                        String.format(
                                Locale.ROOT,
                                "room for %d threads at once instead of %d, on %d CPUs, made the work %s times as fast",
                                2 * cpus,
                                cpus,
                                findings.scale().cpus(),
                                e.withInterval()))));
        return beliefs;
    }

    @Override
    public String howToRead() {
        return "Each line shows how many times as fast the same work is as with one processor. Up to the number of CPUs a line"
                + " should rise to the number of processors; beyond that there is nothing left to rise with.";
    }
}
