package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.peer.Language;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CPU-bound and waiting threads with a global lock off and on, beside CPython, which has one. */
final class Gil implements Experiment {
    /** CPython's default. */
    static final long INTERVAL_NANOS = 5_000_000;

    private static final int WAITING = 20;

    /** How many turns there are between two checkpoints, as CPython has some instructions. */
    private static final long CHECKPOINT_TURNS = 1_000;

    private static final String FREE = "no lock";
    private static final String LOCKED = "global lock";
    private static final String PYTHON = "Python";
    private static final Quantity CPU = new Quantity("cpu of the work", Unit.TIME);

    @Override
    public Question question() {
        return Question.Q6;
    }

    @Override
    public String name() {
        return "gil";
    }

    @Override
    public String measures() {
        return "CPU-bound work in one thread and in two, and waits in one and in " + WAITING
                + ", with a global lock off and on, and in CPython";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long turns = Turns.total(scale);
        long wait = scale.pick(1, 5, 10) * 1_000_000L;
        List<Cell> cells = new ArrayList<>();
        for (int tasks : new int[] {1, 2}) {
            String cpu = " CPU " + tasks;
            cells.add(HeddleWork.cell(FREE + cpu, Compute.class, Model.THREAD, 2, turns, tasks));
            cells.add(HeddleWork.locked("THREAD " + LOCKED + cpu, Compute.class, INTERVAL_NANOS, 2, turns, tasks));
            cells.add(Turns.peer(PYTHON + cpu, Language.PYTHON, "turns", tasks, turns));
        }
        for (int tasks : new int[] {1, WAITING}) {
            // All waits together are as long in either case.
            long each = wait * WAITING / tasks;
            String io = " waiting " + tasks;
            cells.add(HeddleWork.cell(FREE + io, Wait.class, Model.THREAD, 2, each, tasks));
            cells.add(HeddleWork.locked("THREAD " + LOCKED + io, Wait.class, INTERVAL_NANOS, 2, each, tasks));
            cells.add(PeerWork.cell(
                    PYTHON + io, Language.PYTHON, "overlap", () -> Turns.checksum(tasks, 1_000), tasks, each));
        }
        return cells;
    }

    /** Turns, with a checkpoint now and then. */
    public static final class Compute implements Workload {
        @Override
        public String describe() {
            return "TURNS shared out among TASKS, with checkpoints";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int tasks = (int) args.number(1, "TASKS", 1);
            long each = args.number(0, "TURNS", 1) / tasks;
            List<Task<Long>> started = new ArrayList<>();
            for (int task = 1; task <= tasks; task++) {
                long start = task;
                started.add(h.start(() -> withCheckpoints(start, each)));
            }
            long sum = 0;
            for (Task<Long> task : started) {
                sum += task.join();
            }
            Turns.verify(sum, tasks, each);
            return Outcome.NOTHING;
        }

        private static long withCheckpoints(long start, long turns) {
            long x = start;
            for (long done = 0; done < turns; done += CHECKPOINT_TURNS) {
                x = Turns.run(x, Math.min(CHECKPOINT_TURNS, turns - done));
                Heddle.checkpoint();
            }
            return x;
        }
    }

    /** Waits that leave the lock. */
    public static final class Wait implements Workload {
        @Override
        public String describe() {
            return "waits of NANOS in each of TASKS";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            Duration wait = Duration.ofNanos(args.number(0, "NANOS", 1));
            int tasks = (int) args.number(1, "TASKS", 1);
            List<Task<?>> started = new ArrayList<>();
            for (int task = 0; task < tasks; task++) {
                started.add(h.start(() -> Heddle.sleep(wait)));
            }
            for (Task<?> task : started) {
                task.join();
            }
            return Outcome.NOTHING;
        }
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet =
                new Sheet.Lines("", "CPU 1", "CPU 2", "speed-up", "waiting 1", "waiting " + WAITING, "speed-up");
        List<String> computing = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (String who : List.of("THREAD " + FREE, "THREAD " + LOCKED, PYTHON)) {
            Optional<Estimate> cpu = findings.ratio(who + " CPU 1", who + " CPU 2", Quantity.TIME);
            Optional<Estimate> io = findings.ratio(who + " waiting 1", who + " waiting " + WAITING, Quantity.TIME);
            sheet.add(
                    who,
                    time(findings, who + " CPU 1"),
                    time(findings, who + " CPU 2"),
                    cpu.map(Estimate::text).orElse("-"),
                    time(findings, who + " waiting 1"),
                    time(findings, who + " waiting " + WAITING),
                    io.map(Estimate::text).orElse("-"));
            cpu.ifPresent(e ->
                    computing.add(who + " " + e.withInterval() + (e.isAbove(Estimate.GAIN) ? "" : ", no gain shown")));
            io.ifPresent(e -> waiting.add(who + " " + e.text()));
        }
        return new Answer(
                "Of threads that compute, one executes at a time: two did the work of one this many times as fast: "
                        + Phrases.list(computing) + ". Threads that wait leave the lock: " + WAITING
                        + " waits at the same time took this many times less: " + Phrases.list(waiting) + ".",
                beliefs(findings),
                sheet.done(),
                Picture.strip(findings, Quantity.TIME, "Time of the work and of the waits"));
    }

    private static String time(Findings findings, String label) {
        return findings.median(label, Quantity.TIME).map(Estimate::text).orElse("-");
    }

    /** Of one thread of CPython: how much of a CPU it had while it computed. */
    private static List<Belief> beliefs(Findings findings) {
        Optional<Estimate> cpu = findings.median(PYTHON + " CPU 1", CPU);
        Optional<Estimate> time = findings.median(PYTHON + " CPU 1", Quantity.TIME);
        if (cpu.isEmpty() || time.isEmpty()) {
            return List.of();
        }
        double share = cpu.get().value() / time.get().value();
        return List.of(new Belief(
                "the GIL keeps one thread from taking all the processor",
                share < 0.8,
                String.format(
                        Locale.ROOT,
                        "one thread of CPython that computed for %s had %.0f%% of a CPU",
                        time.get().text(),
                        share * 100)));
    }

    @Override
    public String howToRead() {
        return "Each point is one run. Of one name compare CPU 1 with CPU 2, which is the same work in two threads: under a lock"
                + " it takes as long. Then compare waiting 1 with waiting " + WAITING
                + ", which is the same total of waits at once: a lock that is left for a wait does not hinder them.";
    }
}
