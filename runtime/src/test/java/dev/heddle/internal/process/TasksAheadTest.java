package dev.heddle.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Heddle;
import dev.heddle.Job;
import dev.heddle.Model;
import dev.heddle.SharedInts;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.WorkerDiedException;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker is given short tasks ahead, of which nobody notices anything. */
@SuppressWarnings("serial") // a job here may name what only this package sees
class TasksAheadTest extends HeddleTest {
    private static final int MANY = 4_000;

    private Heddle heddle;
    private SharedInts runs;
    private SharedLongs beginnings;

    /** By task: the process that ran it last. */
    private SharedLongs workers;

    @BeforeEach
    void open() throws Exception {
        heddle = Heddle.builder(Model.PROCESS).processors(2).open();
        runs = heddle.sharedInts(MANY);
        beginnings = heddle.sharedLongs(MANY);
        workers = heddle.sharedLongs(MANY);
        for (Task<Integer> task : start(0, MANY)) { // by then workers know that tasks are short
            task.join();
        }
        for (int i = 0; i < MANY; i++) {
            runs.set(i, 0);
        }
    }

    @AfterEach
    void close() {
        heddle.close();
    }

    /** Notes that it runs, when it has begun, and where. */
    private Job<Integer> job(int number) {
        SharedInts runsHere = runs;
        SharedLongs beginningsHere = beginnings;
        SharedLongs workersHere = workers;
        return () -> {
            beginningsHere.setRelease(number, System.nanoTime());
            workersHere.setRelease(number, ProcessHandle.current().pid());
            runsHere.getAndAdd(number, 1);
            return number;
        };
    }

    private List<Task<Integer>> start(int from, int to) {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            tasks.add(heddle.start(job(i)));
        }
        return tasks;
    }

    private void assertEachRanOnce(Set<Integer> but) {
        for (int i = 0; i < MANY; i++) {
            if (!but.contains(i)) {
                assertThat(runs.getAcquire(i)).as("runs of task %d", i).isOne();
            }
        }
    }

    @Test
    void aLongTaskKeepsNoneThatIsBehindItFromRunning() throws Exception {
        SharedInts over = heddle.sharedInts(1);
        List<Task<Integer>> tasks = new ArrayList<>(start(0, MANY / 2));
        Task<?> longOne = heddle.start(() -> {
            while (over.getAcquire(0) == 0) {
                Thread.onSpinWait(); // waits in no channel, for that would make room for another worker
            }
        });
        tasks.addAll(start(MANY / 2, MANY));
        for (Task<Integer> task : tasks) {
            task.join();
        }
        assertThat(longOne.isDone()).isFalse();
        over.setRelease(0, 1);
        longOne.join();
        assertEachRanOnce(Set.of());
    }

    @Test
    void aTaskThatHasEndedItsWorkerIsTheOnlyOneThatFails() throws Exception {
        List<Task<Integer>> tasks = new ArrayList<>();
        Set<Integer> deadly = Set.of(0, 700, 701, 1_500, MANY - 1);
        for (int i = 0; i < MANY; i++) {
            tasks.add(heddle.start(
                    deadly.contains(i)
                            ? () -> {
                                Runtime.getRuntime().halt(3);
                                return 0;
                            }
                            : job(i)));
        }
        for (int i = 0; i < MANY; i++) {
            Task<Integer> task = tasks.get(i);
            if (deadly.contains(i)) {
                assertThat(catchThrowable(task::get))
                        .cause()
                        .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                            assertThat(death.taskId()).isEqualTo(task.id());
                            assertThat(death.exitCode()).isEqualTo(3);
                        });
            } else {
                assertThat(task.get()).isEqualTo(i);
            }
        }
        assertEachRanOnce(deadly);
    }

    @Test
    void whatIsCancelledBeforeItHasBegunNeverBegins() throws Exception {
        long seed = Long.getLong("heddle.seed", new Random().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        List<Task<Integer>> tasks = start(0, MANY);
        long[] cancelled = new long[MANY];
        for (int n = 0; n < MANY / 4; n++) {
            int i = random.nextInt(MANY);
            if (tasks.get(i).cancel(random.nextBoolean())) {
                cancelled[i] = System.nanoTime(); // the clock is the same in all processes
            }
        }
        eventually("all tasks are done", () -> tasks.stream().allMatch(Task::isDone));
        eventually("no code runs any more", () -> heddle.stats().running() == 0);
        for (int i = 0; i < MANY; i++) {
            boolean was = cancelled[i] != 0;
            assertThat(tasks.get(i).isCancelled())
                    .as("task %d, seed %d", i, seed)
                    .isEqualTo(was);
            if (was && runs.getAcquire(i) > 0) {
                // Its worker had begun it, if not come to its first line, and so cannot have begun another one
                // after the cancel and before it.
                assertThat(beginningBefore(i)).as("task %d, seed %d", i, seed).isLessThan(cancelled[i]);
            }
            assertThat(runs.getAcquire(i)).as("task %d, seed %d", i, seed).isBetween(was ? 0 : 1, 1);
        }
    }

    /** {@return when its worker had begun the task before it} */
    private long beginningBefore(int task) {
        return IntStream.range(0, MANY)
                .filter(other -> workers.getAcquire(other) == workers.getAcquire(task))
                .mapToLong(beginnings::getAcquire)
                .filter(beginning -> beginning < beginnings.getAcquire(task))
                .max()
                .orElse(Long.MIN_VALUE);
    }

    @Test
    void killEndsThatTaskOnly() throws Exception {
        long seed = Long.getLong("heddle.seed", new Random().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        List<Task<Integer>> tasks = start(0, MANY);
        Set<Integer> killed = new HashSet<>();
        int first = 0;
        for (int n = 0; n < 20; n++) {
            while (first < MANY && tasks.get(first).isDone()) {
                first++;
            }
            int i = first + random.nextInt(40); // it may run, be ahead, or be queued
            if (i < MANY && tasks.get(i).kill()) {
                killed.add(i);
            }
        }
        for (int i = 0; i < MANY; i++) {
            if (killed.contains(i)) {
                assertThat(tasks.get(i).isCancelled())
                        .as("task %d, seed %d", i, seed)
                        .isTrue();
            } else {
                assertThat(tasks.get(i).get()).as("task %d, seed %d", i, seed).isEqualTo(i);
            }
        }
        assertEachRanOnce(killed);
    }
}
