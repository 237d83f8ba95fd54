package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same CPU-bound work in CPython's threads, in CPython's processes, and in Heddle's. */
final class WayRound implements Experiment {
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
        long turns = Turns.total(scale);
        List<Cell> cells = new ArrayList<>();
        for (int tasks : new int[] {1, scale.several()}) {
            String suffix = Phrases.count(tasks, "task");
            cells.add(Turns.peer("Python thread " + suffix, Language.PYTHON, "turns", tasks, turns));
            cells.add(Turns.peer("Python process " + suffix, Language.PYTHON, "processes", tasks, turns));
            cells.add(HeddleWork.cell(suffix, Multicore.Work.class, Model.PROCESS, tasks, turns, tasks));
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 5, 21);
    }

    @Override
    public Answer judge(Findings findings) {
        int many = findings.scale().several();
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
                    estimate.range());
            (estimate.isAbove(Estimate.GAIN) ? gain : none).add(who + " (" + estimate.text() + ")");
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
