package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same CPU-bound work in CPython's threads, in CPython's processes, and in Heddle's. */
final class WayRound implements Experiment {
    private static final double GAIN = 1.3;
    private static final int PYTHON_SLOWER = 100;

    @Override
    public Question question() {
        return Question.Q7;
    }

    @Override
    public String name() {
        return "processes and queue";
    }

    @Override
    public String measures() {
        return "CPU-bound work in CPython's threads, in processes of its multiprocessing that a queue connects, and in Heddle's";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long turns = scale.pick(100_000, 40_000_000, 200_000_000);
        long pythonTurns = turns / PYTHON_SLOWER;
        List<Cell> cells = new ArrayList<>();
        for (int tasks : new int[] {1, many(scale)}) {
            cells.add(python("Python thread", "turns", tasks, pythonTurns));
            cells.add(python("Python process", "processes", tasks, pythonTurns));
            cells.add(HeddleWork.cell(
                    Phrases.count(tasks, "task"), Multicore.Work.class, Model.PROCESS, tasks, turns, tasks));
        }
        return cells;
    }

    private static int many(Scale scale) {
        return Math.max(2, scale.cpus());
    }

    private static Cell python(String who, String program, int tasks, long turns) {
        return PeerWork.cell(
                who + " " + Phrases.count(tasks, "task"),
                Language.PYTHON,
                program,
                () -> Turns.checksum(tasks, turns / tasks),
                tasks,
                turns);
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 5, 21);
    }

    @Override
    public Answer judge(Findings findings) {
        int many = many(findings.scale());
        Sheet.Lines sheet = new Sheet.Lines("", "1 task", many + " tasks", "speed-up", "95% interval");
        List<String> gain = new ArrayList<>();
        List<String> none = new ArrayList<>();
        for (String who : List.of("Python thread", "Python process", "PROCESS")) {
            String one = who + " 1 task";
            String all = who + " " + Phrases.count(many, "task");
            Optional<Estimate> speedUp = findings.ratio(one, all, Quantity.TIME);
            if (speedUp.isEmpty()) {
                sheet.add(who, "-");
                continue;
            }
            Estimate estimate = speedUp.get();
            sheet.add(
                    who,
                    findings.median(one, Quantity.TIME).map(Estimate::text).orElse(""),
                    findings.median(all, Quantity.TIME).map(Estimate::text).orElse(""),
                    estimate.text(),
                    Unit.TIMES.text(estimate.interval().low()) + " - "
                            + Unit.TIMES.text(estimate.interval().high()));
            (estimate.isAbove(GAIN) ? gain : none).add(who + " (" + estimate.text() + ")");
        }
        return new Answer(
                "The way round is processes, each of which has an interpreter and a lock of its own: " + many
                        + " did the work of one this many times as fast: " + Phrases.list(gain)
                        + (none.isEmpty() ? "." : "; no gain was shown by " + Phrases.list(none) + "."),
                List.of(),
                sheet.done(),
                Picture.strip(findings, Quantity.TIME, "Time of the work in each repetition"));
    }

    @Override
    public String howToRead() {
        return "Each point is one run of the whole work; compare the two columns of one name. Starting the processes is not"
                + " counted, and the queue that brings work and results is.";
    }
}
