package dev.heddle.internal.green;

import dev.heddle.internal.green.GreenScheduler.Tuning;
import dev.heddle.internal.lock.TimeSlicedLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Runs of a {@link GreenScheduler} on a {@link SimulatedMachine}. A seed decides what the tasks do and who goes on when. Takes the
 * name of a {@link Kind} and a seed; returns all that has happened, or throws with a picture of the state.
 */
final class Simulation implements BiFunction<String, Long, String> {
    /** What is simulated. */
    enum Kind {
        /** Tasks do all that tasks can do, and a user changes the number of processors meanwhile. */
        EVERYTHING,
        /** Two tasks wake each other for ever, others yield for ever, on one processor; still all get their turn. */
        CROWDING_OUT,
        /** All tasks block in the kernel, one after the other, on one processor. */
        BLOCKING,
        /** Tasks and a thread beside them share a global lock. */
        LOCKED
    }

    static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MOST_PROCESSORS = 5;
    static final int MOST_TASKS = 40;

    /** Of GREEN: how often the global queue is looked at. */
    private static final int GLOBAL_EVERY = 61;

    static final long[] STOPS = {0, 5 * MICRO, 200 * MICRO, 15 * MILLI};
    private static final long[] KEEP_ALIVES = {MILLI, 10 * MILLI, 200 * MILLI};

    /** After the longest, the Monitor has gone to sleep. */
    private static final long[] PAUSES = {50 * MICRO, 2 * MILLI, 60 * MILLI};

    private static final long[] RESIZE_PAUSES = {MILLI, 20 * MILLI, 500 * MILLI};
    private static final int[] SPARE_CARRIERS = {0, 1, 3, 2 * MOST_TASKS};

    /** Of so many carriers one cannot be started. */
    private static final int[] FAILING_STARTS = {0, 0, 0, 0, 0, 4};

    @Override
    public String apply(String kind, Long seed) {
        try {
            return switch (Kind.valueOf(kind)) {
                case EVERYTHING -> new Everything(new SplittableRandom(seed)).run();
                case CROWDING_OUT -> new CrowdingOut(new SplittableRandom(seed)).run();
                case BLOCKING -> new Blocking(new SplittableRandom(seed)).run();
                case LOCKED -> new SimulatedLock(new SplittableRandom(seed)).run();
            };
        } catch (Throwable t) {
            throw new AssertionError(kind + " with seed " + seed + ": " + t.getMessage(), t);
        }
    }

    /** What all kinds have in common. */
    abstract static class Run {
        final SplittableRandom random;
        final SimulatedMachine machine;
        final GreenScheduler scheduler;
        final List<SimulatedTask> tasks = new ArrayList<>();
        final SimulationWatch watch;

        /** Null if there is none. */
        final TimeSlicedLock lock;

        private record Timer(long due, int number, SimulatedTask task) {}

        private final PriorityQueue<Timer> timers =
                new PriorityQueue<>((a, b) -> a.due != b.due ? Long.compare(a.due, b.due) : a.number - b.number);
        private int timersMade;
        private SimulatedThread timerThread;

        /** Tasks that have not ended, and others that may come. */
        int live;

        Run(SplittableRandom random, int processors, Tuning tuning, long longestStop, int failingStarts) {
            this(random, processors, tuning, longestStop, failingStarts, 0);
        }

        /** @param lockInterval the interval of a global lock, in nanoseconds; 0 for none */
        Run(
                SplittableRandom random,
                int processors,
                Tuning tuning,
                long longestStop,
                int failingStarts,
                long lockInterval) {
            this.random = random;
            machine = new SimulatedMachine(random.split(), longestStop, failingStarts);
            lock = lockInterval == 0
                    ? null
                    : new TimeSlicedLock("simulated", Long::toString, true, lockInterval, machine, machine);
            scheduler = new GreenScheduler(
                    "simulated",
                    machine.seams(),
                    processors,
                    tuning,
                    random.nextInt(4) == 0,
                    lock,
                    GreenScheduler.Owner.NOBODY);
            watch = new SimulationWatch(machine, scheduler, tasks, tuning.spareCarriers() >= MOST_TASKS);
        }

        final String run() throws InterruptedException {
            Map<String, Runnable> threads = new LinkedHashMap<>();
            threads.put("simulated-timers", this::runTimers);
            begin(threads);
            String log = machine.run(watch(), threads);
            atEnd();
            return log;
        }

