package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.peer.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a task costs: to create, to switch, to talk to, and to keep. */
final class Costs implements Experiment {
    private static final Quantity CREATE = new Quantity("create", Unit.TIME);
    private static final Quantity SWITCH = new Quantity("switch", Unit.TIME);
    private static final Quantity TALK = new Quantity("round trip", Unit.TIME);
    private static final Quantity MEMORY = new Quantity("memory", Unit.BYTES);
    private static final List<Quantity> ALL = List.of(CREATE, SWITCH, TALK, MEMORY);

    /** What a system's clock and its page size blur is not told apart. */
    private static final double APART = 1.5;

    /** The serial collector, which small JVMs and workers have, leaves many dead objects where they are in all but each fourth collection. */
    private static final int COLLECTIONS = 4;

    @Override
    public Question question() {
        return Question.Q4;
    }

    @Override
    public String name() {
        return "costs";
    }

    @Override
    public String measures() {
        return "what one task takes: to start and join, to switch to, for a round trip through a channel, and in memory while it"
                + " waits";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        int trips = scale.pick(50, 1_000, 10_000);
        int switches = scale.pick(100, 10_000, 100_000);
        int few = scale.pick(10, 200, 1_000);
        int many = scale.pick(100, 5_000, 50_000);
        int kept = scale.pick(100, 1_000, 50_000);
        for (Model model : Model.values()) {
            boolean heavy = model == Model.PROCESS || model == Model.THREAD;
            cells.add(HeddleWork.cell(
                    "",
                    Work.class,
                    model,
                    2,
                    heavy ? few : many,
                    model == Model.PROCESS ? 1 : switches,
                    trips,
                    heavy ? few : kept));
        }
        cells.add(PeerWork.cell("C thread", Language.C, "costs", few, switches, trips, few));
        cells.add(PeerWork.cell("Python thread", Language.PYTHON, "costs", few, trips, trips, few));
        cells.add(PeerWork.cell("Go goroutine", Language.GO, "costs", many, switches, trips, many));
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 5, 15);
    }

    /** Each of the four, one after the other. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "what a task takes, by CREATE, SWITCH, TRIPS and KEEP tasks";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            int create = (int) args.number(0, "CREATE", 1);
            int switches = (int) args.number(1, "SWITCH", 1);
            int trips = (int) args.number(2, "TRIPS", 1);
            int keep = (int) args.number(3, "KEEP", 1);
            Outcome outcome = Outcome.of(CREATE.name(), create(h, create));
            if (h.model() != Model.PROCESS) { // a worker has no other task to switch to
                outcome = outcome.with(SWITCH.name(), switches(h, switches));
            }
            return outcome.with(TALK.name(), trips(h, trips)).with(MEMORY.name(), memory(h, keep));
        }

        private static long create(Heddle h, int tasks) throws Exception {
            long start = System.nanoTime();
            List<Task<?>> started = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                started.add(h.start(() -> 1));
            }
            for (Task<?> task : started) {
                task.join();
            }
            return (System.nanoTime() - start) / tasks;
        }

        private static long switches(Heddle h, int switches) throws Exception {
            int before = h.processors(1);
            List<Task<Long>> two = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                two.add(h.start(() -> {
                    long start = System.nanoTime();
                    for (int turn = 0; turn < switches; turn++) {
                        Heddle.yield();
                    }
                    return System.nanoTime() - start;
                }));
            }
            long nanos = 0;
            for (Task<Long> task : two) {
                nanos = Math.max(nanos, task.join());
            }
            h.processors(before);
            return nanos / (2L * switches);
        }

        private static long trips(Heddle h, int trips) throws Exception {
            Channel<Long> there = h.channel(1);
            Channel<Long> back = h.channel(1);
            Task<?> echo = h.start(() -> {
                for (long element : there) {
                    back.send(element);
                }
                return null;
            });
            Task<Long> asking = h.start(() -> {
                long start = System.nanoTime();
                for (long trip = 0; trip < trips; trip++) {
                    there.send(trip);
                    back.receive();
                }
                there.close();
                return System.nanoTime() - start;
            });
            long nanos = asking.join();
            echo.join();
            return nanos / trips;
        }

        private static long memory(Heddle h, int tasks) throws Exception {
            if (h.model() == Model.PROCESS) { // a task that waits keeps its worker
                List<Long> workers = ProcessHandle.current()
                        .children()
                        .map(ProcessHandle::pid)
                        .toList();
                return workers.stream().mapToLong(ProcFs::rssBytes).sum() / Math.max(1, workers.size());
            }
            Channel<Integer> never = h.channel(0);
            Channel<Integer> ready = h.channel(tasks);
            long before = used(h.model());
            List<Task<?>> waiting = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                waiting.add(h.start(() -> {
                    ready.send(1);
                    return never.iterator().hasNext();
                }));
            }
            for (int i = 0; i < tasks; i++) {
                ready.receive();
            }
            long after = used(h.model());
            never.close();
            for (Task<?> task : waiting) {
                task.join();
            }
            return Math.max(0, after - before) / tasks;
        }

        /** What OS threads have is mostly outside of the heap, and what green threads and fibers have is on it. */
        private static long used(Model model) {
            if (model == Model.THREAD) {
                System.gc();
                return ProcFs.rssBytes(ProcessHandle.current().pid());
            }
            Runtime jvm = Runtime.getRuntime();
            long least = Long.MAX_VALUE;
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
                least = Math.min(least, jvm.totalMemory() - jvm.freeMemory());
            }
            return least;
        }
    }

    @Override
    public Quantity quantity() {
        return CREATE;
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "create", "switch", "round trip", "memory");
        for (Measured row : findings.rows()) {
            List<String> texts = new ArrayList<>(List.of(row.label()));
            for (Quantity quantity : ALL) {
                texts.add(findings.median(row, quantity).map(Estimate::text).orElse("-"));
            }
            sheet.add(texts.toArray(String[]::new));
        }
        sheet.note(
                "memory of a waiting task: of OS threads what is resident, of green threads and fibers what is on the heap; under"
                        + " PROCESS the resident memory of a worker, which keeps its task while it waits");
        return new Answer(
                sentences(findings),
                List.of(),
                sheet.done(),
                Picture.strip(findings, CREATE, "What it takes to start and join a task"));
    }

    private static String sentences(Findings findings) {
        List<String> created = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (Measured row : findings.rows()) {
            if (isModel(row)) {
                findings.median(row, CREATE).ifPresent(e -> created.add(row.label() + " " + e.text()));
                findings.median(row, MEMORY).ifPresent(e -> kept.add(row.label() + " " + e.text()));
            }
        }
        String said = "A task takes, to start and join, " + Phrases.list(created) + ", and in memory while it waits "
                + Phrases.list(kept) + ".";
        Optional<Estimate> ratio = findings.ratio("THREAD", "GREEN", CREATE);
        if (ratio.isPresent()) {
            said += ratio.get().isAbove(APART)
                    ? " An OS thread takes " + ratio.get().withInterval()
                            + " times as long to create as a green thread."
                    : " That an OS thread takes longer to create than a green thread was not shown.";
        }
        return said;
    }

    private static boolean isModel(Measured row) {
        Family family = row.cell().family();
        return family != Family.C && family != Family.PYTHON && family != Family.GO;
    }

    @Override
    public String howToRead() {
        return "The picture shows what it takes to create a task, in each run; the axis is logarithmic where the models are far"
                + " apart. The table has the medians of all four costs. A switch is a yield to the only other task, on one"
                + " processor.";
    }
}
