package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.measure.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * Counts tasks that are live at once, from 1 on, until one is refused or a bound is reached. The bounds are stated, and far from
 * what would disturb others: an eighth of the memory, a quarter of the numbers for processes and threads, and some time.
 */
final class MostTasks implements Experiment {
    private static final Quantity TASKS = new Quantity("tasks", Unit.COUNT);
    private static final Quantity EACH = new Quantity("memory of each", Unit.BYTES);
    private static final String STOPPED = "stopped by";

    private static final int MEMORY_SHARE = 8;
    private static final int NUMBERS_SHARE = 4;

    @Override
    public Question question() {
        return Question.Q4;
    }

    @Override
    public String name() {
        return "most tasks";
    }

    @Override
    public String measures() {
        return "tasks are started one by one, and wait; how many there are at once until one is refused or a stated bound is reached";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long mebibytes = (memory() / MEMORY_SHARE) >> 20;
        long millis = scale.pick(20_000, 5_000, 30_000);
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            long bound = switch (model) {
                case PROCESS -> scale.pick(3, 8, 1_000);
                case THREAD -> Math.min(scale.pick(100, 2_000, 1_000_000), numbers() / NUMBERS_SHARE);
                case GREEN, FIBER -> scale.pick(1_000, 50_000, 10_000_000);
            };
            cells.add(HeddleWork.cell("", Work.class, model, scale.cpus(), bound, mebibytes, millis));
        }
        return cells;
    }

    private static long memory() {
        return first("/proc/meminfo", "\\D+(\\d+) kB.*").orElse(1L << 20) * 1024;
    }

    /** How many processes and threads there may be. */
    private static long numbers() {
        return Stream.of("/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max", "/sys/fs/cgroup/pids.max")
                .flatMap(file -> first(file, "(\\d+)").stream())
                .min(Long::compare)
                .orElse(4_096L);
    }

    private static Optional<Long> first(String file, String pattern) {
        try {
            String line = Files.readAllLines(Path.of(file)).getFirst().strip();
            return line.matches(pattern) ? Optional.of(Long.valueOf(line.replaceAll(pattern, "$1"))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // another system, or no such limit
        }
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 1, 3);
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    @Override
    public Quantity quantity() {
        return TASKS;
    }

    /** Starts a task, waits until it says that it is there, and so on. */
    public static final class Work implements Workload {
        /** To read the memory takes longer than to start a green thread. */
        private static final int TASKS_PER_LOOK = 256;

        @Override
        public String describe() {
            return "tasks that wait, at most TASKS, until they take MEBIBYTES or MILLIS have gone by";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long bound = args.number(0, "TASKS", 1);
            long most = args.number(1, "MEBIBYTES", 1) << 20;
            long millis = args.number(2, "MILLIS", 1);
            long end = System.nanoTime() + millis * 1_000_000;
            Channel<Integer> never = h.channel(0);
            Channel<Integer> there = h.channel(1);
            List<Task<?>> tasks = new ArrayList<>();
            long before = resident();
            long resident = before;
            String stopped = "the bound of " + String.format(Locale.ROOT, "%,d", bound) + " tasks";
            int count = 0;
            try {
                while (count < bound) {
                    tasks.add(h.start(() -> {
                        there.send(1);
                        return never.iterator().hasNext();
                    }));
                    long left = end - System.nanoTime();
                    if (left <= 0 || !(there.receive(Duration.ofNanos(left)) instanceof Received.Element<Integer>)) {
                        stopped = "the bound of " + millis / 1_000 + " s";
                        break;
                    }
                    count++;
                    if (h.model() == Model.PROCESS || count % TASKS_PER_LOOK == 0) {
                        resident = resident();
                        if (resident > most) {
                            stopped = "the bound of " + (most >> 20) + " MiB";
                            break;
                        }
                    }
                }
            } catch (OutOfMemoryError | RejectedExecutionException | IllegalStateException e) {
                stopped = "a refusal: " + e.getMessage();
            }
            resident = Math.max(resident, resident());
            for (Task<?> task : tasks.subList(count, tasks.size())) {
                task.cancel(true); // it may not have begun, and would find the channel closed
            }
            never.close();
            there.close();
            for (Task<?> task : tasks.subList(0, count)) {
                task.join(); // else the next repetition would have to wait for them
            }
            return Outcome.of(TASKS.name(), count)
                    .with(EACH.name(), Math.max(0, resident - before) / Math.max(1, count))
                    .with(STOPPED, stopped);
        }

        private static long resident() {
            ProcessHandle self = ProcessHandle.current();
            return Stream.concat(Stream.of(self), self.descendants())
                    .mapToLong(process -> ProcFs.rssBytes(process.pid()))
                    .sum();
        }
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "tasks at once", "memory of each", STOPPED);
        List<String> said = new ArrayList<>();
        for (Measured row : findings.rows()) {
            Optional<Estimate> tasks = findings.median(row, TASKS);
            if (tasks.isEmpty()) {
                sheet.add(row.label(), "-");
                continue;
            }
            String stopped = row.samples().getLast().facts().stream()
                    .filter(fact -> fact.name().equals(STOPPED))
                    .map(fact -> String.valueOf(fact.value()))
                    .findFirst()
                    .orElse("");
            sheet.add(
                    row.label(),
                    tasks.get().text(),
                    findings.median(row, EACH).map(Estimate::text).orElse(""),
                    stopped);
            said.add(row.label() + " " + tasks.get().text() + ", stopped by " + stopped);
        }
        sheet.note("memory of each: how much more resident memory there was in the end, for each task");
        return new Answer(
                "So many tasks were there at once: " + String.join("; ", said) + ".",
                List.of(),
                sheet.done(),
                Picture.strip(findings, TASKS, "How many tasks there were at once"));
    }

    @Override
    public String howToRead() {
        return "Each point is how far the count came in one run. Where it was stopped by a bound the model bears more, and the bound"
                + " is there so that the machine is not disturbed; with --full the bounds are further away.";
    }
}
