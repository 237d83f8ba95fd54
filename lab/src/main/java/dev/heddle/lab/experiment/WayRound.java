package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;

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
    public Answer judge(Findings findings) {
        int many = findings.scale().several();
        SpeedUps speedUps = SpeedUps.of(findings, List.of("Python thread", "Python process", "PROCESS"), many);
        return new Answer(
                "The way round is processes, each of which has an interpreter and a lock of its own: "
                        + speedUps.sentences(many, ""),
                List.of(),
                speedUps.sheet(),
                Picture.strip(findings, Quantity.TIME, "Time of the work in each repetition"));
    }

    @Override
    public String howToRead() {
        return "Each point is one run of the whole work; compare the two columns of one name. Starting the processes is not"
                + " counted, and the queue that brings work and results is.";
    }
}
