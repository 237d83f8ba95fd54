package dev.heddle.lab.measure;

import dev.heddle.Model;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Plan.Work;
import dev.heddle.lab.measure.Result.Context;
import dev.heddle.lab.measure.Result.Ending;
import dev.heddle.lab.measure.Result.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Measures what a {@link Plan} says. One workload after the other; for each, one runner per row is started, all are
 * warmed up, and then come rounds in which each row is measured once, in an order drawn anew for each round. So
 * whatever changes on the machine meanwhile meets all rows alike. Only one runner works at a time.
 *
 * <p>One thread calls {@link #run}; any thread may ask for the {@link #result} so far.
 */
public final class Comparison {
    private final Plan plan;
    private final Context context;
    private final Progress progress;
    private final Model runnerModel;
    private final List<TableRun> tables = new CopyOnWriteArrayList<>();

    private volatile Ending ending = Ending.RUNNING;
    private volatile Optional<String> failure = Optional.empty();

    /** A workload while it is being measured. */
    private static final class TableRun {
        private final Work work;
        private final List<RowRun> rows;
        private volatile String name;
        private volatile String description = "";

        TableRun(Work work, List<RowRun> rows) {
            this.work = work;
            this.rows = rows;
            this.name = work.className();
        }
    }

    /**
     * @param plan what to measure
     * @param context what the result says about the circumstances
     * @param progress told what is being done
     */
    public Comparison(Plan plan, Context context, Progress progress) {
        this(plan, context, progress, Model.PROCESS);
    }

    /** @param runnerModel PROCESS, or for a test THREAD: then the runners are in this JVM */
    Comparison(Plan plan, Context context, Progress progress, Model runnerModel) {
        this.plan = plan;
        this.context = context;
        this.progress = progress;
        this.runnerModel = runnerModel;
    }

    /**
     * Measures everything.
     *
     * @param afterEach called whenever a workload has been measured
     * @throws MeasureException what ended the comparison before its time; what was measured until then is kept
     * @throws InterruptedException if the calling thread was interrupted
     */
    public void run(Runnable afterEach) throws MeasureException, InterruptedException {
        Random order = new Random(plan.seed());
        try {
            for (Work work : plan.workloads()) {
                measure(work, order);
                afterEach.run();
            }
            end(Ending.COMPLETE);
        } catch (MeasureException e) {
            failure = Optional.ofNullable(e.getMessage());
            end(Ending.FAILED);
            throw e;
        }
    }

    /** The user stopped it. */
    public void interrupted() {
        end(Ending.INTERRUPTED);
    }

    /** The first end counts: what an interrupt breaks is no failure. */
    private synchronized void end(Ending how) {
        if (ending == Ending.RUNNING) {
            ending = how;
        }
    }

    private void measure(Work work, Random order) throws MeasureException, InterruptedException {
        List<RowRun> rows = new ArrayList<>();
        TableRun table = new TableRun(work, rows);
        try {
            for (Spec spec : plan.specs(work)) {
                rows.add(new RowRun(spec, startRunner(spec)));
            }
            tables.add(table); // from here on the list of rows is read by others and stays as it is
            for (RowRun row : rows) {
                open(row, table);
            }
            List<RowRun> available =
                    new ArrayList<>(rows.stream().filter(RowRun::isAvailable).toList());
            Collections.shuffle(available, order);
            for (RowRun row : available) {
                progress.show(table.name + " under " + label(row) + ": warming up");
                attempt(row, row::warmUp);
            }
            for (int round = 1; round <= plan.repeats(); round++) {
                Collections.shuffle(available, order);
                for (RowRun row : available) {
                    progress.show(
                            table.name + " under " + label(row) + ": repetition " + round + " of " + plan.repeats());
                    attempt(row, row::measure);
                }
            }
        } finally {
            progress.show(table.name + ": closing the runners");
            rows.forEach(row -> row.runner().close());
        }
    }

    private Runner startRunner(Spec spec) throws MeasureException {
        try {
            return new Runner(spec, plan.classPath(), runnerModel);
        } catch (IllegalStateException e) {
            throw new MeasureException(Kind.UNAVAILABLE, "no runner can be started: " + e.getMessage(), "");
        }
    }

    private void open(RowRun row, TableRun table) throws MeasureException, InterruptedException {
        progress.show(table.name + ": starting the runner for " + label(row));
        try {
            Reply.Opened opened = row.runner().awaitOpen();
            row.opened(opened.jvm());
            table.name = opened.name();
            table.description = opened.describe();
        } catch (MeasureException e) {
            if (e.kind() != Kind.UNAVAILABLE) {
                throw within(row, e);
            }
            row.unavailable(String.valueOf(e.getMessage()));
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws MeasureException, InterruptedException;
    }

    private static void attempt(RowRun row, Step step) throws MeasureException, InterruptedException {
        try {
            step.run();
        } catch (MeasureException e) {
            throw within(row, e);
        }
    }

    /** The same, saying under which model it happened, unless it is the command line that is wrong. */
    private static MeasureException within(RowRun row, MeasureException e) {
        return e.kind() == Kind.USAGE
                ? e
                : new MeasureException(e.kind(), "under " + label(row) + ", " + e.getMessage(), e.details());
    }

    private static String label(RowRun row) {
        int n = row.spec().processors();
        return String.format(Locale.ROOT, "%s with %d %s", row.spec().model(), n, n == 1 ? "processor" : "processors");
    }

    /** {@return all that has been found so far} */
    public Result result() {
        List<Table> snapshots = new ArrayList<>();
        for (TableRun table : tables) {
            List<Row> rows = table.rows.stream()
                    .map(row -> row.snapshot(plan.seed(), context.cpus()))
                    .toList();
            snapshots.add(
                    new Table(table.name, table.work.args(), table.description, rows, Verdict.of(rows, plan.seed())));
        }
        return new Result(context, List.copyOf(snapshots), ending, failure);
    }
}
