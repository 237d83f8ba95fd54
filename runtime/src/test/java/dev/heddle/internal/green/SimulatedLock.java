package dev.heddle.internal.green;

import dev.heddle.internal.green.GreenScheduler.Tuning;
import dev.heddle.internal.trace.Trace;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tasks of a scheduler with a global lock do all that tasks can do, and a thread beside them takes the lock as well: never do two
 * execute at once, whoever asks for the lock gets it in turn, and nothing is lost.
 */
final class SimulatedLock extends Simulation.Run {
    private static final long[] INTERVALS = {50 * Simulation.MICRO, Simulation.MILLI, 5 * Simulation.MILLI};

    /** The id of the thread beside the tasks; those of carriers are negative. */
    private static final long BESIDE = 1;

    private int mayStart;

    /** Who executes user code, or null. */
    private String executes;

    /** Who has the lock, by the events, or 0. */
    private long holder;

    SimulatedLock(SplittableRandom random) {
        super(
                random,
                random.nextInt(1, 4),
                new Tuning(
                        random.nextBoolean() ? 2 : 4,
                        random.nextInt(2, 2 * Simulation.MOST_TASKS),
                        10 * Simulation.MILLI),
                Simulation.STOPS[random.nextInt(Simulation.STOPS.length)],
                0,
                INTERVALS[random.nextInt(INTERVALS.length)]);
        mayStart = random.nextInt(2, Simulation.MOST_TASKS);
        live = 2; // the two threads below, until they start no more
    }

    @Override
    void begin(Map<String, Runnable> threads) {
        threads.put("simulated-outside", this::wakeFromOutside);
        threads.put("simulated-beside", this::executeBeside);
    }

    private void wakeFromOutside() {
        SplittableRandom own = random.split();
        while (mayStart > 0) {
            mayStart--;
            start();
            if (own.nextInt(4) == 0) {
                sleep(own.nextLong(1, 10 * Simulation.MILLI));
            }
        }
        ended();
        while (live > 0) {
            sleep(own.nextLong(1, 2 * Simulation.MILLI));
            wakeSomebody(own);
        }
        release();
    }

    /** As whoever starts a task that runs in the caller: takes the lock as an OS thread. */
    private void executeBeside() {
        SplittableRandom own = random.split();
        for (int i = own.nextInt(10); i > 0; i--) {
            sleep(own.nextLong(1, 5 * Simulation.MILLI));
            lock.take(BESIDE, machine, null, 0);
            for (int j = own.nextInt(10); j > 0; j--) {
                execute("beside", own.nextLong(1, Simulation.MILLI));
                if (lock.heed(BESIDE)) {
                    lock.drop(BESIDE, false);
                    lock.take(BESIDE, machine, null, 0);
                }
            }
            lock.drop(BESIDE, own.nextBoolean());
        }
        ended();
    }

    private void start() {
        SimulatedTask task = task(me -> {
            int steps = me.random.nextInt(10);
            for (int step = 0; step < steps; step++) {
                act(me);
            }
            scheduler.lock.leave(false); // as at the end of a task
        });
        task.mayBeOvertaken = Simulation.MOST_TASKS;
        task.wake();
    }

    private void act(SimulatedTask me) {
        SplittableRandom own = me.random;
        execute("task " + me.id, own.nextLong(1, 100 * Simulation.MICRO));
        switch (own.nextInt(12)) {
            case 0, 1, 2 -> {
                for (int i = own.nextInt(20); i > 0; i--) {
                    execute("task " + me.id, own.nextLong(1, Simulation.MILLI));
                    scheduler.lock.checkpoint();
                }
            }
            case 3, 4 -> wakeSomebody(own);
            case 5 -> me.await(); // in code of the JDK
            case 6 -> unlocked(me::await, false);
            case 7 -> await(me, own.nextLong(1, 5 * Simulation.MILLI));
            case 8 -> unlocked(me::yield, true);
            case 9 -> unlocked(() -> block(me), false);
            case 10 -> unlocked(() -> {}, own.nextBoolean()); // what was waited for is there already
            default -> {
                if (mayStart > 0) {
                    mayStart--;
                    start();
                }
            }
        }
        execute("task " + me.id, own.nextLong(1, 100 * Simulation.MICRO));
    }

    private void unlocked(Runnable wait, boolean handOver) {
        machine.require(scheduler.lock.leave(handOver), () -> "a task executes without the lock");
        wait.run();
        scheduler.lock.comeBack();
    }

    private void block(SimulatedTask me) {
        try {
            scheduler.blocking(() -> {
                if (me.random.nextBoolean()) {
                    machine.block(me.random.nextLong(1, 3 * Simulation.MILLI));
                } else {
                    await(me, me.random.nextLong(1, 3 * Simulation.MILLI));
                }
                return null;
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Executes user code, in the middle of which others may go on. */
    private void execute(String who, long nanos) {
        String other = executes;
        machine.require(other == null, () -> who + " executes beside " + other);
        executes = who;
        machine.compute(nanos);
        executes = null;
    }

    // ---- what is asserted beside that

    @Override
    void atEnd() {
        machine.require(tasks.stream().allMatch(task -> task.is(SimulatedTask.State.ENDED)), () -> "tasks are lost");
        machine.require(!lock.isHeld() && holder == 0, () -> "the lock is still held");
        machine.require(scheduler.runnable() == 0, () -> scheduler.runnable() + " are queued");
        machine.require(scheduler.carriers() == 0, () -> scheduler.carriers() + " carriers are counted");
    }

    @Override
    SimulatedMachine.Watch watch() {
        return new SimulatedMachine.Watch() {
            @Override
            public void recorded(Trace.Event event, long subject, long detail) {
                switch (event) {
                    case LOCK_TAKEN -> {
                        machine.require(holder == 0, () -> subject + " takes the lock, which " + holder + " holds");
                        holder = subject;
                    }
                    case LOCK_DROPPED -> {
                        machine.require(
                                holder == subject, () -> subject + " drops the lock, which " + holder + " holds");
                        holder = 0;
                    }
                    case MOUNT ->
                        tasks.forEach(task -> {
                            task.overtake();
                            machine.require(
                                    task.overtaken() <= task.mayBeOvertaken,
                                    () -> task + " was overtaken " + task.overtaken() + " times");
                        });
                    default -> {}
                }
            }

            @Override
            public void atRest() {
                boolean anyRunnable = tasks.stream().anyMatch(task -> task.is(SimulatedTask.State.RUNNABLE));
                boolean anyCarrier = scheduler.carriers.idle() > 0 || scheduler.carriers() < scheduler.carriers.limit;
                machine.require(
                        holder != 0
                                || !anyRunnable
                                || !anyCarrier
                                || scheduler.processors().lent() > 0,
                        () -> "tasks wait, a carrier could execute them, and nobody has the lock");
            }

            @Override
            public String describe() {
                return "held by " + holder + "\n" + watch.describe();
            }
        };
    }
}
