package dev.heddle.chaos;

import dev.heddle.Heddle;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills workers from outside, at any instruction, and changes the number of processors. */
final class Killer {
    static final int PROCESSORS_MAX = 3;

    /** How many tasks are begun from one kill to the next, at most, so that it is not faster than the machine. */
    private static final int TASKS_MAX = 12;

    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Of how many that may not be ready one is killed: with more of it, no task would ever run. */
    private static final int YOUNG_SPARED = 12;

    private static final List<Kill> KILLS =
            Kill.ALL.stream().filter(Kill::canComeFromOutside).toList();

    private final Heddle heddle;
    private final ChaosThings things;
    private final ChaosTally tally;
    private volatile boolean stopped;
    private volatile boolean hasKilledYoung;

    Killer(Heddle heddle, ChaosThings things, ChaosTally tally) {
        this.heddle = heddle;
        this.things = things;
        this.tally = tally;
    }

    void stop() {
        stopped = true;
    }

    /** {@return whether it has killed workers that may not have been ready} */
    boolean hasKilledYoung() {
        return hasKilledYoung;
    }

    void play(SplittableRandom random) {
        try {
            while (!stopped) {
                pause(random);
                List<ProcessHandle> workers = ProcessHandle.current().children().toList();
                if (random.nextInt(4) == 0) {
                    heddle.processors(random.nextInt(1, PROCESSORS_MAX + 1));
                } else if (!workers.isEmpty()) {
                    kill(workers.get(random.nextInt(workers.size())), random);
                }
            }
        } catch (IllegalStateException e) {
            if (!heddle.isTerminated()) {
                throw e;
            } // else the memory is freed in which it looks
        }
    }

    /** Until some tasks have been begun; at an end some time later. */
    private void pause(SplittableRandom random) {
        long start = System.nanoTime();
        long until = things.tasksBegun() + random.nextInt(TASKS_MAX);
        while (!stopped && things.tasksBegun() < until && System.nanoTime() - start < PAUSE_NANOS_MAX) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LockSupport.parkNanos(random.nextLong(LOOK_NANOS));
    }

    private void kill(ProcessHandle worker, SplittableRandom random) {
        Kill kill = KILLS.get(random.nextInt(KILLS.size()));
        if (!things.hasBegunTasks(worker.pid())) {
            if (random.nextInt(YOUNG_SPARED) > 0) {
                return;
            }
            hasKilledYoung = true;
            kill = Kill.KILL_9; // one that was stopped would be waited for for a minute
        }
        if (worker.isAlive()) { // and it will not be reaped and its number given to another so soon
            kill.strike(worker.pid());
            tally.killed(kill, 1);
        }
    }
}
