package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.DeadlockException;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.trace.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One open heddle with the tasks of the live page. What looks at it, from {@link #present} on, may be called by any thread; all else is
 * for the thread that opened it, which under FIBER owns it.
 */
final class Session implements AutoCloseable {
    /**
     * For so many calls of {@link #tend}, two seconds at least, tasks that wait for each other are left as they are, so that in a whole one
     * nothing happens.
     */
    private static final int STILL = 200;

    /** What a dump says of a task that waits for a mutex. */
    private static final String WAITS = " waits to acquire ";

    /** How much a recorder may keep: more is not shown. */
    private static final long RECORDED_BYTES = 2L << 20;

    private final Heddle heddle;
    private final Board board;
    private final LiveWork work;
    private final Consumer<String> say;
    private final @Nullable Recorder recorder;

    /** Those that take part, with their jobs, the oldest first. */
    private final Map<Task<?>, Action> tasks = new LinkedHashMap<>();

    private final List<Task<?>> nuisances = new ArrayList<>();
    private int asked;
    private int still;

    private volatile int present;

    /**
     * @param settings to begin with
     * @param turns see {@link Pace}
     * @param say gets a sentence on what has happened
     */
    Session(Settings settings, long turns, Consumer<String> say) throws InterruptedException {
        HeddleBuilder builder = Heddle.builder(settings.model())
                .name("live")
                .processors(settings.processors())
                .uncaughtHandler((task, failure) -> {}); // tend() looks at every task
        if (settings.lockMillis() > 0) {
            builder.globalLock(Duration.ofMillis(settings.lockMillis()));
        }
        this.recorder = settings.recorded() ? Recorder.within(RECORDED_BYTES) : null;
        if (recorder != null) {
            builder.trace(recorder);
        }
        this.heddle = builder.open();
        this.board = Board.in(heddle);
        this.work = settings.workload().in(heddle, new Pace(board, turns), settings.tasks());
        this.say = say;
        board.cpu(settings.cpu());
        tasks(settings.tasks());
    }

    /** {@return whether that control opens another heddle} */
    boolean needsAnother(Control control) {
        return switch (control.verb()) {
            case MODEL, WORKLOAD, LOCK, RECORDING, COMPARE -> true;
            case PROCESSORS, TASKS, CPU, HOG, BLOCK, KILL -> work.needsAnother(control.verb());
        };
    }

    /** Moves a control that needs no other heddle. */
    void apply(Control control) throws InterruptedException {
        switch (control.verb()) {
            case PROCESSORS -> heddle.processors(control.value());
            case TASKS -> tasks(control.value());
            case CPU -> board.cpu(control.value());
            case HOG -> nuisances.add(heddle.start(new Nuisance.Hog(board)));
            case BLOCK -> nuisances.add(heddle.start(new Nuisance.Block()));
            case KILL -> kill();
            case MODEL, WORKLOAD, LOCK, RECORDING, COMPARE ->
                throw new IllegalArgumentException(control + " needs another heddle");
        }
    }

    /** Has as many tasks take part. */
    private void tasks(int n) throws InterruptedException {
        for (; asked < n; asked++) {
            if (!board.takeSurplus()) { // then one who was to leave stays
                add();
            }
        }
        board.addSurplus(asked - n);
        asked = n;
    }

    private void add() throws InterruptedException {
        Action job = work.another();
        tasks.put(heddle.start(job), job);
    }

    private void kill() {
        if (heddle.model() != Model.PROCESS) {
            say.accept("only PROCESS has workers to kill: choose that model first");
        } else if (!tasks.isEmpty()) {
            // The oldest, which has a worker; another one takes its place in tend().
            tasks.keySet().iterator().next().kill();
        }
    }

    /**
     * Sees who has ended; one that did not leave by itself is replaced. Called again and again, at most a hundred times a second.
     *
     * @return false if the tasks can never go on, so that another heddle is needed
     */
    boolean tend() throws InterruptedException {
        int lost = 0;
        for (Task<?> task : List.copyOf(tasks.keySet())) {
            if (!task.isDone()) {
                continue;
            }
            Action job = tasks.remove(task);
            if (task.state() == State.SUCCESS || job == null) {
                continue;
            }
            if (task.state() == State.FAILED && task.exceptionNow() instanceof DeadlockException deadlock) {
                say.accept(deadlock.getMessage());
                return false;
            }
            lost++;
            work.lost(job);
            say.accept(
                    task.state() == State.CANCELLED
                            ? "task " + task.id() + " was killed with its worker, and another one started"
                            : "task " + task.id() + " failed, and another one started: "
                                    + task.exceptionNow().getMessage());
        }
        for (; lost > 0; lost--) {
            add();
        }
        nuisances.removeIf(Task::isDone);
        present = tasks.size();
        return !standsStill();
    }

    /**
     * Nobody gets a {@link DeadlockException} here, which Heddle throws only if nothing else goes on in the whole JVM: this one tells its
     * state and listens to controls.
     */
    private boolean standsStill() {
        still = work.standsStill() ? still + 1 : 0;
        if (still < STILL) {
            return false;
        }
        String waits = heddle.dump()
                .lines()
                .filter(line -> line.contains(WAITS))
                .map(String::strip)
                .collect(Collectors.joining("; "));
        say.accept("a deadlock: each philosopher holds a fork and waits for another, for ever; they begin again"
                + (waits.isEmpty() ? "" : ". Heddle.dump() said: " + waits)); // of workers it says nothing
        return true;
    }

    /** {@return the model of the heddle} */
    Model model() {
        return heddle.model();
    }

    /** {@return how many tasks take part} */
    int present() {
        return present;
    }

    /** {@return what the heddle says of itself} */
    Stats stats() {
        return heddle.stats();
    }

    /** {@return how many rounds there were} */
    long rounds() {
        return board.rounds();
    }

    /** {@return how many rounds there were by how long they took, see {@link Board}} */
    long[] counts() {
        return board.counts();
    }

    /** {@return what the workload counts beside rounds} */
    Map<String, Long> figures() {
        return work.figures();
    }

    /** {@return what records the heddle, or null} It may be asked also after the end. */
    @Nullable
    Recorder recorder() {
        return recorder;
    }

    /** Waits for all tasks, none of which goes on for long. */
    @Override
    public void close() {
        board.stop();
        work.stop();
        if (work.mayStandStill()) {
            tasks.keySet().forEach(Task::kill);
        }
        heddle.close();
    }
}
