package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.trace.Recorder;
import dev.heddle.trace.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;

/**
 * One open heddle with the tasks of the live page. All but {@link #stats} and {@link #counts} is for the thread that opened it,
 * which under FIBER owns it.
 */
final class Session implements AutoCloseable {
    /** What a recording has: some 40,000 events, and none that is older. */
    private static final long RECORDED_BYTES = 1L << 20;

    private static final Duration RECORDED = Duration.ofMillis(700);

    private final Recorder recorder = Recorder.keeping(RECORDED, RECORDED_BYTES);
    private final Heddle heddle;
    private final Board board;
    private final Channel<Long> messages;
    private final LiveWork work;
    private final Consumer<String> say;
    private final List<Task<?>> tasks = new ArrayList<>();
    private final List<Task<?>> nuisances = new ArrayList<>();
    private int asked;

    /** How many tasks take part; any thread may read it. */
    private volatile int present;

    /**
     * @param settings to begin with
     * @param isRecorded whether there can be a {@link #recording}
     * @param turns see {@link LiveWork}
     * @param say gets a sentence on what has happened
     */
    Session(Settings settings, boolean isRecorded, long turns, Consumer<String> say) {
        HeddleBuilder builder = Heddle.builder(settings.model())
                .name("live")
                .processors(settings.processors())
                .uncaughtHandler((task, failure) -> {}); // tend() looks at every task
        if (settings.lockMillis() > 0) {
            builder.globalLock(Duration.ofMillis(settings.lockMillis()));
        }
        if (isRecorded) {
            builder.trace(recorder);
        }
        this.heddle = builder.open();
        this.board = Board.in(heddle);
        this.messages = heddle.channel(Channel.UNLIMITED);
        this.work = new LiveWork(board, messages, turns);
        this.say = say;
        board.cpu(settings.cpu());
    }

    /** Moves a control that needs no other heddle. */
    void apply(Control control) throws InterruptedException {
        switch (control.verb()) {
            case PROCESSORS -> heddle.processors(control.value());
            case TASKS -> tasks(control.value());
            case CPU -> board.cpu(control.value());
            case HOG -> nuisance(work::hog);
            case BLOCK -> nuisance(work::block);
            case KILL -> kill();
            case MODEL, LOCK -> throw new IllegalArgumentException(control + " needs another heddle");
        }
    }

    /** Has as many tasks take part. */
    void tasks(int n) throws InterruptedException {
        for (; asked < n; asked++) {
            if (!board.takeSurplus()) { // then one who was to leave stays, with its message
                add();
            }
        }
        board.addSurplus(asked - n);
        asked = n;
    }

    private void add() throws InterruptedException {
        LiveWork mine = work;
        tasks.add(heddle.start((Action) () -> mine.rounds()));
        messages.send(System.nanoTime());
    }

    private void nuisance(Action action) {
        nuisances.add(heddle.start(action));
    }

    private void kill() {
        if (heddle.model() != Model.PROCESS) {
            say.accept("only PROCESS has workers to kill: choose that model first");
        } else if (!tasks.isEmpty()) {
            tasks.getFirst().kill(); // the oldest, which has a worker; another one takes its place in tend()
        }
    }

    /** Sees who has ended; one that did not leave by itself is replaced. Called again and again. */
    void tend() throws InterruptedException {
        int lost = 0;
        for (Iterator<Task<?>> each = tasks.iterator(); each.hasNext(); ) {
            Task<?> task = each.next();
            if (task.isDone()) {
                each.remove();
                if (task.state() != State.SUCCESS) {
                    lost++;
                    say.accept(
                            task.state() == State.CANCELLED
                                    ? "task " + task.id() + " was killed with its worker, and another one started"
                                    : "task " + task.id() + " failed, and another one started: "
                                            + task.exceptionNow().getMessage());
                }
            }
        }
        for (; lost > 0; lost--) {
            add(); // with a message for the one that may be lost
        }
        nuisances.removeIf(Task::isDone);
        present = tasks.size();
    }

    /** {@return how many tasks take part} */
    int present() {
        return present;
    }

    /** {@return what the heddle says of itself} */
    Stats stats() {
        return heddle.stats();
    }

    /** {@return the scheduler's latest events, if they are recorded} Any thread may ask, also when this is closed. */
    Recording recording() {
        return recorder.recording();
    }

    /** {@return how many rounds there were, see {@link Board}} */
    long[] counts() {
        return board.counts();
    }

    /** Waits for all tasks, none of which goes on for long. */
    @Override
    public void close() {
        board.stop();
        messages.close();
        heddle.close();
    }
}
