package dev.heddle.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Queues;
import dev.heddle.lab.Workload;
import dev.heddle.lab.measure.Scheduling.LockUse;
import dev.heddle.lab.measure.Scheduling.QueueUse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each lint where it fires and where it does not, on figures by hand; and that the figures are measured. */
class LintTest {
    private static final long INTERVAL = 5_000_000;

    private static List<Lint> lints(double busyCpus, double foreign, Scheduling scheduling) {
        return Lint.all(Collections.nCopies(5, Rows.sample(100, busyCpus, foreign, Outcome.NOTHING, scheduling)), 2, 2)
                .stream()
                .map(Lint.Warning::lint)
                .toList();
    }

    private static Scheduling ready(double ready, long forced) {
        return new Scheduling(8, 8, forced, ready, 0, LockUse.NONE, List.of());
    }

    private static Scheduling handoffs(long handoffs) {
        return new Scheduling(8, 8, 0, 1, handoffs, LockUse.NONE, List.of());
    }

    private static Scheduling lock(long holds, long forced, long heldNanos, long waitedNanos) {
        return new Scheduling(8, 8, 0, 1, 0, new LockUse(INTERVAL, holds, forced, heldNanos, waitedNanos), List.of());
    }

    private static Scheduling queue(int capacity, int full, int empty) {
        return new Scheduling(8, 8, 0, 1, 0, LockUse.NONE, List.of(new QueueUse("files", capacity, 10, full, empty)));
    }

    @Test
    void moreThreadsThanCpusThatStopEachOther() {
        assertThat(lints(2, 0, ready(8, 60))).containsExactly(Lint.OVERSUBSCRIBED);
        assertThat(lints(2, 0, ready(2, 60))).isEmpty(); // as many as there are CPUs
        assertThat(lints(2, 0, ready(8, 1))).isEmpty(); // ready for moments only
        assertThat(lints(1, 0.5, ready(8, 60))).isEmpty(); // they may be others'
    }

    @Test
    void shortHoldsThatWaitAnIntervalEach() {
        assertThat(lints(1, 0, lock(40, 20, 20 * INTERVAL, 20 * INTERVAL))).containsExactly(Lint.CONVOY);
        assertThat(lints(1, 0, lock(20, 20, 20 * INTERVAL, 20 * INTERVAL))).isEmpty(); // two that compute
        assertThat(lints(1, 0, lock(40, 20, 35 * INTERVAL, 20 * INTERVAL)))
                .isEmpty(); // compute, and wait for something
        assertThat(lints(1, 0, lock(40_000, 0, INTERVAL, INTERVAL))).isEmpty(); // nobody computes
    }

    @Test
    void carriersThatAreKeptWithoutComputing() {
        assertThat(lints(0.2, 0, handoffs(4))).containsExactly(Lint.PINNED_CARRIER);
        assertThat(lints(1.9, 0, handoffs(4))).isEmpty(); // hogs, which compute
        assertThat(lints(0.2, 0, handoffs(0))).isEmpty();
        assertThat(lints(0.2, 0.5, handoffs(4))).isEmpty(); // others have the CPUs
    }

    @Test
    void aQueueThatNeverChanges() {
        assertThat(lints(1, 0, queue(64, 10, 0))).containsExactly(Lint.QUEUE_ALWAYS_FULL);
        assertThat(lints(1, 0, queue(64, 0, 9))).containsExactly(Lint.QUEUE_ALWAYS_EMPTY);
        assertThat(lints(1, 0, queue(64, 5, 5))).isEmpty();
        assertThat(lints(1, 0, queue(0, 10, 10))).isEmpty(); // a rendezvous has no room anyway
    }

    @Test
    void whatIsNotKnownIsNotWarnedOf() {
        assertThat(lints(2, 0, Scheduling.UNKNOWN)).isEmpty();
    }

    @Test
    void aWarningSaysWhatWasMeasuredAndWhereToReadMore() {
        Lint.Warning warning = Lint.all(
                        Collections.nCopies(5, Rows.sample(100, 1, 0, Outcome.NOTHING, queue(64, 10, 0))), 2, 2)
                .getFirst();
        assertThat(warning.line())
                .isEqualTo(
                        "queue always full: whoever receives is slower than whoever sends (files, with room for 64, was"
                                + " full in 50 of 50 looks); ./heddle explain queue always full");
        assertThat(Lint.lines(new TreeMap<>(Map.of("a", List.of(warning), "b", List.of(), "c", List.of(warning)))))
                .containsExactly("! a, " + warning.line() + "; also c");
    }

    // ---- that the figures are measured

    private static Scheduling measured(Class<? extends Workload> type, Model model, long lockNanos) throws Exception {
        Spec spec = new Spec(type.getName(), List.of(), model, 2, List.of(), lockNanos);
        try (Runner runner = new Runner(spec, List.of(), Model.THREAD)) {
            runner.awaitOpen();
            return runner.measure().scheduling();
        }
    }

    /** Spins in eight tasks. */
    public static final class Spinning implements Workload {
        @Override
        public String describe() {
            return "spins in eight tasks";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(h.start(() -> {
                    long end = System.nanoTime() + 300_000_000;
                    while (System.nanoTime() - end < 0) {
                        Heddle.checkpoint();
                    }
                }));
            }
            for (Task<?> task : tasks) {
                task.join();
            }
            return Outcome.NOTHING;
        }
    }

    @Test
    void threadsThatAreReadyAreCounted() throws Exception {
        Scheduling seen = measured(Spinning.class, Model.THREAD, 0);
        assertThat(seen.tasks()).isEqualTo(8);
        assertThat(seen.tasksAtOnce()).isEqualTo(8);
        assertThat(seen.ready()).isGreaterThan(4);
        assertThat(seen.forcedSwitches()).isPositive();
        assertThat(seen.handoffs()).isZero();
    }

    @Test
    void processorsTakenFromHogsAreCountedAndSoAreSwitchesOfTheLock() throws Exception {
        assertThat(measured(Spinning.class, Model.GREEN, 0).handoffs()).isPositive();
        LockUse lock = measured(Spinning.class, Model.THREAD, INTERVAL).lock();
        assertThat(lock.intervalNanos()).isEqualTo(INTERVAL);
        assertThat(lock.forced()).isPositive();
        assertThat(lock.holds()).isGreaterThanOrEqualTo(lock.forced());
        assertThat(lock.waitedNanos()).isGreaterThan(lock.heldNanos());
    }

    /** Sends faster than it is received. */
    public static final class Flooding implements Workload {
        @Override
        public String describe() {
            return "sends without a pause to a task that pauses";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            Channel<Integer> numbers = Queues.watch("numbers", h.channel(4));
            Task<Integer> receiving = h.start(() -> {
                int received = 0;
                for (int ignored : numbers) {
                    Heddle.sleep(java.time.Duration.ofMillis(10));
                    received++;
                }
                return received;
            });
            for (int i = 0; i < 30; i++) {
                numbers.send(i);
            }
            numbers.close();
            return Outcome.of("received", receiving.join());
        }
    }

    @Test
    void channelsAreWatchedWhereTheWorkloadWantsIt() throws Exception {
        QueueUse use = measured(Flooding.class, Model.GREEN, 0).queues().getFirst();
        assertThat(use.name()).isEqualTo("numbers");
        assertThat(use.capacity()).isEqualTo(4);
        assertThat(use.looks()).isPositive();
        assertThat(use.full()).isPositive().isGreaterThan(use.empty());
    }
}