        /** Asserts what must hold after the run. */
        void atEnd() {
            watch.atEnd();
        }

        /** {@return what is asserted during the run} */
        SimulatedMachine.Watch watch() {
            return watch;
        }

        /** Announces what threads there are beside the scheduler's. */
        abstract void begin(Map<String, Runnable> threads);

        final SimulatedTask task(Consumer<SimulatedTask> script) {
            live++;
            SimulatedTask task = new SimulatedTask(tasks.size() + 1, machine, scheduler, random.split(), me -> {
                script.accept(me);
                ended();
            });
            tasks.add(task);
            return task;
        }

        final void ended() {
            live--;
            if (live == 0) {
                machine.unpark(timerThread);
            }
        }

        final List<SimulatedTask> waiting() {
            return tasks.stream()
                    .filter(task -> task.is(SimulatedTask.State.WAITS))
                    .toList();
        }

        final void wakeSomebody(SplittableRandom by) {
            List<SimulatedTask> waiting = waiting();
            if (!waiting.isEmpty()) {
                waiting.get(by.nextInt(waiting.size())).wake();
            }
        }

        final void release() {
            machine.note("releases");
            scheduler.release();
            watch.released();
        }

        /** The calling thread, which is none of the scheduler's, does nothing for so long. */
        final void sleep(long nanos) {
            machine.park(this, nanos);
        }

        final void await(SimulatedTask me, long nanos) {
            timers.add(new Timer(machine.now() + nanos, timersMade++, me));
            machine.unpark(timerThread);
            me.await();
        }

        private void runTimers() {
            timerThread = machine.current();
            while (live > 0) {
                Timer first = timers.peek();
                if (first == null) {
                    sleep(SimulatedMachine.FOREVER);
                } else if (first.due > machine.now()) {
                    sleep(first.due - machine.now());
                } else {
                    timers.remove(first);
                    first.task.wake();
                }
            }
        }
    }

    private static final class Everything extends Run {
        private int mayStart;

        /** What the user does after release(). */
        private final int late;

        Everything(SplittableRandom random) {
            super(
                    random,
                    random.nextInt(1, MOST_PROCESSORS + 1),
                    new Tuning(
                            random.nextBoolean() ? 2 : 4,
                            SPARE_CARRIERS[random.nextInt(SPARE_CARRIERS.length)],
                            KEEP_ALIVES[random.nextInt(KEEP_ALIVES.length)]),
                    STOPS[random.nextInt(STOPS.length)],
                    FAILING_STARTS[random.nextInt(FAILING_STARTS.length)]);
            mayStart = random.nextInt(2, MOST_TASKS);
            late = random.nextInt(1, 4);
            live = 2; // the two threads below, until they start no more
        }

        @Override
        void begin(Map<String, Runnable> threads) {
            threads.put("simulated-user", this::use);
            threads.put("simulated-outside", this::wakeFromOutside);
        }

        /** Changes the number of processors, and closes. */
        private void use() {
            SplittableRandom own = random.split();
            boolean early = own.nextInt(4) == 0;
            long pause = RESIZE_PAUSES[own.nextInt(RESIZE_PAUSES.length)];
            while (early ? own.nextInt(8) != 0 : live > 1) {
                sleep(own.nextLong(1, pause));
                int n = own.nextInt(1, MOST_PROCESSORS + 1);
                machine.note("resizes to " + n);
                watch.resizes(n);
                scheduler.resize(n);
                watch.resized(n);
            }
            release();
            for (int i = 0; i < late; i++) {
                if (own.nextBoolean()) {
                    sleep(own.nextLong(1, 50 * MILLI)); // most carriers have ended by then
                }
                task(me -> behave(me, 3)).wake();
            }
            ended();
        }

        private void wakeFromOutside() {
            SplittableRandom own = random.split();
            long pause = PAUSES[own.nextInt(PAUSES.length)];
            while (mayStart > 0) {
                mayStart--;
                task(me -> behave(me, 10)).wake();
                if (own.nextInt(4) == 0) {
                    sleep(own.nextLong(1, pause));
                }
            }
            ended();
            while (live > 0) {
                sleep(own.nextLong(1, pause));
                wakeSomebody(own);
            }
        }

