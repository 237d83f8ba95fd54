package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;

/** CPU-bound work, shared out among one task, and among as many as there are CPUs. */
final class Multicore implements Experiment {
    @Override
    public Question question() {
        return Question.Q1;
    }

    @Override
    public String name() {
        return "multicore";
    }

    @Override
    public String measures() {
        return "the same CPU-bound work in one task, and shared out among as many tasks as there are CPUs";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long turns = Turns.total(scale);
        int many = scale.several();
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            for (int tasks : new int[] {1, many}) {
                cells.add(HeddleWork.cell(suffix(tasks), Work.class, model, tasks, turns, tasks));
            }
        }
        for (int tasks : new int[] {1, many}) {
            cells.add(Turns.peer("C thread " + suffix(tasks), Language.C, "turns", tasks, turns));
            cells.add(Turns.peer("Go goroutine " + suffix(tasks), Language.GO, "turns", tasks, turns));
            cells.add(Turns.peer("Python thread " + suffix(tasks), Language.PYTHON, "turns", tasks, turns));
        }
        return cells;
    }

    private static String suffix(int tasks) {
        return Phrases.count(tasks, "task");
    }

    /** Shares the turns out among tasks. */
    public static final class Work implements Workload {
        /** For the runner. */
        public Work() {}

        @Override
        public String describe() {
            return "TURNS of a generator, shared out among TASKS";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int tasks = (int) args.number(1, "TASKS", 1);
            long each = args.number(0, "TURNS", 1) / tasks;
            List<Task<Long>> started = new ArrayList<>();
            for (int task = 1; task <= tasks; task++) {
                long start = task;
                started.add(h.start(() -> Turns.run(start, each)));
            }
            long sum = 0;
            for (Task<Long> task : started) {
                sum += task.join();
            }
            Turns.verify(sum, tasks, each);
            return Outcome.NOTHING;
        }
    }

    @Override
    public Answer judge(Findings findings) {
        int many = findings.scale().several();
        SpeedUps speedUps = SpeedUps.of(findings, whos(findings), many);
        return new Answer(
                "Because a machine has several CPUs: " + speedUps.sentences(many, ", where one task runs at a time"),
                List.of(),
                speedUps.sheet(),
                Picture.strip(findings, Quantity.TIME, "Time of the work in each repetition, by task count"));
    }

    /** Labels without the number of tasks, each once, in the order of the rows. */
    private static List<String> whos(Findings findings) {
        return findings.rows().stream()
                .map(row -> row.label().replaceAll(" \\d+ tasks?$", ""))
                .distinct()
                .toList();
    }

    @Override
    public String howToRead() {
        return "Each point is one run of the whole work; the bar is the median, the box its 95% interval. Compare the two"
                + " columns of one name: where the right one is lower, more tasks were faster. What a language takes for"
                + " one turn differs, so compare within a name only.";
    }
}