        private void behave(SimulatedTask me, int mostSteps) {
            SplittableRandom own = me.random;
            int steps = own.nextInt(mostSteps + 1);
            for (int step = 1; step <= steps; step++) {
                machine.note("task " + me.id + ", step " + step + " of " + steps);
                switch (own.nextInt(16)) {
                    case 0, 1, 2 -> machine.compute(own.nextLong(1, 200 * MICRO));
                    case 3, 4 -> wakeSomebody(own);
                    case 5, 6, 7 -> me.await();
                    case 8, 9 -> me.yield();
                    case 10 -> await(me, own.nextLong(1, own.nextInt(4) == 0 ? 60 * MILLI : 5 * MILLI));
                    case 11 -> machine.compute(own.nextLong(1, 100 * MILLI));
                    case 12 -> machine.block(own.nextLong(1, 30 * MILLI));
                    case 13 -> leaveProcessor(me, own.nextLong(1, 3 * MILLI));
                    default -> {
                        if (mayStart > 0) {
                            mayStart--;
                            task(child -> behave(child, 10)).wake();
                        }
                    }
                }
            }
            endFor(waiting().stream().limit(own.nextInt(4)).toList());
        }

        private void leaveProcessor(SimulatedTask me, long nanos) {
            List<Runnable> after = new ArrayList<>();
            try {
                scheduler.blocking(() -> {
                    if (me.random.nextBoolean()) {
                        machine.block(nanos);
                    } else {
                        await(me, nanos); // so that it has a processor afterwards
                    }
                    after.add(watch.blocked());
                    return null;
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            after.forEach(Runnable::run);
        }

        /** As a task that ends, and others have joined it. */
        private void endFor(List<SimulatedTask> joiners) {
            scheduler.ending(!joiners.isEmpty());
            joiners.forEach(SimulatedTask::wake);
        }
    }

    private static final class CrowdingOut extends Run {
        /** A slice, and what it may take the Monitor to see that it is over, twice. */
        private static final long LONGEST_WAIT = 5 * GreenScheduler.SLICE_NANOS;

        private boolean stop;

        CrowdingOut(SplittableRandom random) {
            super(random, 1, new Tuning(64, 2, 10 * MILLI), STOPS[random.nextInt(2)], 0);
        }

        @Override
        void begin(Map<String, Runnable> threads) {
            live = 1;
            threads.put("simulated-outside", this::startOthers);
        }

        private void startOthers() {
            SplittableRandom own = random.split();
            SimulatedTask[] pair = new SimulatedTask[2];
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                pair[i] = task(me -> {
                    while (!stop) {
                        pair[other].wake();
                        machine.compute(me.random.nextLong(1, 500 * MICRO));
                        me.await();
                    }
                    pair[other].wake();
                });
            }
            List<SimulatedTask> first = new ArrayList<>(List.of(pair));
            for (int i = own.nextInt(3); i > 0; i--) {
                first.add(task(me -> {
                    while (!stop) {
                        machine.compute(me.random.nextLong(1, 500 * MICRO));
                        me.yield();
                    }
                }));
            }
            first.forEach(SimulatedTask::wake);
            for (int i = 0; i < 4; i++) {
                sleep(own.nextLong(1, 10 * MILLI));
                SimulatedTask task = task(me -> {
                    SimulatedTask child = task(it -> machine.compute(MICRO));
                    child.mayWait = LONGEST_WAIT;
                    child.wake();
                    task(it -> machine.compute(MICRO)).wake(); // pushes the child out of the run-next slot
                });
                task.mayBeOvertaken = (long) GLOBAL_EVERY * (1 + scheduler.globalSize()) + 1;
                task.wake();
            }
            sleep(300 * MILLI); // long after the last of them has had its turn
            stop = true;
            release();
            ended();
        }
    }

    private static final class Blocking extends Run {
        private static final int TASKS = 20;

        /** Much less than a slice for each of them. */
        private static final long LONGEST_WAIT = 6 * GreenScheduler.SLICE_NANOS;

        Blocking(SplittableRandom random) {
            super(random, 1, new Tuning(64, TASKS, 10 * MILLI), STOPS[random.nextInt(2)], 0);
        }

        @Override
        void begin(Map<String, Runnable> threads) {
            live = 1;
            threads.put("simulated-outside", () -> {
                for (int i = 0; i < TASKS; i++) {
                    SimulatedTask task = task(me -> machine.block(100 * MILLI));
                    task.mayWait = LONGEST_WAIT;
                    task.wake();
                }
                release();
                ended();
            });
        }
    }
}
