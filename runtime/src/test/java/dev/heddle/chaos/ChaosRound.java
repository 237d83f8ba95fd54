package dev.heddle.chaos;

import static dev.heddle.testing.HeddleTest.eventually;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Received;
import dev.heddle.Results;
import dev.heddle.Stats;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import dev.heddle.testing.HeddleTest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A heddle and all that goes on in it for a while, until it is closed: single tasks, a map, the parent's own sending and
 * receiving, and a {@link Killer}. Then all is accounted for:
 *
 * <ul>
 *   <li>a task that was started has ended, once, with its value or as {@link Outcomes} allows, and was begun at most as often as it
 *       may have attempts;
 *   <li>the results of a map came in the order of its inputs, none was missing before the input that failed;
 *   <li>elements of channels: see {@link ChaosLedger};
 *   <li>what a task had written to its row was there when its value was; the mutex and all permits can be had in the end.
 * </ul>
 */
final class ChaosRound {
    private static final int LIVE_MAX = 6;
    private static final int CHUNK_MAX = 6;
    private static final int RETRIES_MAX = 3;
    private static final long WORKER_HEAP = 48 << 20;

    /** Workers live so briefly that the other compiler costs half of the processors' time; now and then it is there. */
    private static final String ONLY_C1 = "-XX:TieredStopAtLevel=1";

    /** What a stopped worker's task ends by: longer than most tasks take, and not so long that most time is waited for it. */
    static final TaskOptions LIMITED = TaskOptions.DEFAULT.timeLimit(HeddleTest.MEDIUM.multipliedBy(2));

    private final SplittableRandom random;
    private final ChaosTally tally;
    private final Outcomes outcomes;
    private final WorkerLines lines = new WorkerLines();
    private final Heddle heddle;
    private final ChaosThings things;
    private final Killer killer;
    private final AtomicInteger tasks = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private volatile boolean starting = true;
    private volatile boolean sending = true;

    /** A part of the round, in a thread of its own. */
    @FunctionalInterface
    private interface Part {
        void play(SplittableRandom random) throws Exception;
    }

    /** A single task. */
    private static final class Single {
        final ChaosJob job;
        final TaskOptions options;
        final Task<Long> task;
        boolean cancelled;

        Single(ChaosJob job, TaskOptions options, Task<Long> task) {
            this.job = job;
            this.options = options;
            this.task = task;
        }
    }

    ChaosRound(SplittableRandom random, ChaosTally tally) {
        this.random = random;
        this.tally = tally;
        heddle = Heddle.builder(Model.PROCESS)
                .name(Chaos.NAME)
                .processors(random.nextInt(1, Killer.PROCESSORS_MAX + 1))
                .workerHeap(WORKER_HEAP)
                .workerJvmFlags(random.nextInt(4) > 0 ? new String[] {ONLY_C1} : new String[0])
                .workerOutput(lines::add)
                .open();
        things = ChaosThings.make(heddle, random);
        killer = new Killer(heddle, things, tally);
        outcomes = new Outcomes(killer);
    }

    /** {@return what goes on, for a round that does not go on} */
    String dump() {
        return heddle.dump() + System.lineSeparator() + lines;
    }

    void run(Duration time) {
        try {
            play(time);
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failures.add(e);
        } finally {
            killer.stop();
        }
        Throwable first = failures.poll();
        if (first != null) {
            heddle.shutdownNow();
            AssertionError report = new AssertionError(
                    first + System.lineSeparator() + "The last lines of workers:" + System.lineSeparator() + lines,
                    first);
            failures.forEach(report::addSuppressed);
            throw report;
        }
    }

    private void play(Duration time) throws InterruptedException {
        Thread mapper = start("map", this::map);
        Thread pipes = start("pipes", new ChaosPipes(heddle, things, outcomes, tally, this::goesOn)::play);
        Thread sender = start("sender", this::sendDown);
        Thread receiver = start("receiver", this::receiveUp);
        Thread killing = start("killer", killer::play);
        startAndEndTasks(time);
        starting = false;
        mapper.join();
        pipes.join();
        eventually("the code of all tasks has ended", this::isQuiet);
        sending = false;
        sender.join();
        things.channels().forEach(Channel::close);
        receiver.join();
        settle();
        if (random.nextBoolean()) { // else workers are killed while it closes
            killer.stop();
        }
        if (failures.isEmpty()) {
            heddle.close();
            tally.count("heddles closed");
        }
        killer.stop();
        killing.join();
    }

    private Thread start(String name, Part part) {
        SplittableRandom own = random.split();
        return Thread.ofPlatform().daemon().name("part-" + name).start(() -> {
            try {
                part.play(own);
            } catch (Throwable t) { // whatever it is, the round has failed
                failures.add(t);
            }
        });
    }

    private boolean isQuiet() {
        Stats now = heddle.stats();
        return now.running() + now.runnable() + now.parked() == 0;
    }

    // ---- tasks

    private ChaosJob newJob(SplittableRandom choices) {
        Kill kill = Kill.perhaps(choices);
        Work work = Work.ALL.get(choices.nextInt(Work.ALL.size()));
        return new ChaosJob(
                things, tasks.getAndIncrement(), work, kill, choices.nextInt(1, RETRIES_MAX + 1), choices.nextLong());
    }

    private static TaskOptions newOptions(SplittableRandom choices) {
        return LIMITED.retries(choices.nextInt(RETRIES_MAX + 1));
    }

    private boolean goesOn() {
        return starting && failures.isEmpty() && tasks.get() < ChaosThings.TASKS_MAX - CHUNK_MAX;
    }

    /** Starts single tasks, cancels and kills some, and sees to all of their ends. */
    private void startAndEndTasks(Duration time) throws InterruptedException {
        Deque<Single> live = new ArrayDeque<>();
        for (long start = System.nanoTime(); System.nanoTime() - start < time.toNanos() && goesOn(); ) {
            ChaosJob job = newJob(random);
            TaskOptions options = newOptions(random);
            live.add(new Single(job, options, heddle.start(job, options)));
            if (random.nextInt(10) == 0) {
                cancel(random.nextBoolean() ? live.getFirst() : live.getLast());
            }
            if (live.size() == LIVE_MAX) {
                end(live.remove());
            }
        }
        for (Single single : live) {
            end(single);
        }
    }

    private void cancel(Single single) {
        if (random.nextBoolean()) {
            single.cancelled |= single.task.kill();
        } else {
            single.cancelled |= single.task.cancel(random.nextBoolean());
        }
    }

    private void end(Single single) throws InterruptedException {
        String outcome;
        try {
            check(single.job, single.task.get(), single.options);
            outcome = "with its value";
        } catch (CancellationException e) {
            outcome = outcomes.cancelled(single.cancelled, e);
        } catch (ExecutionException e) {
            outcome = outcomes.failed(single.options, e.getCause());
        }
        checkAttempts(single.job, single.options);
        tally.count("a task ended " + outcome);
    }

    private void check(ChaosJob job, long value, TaskOptions options) {
        if (value != job.result()) {
            throw new AssertionError("the value of " + job + " is " + value);
        }
        things.checkRow(job.task(), value);
        if (things.attempts().get(job.task()) == 0) {
            throw new AssertionError(job + " has a value and was never begun");
        }
        checkAttempts(job, options);
    }

    private void checkAttempts(ChaosJob job, TaskOptions options) {
        int attempts = things.attempts().get(job.task());
        if (attempts > options.retries() + 1) {
            throw new AssertionError(job + " was begun " + attempts + " times, with " + options);
        }
    }

    // ---- a map

    private void map(SplittableRandom choices) {
        while (goesOn()) {
            Deque<ChaosJob> begun = new ArrayDeque<>();
            Iterator<ChaosJob> inputs = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return goesOn();
                }

                @Override
                public ChaosJob next() {
                    ChaosJob job = newJob(choices);
                    begun.add(job);
                    return job;
                }
            };
            TaskOptions options = newOptions(choices);
            try (Results<Long> results =
                    heddle.map(() -> inputs, ChaosJob::call, choices.nextInt(1, CHUNK_MAX), options)) {
                for (long result : results) {
                    check(begun.remove(), result, options);
                    tally.count("results of maps");
                }
                if (!begun.isEmpty()) {
                    throw new AssertionError("a map has no result for " + begun);
                }
                tally.count("maps to their ends");
            } catch (TaskFailedException e) {
                tally.count("a map ended " + outcomes.failed(options, e.getCause()));
            }
        }
    }

    // ---- the parent's part in channels

    private void sendDown(SplittableRandom choices) throws InterruptedException {
        while (sending) {
            things.send(ChaosThings.DOWN, 0, choices);
            LockSupport.parkNanos(choices.nextInt(2_000_000));
        }
    }

    private void receiveUp(SplittableRandom choices) throws InterruptedException {
        Channel<Element> up = things.channels().get(ChaosThings.UP);
        Map<Long, Integer> last = new HashMap<>();
        while (true) {
            things.ledger().receiving(ChaosThings.UP);
            Element element;
            try {
                element = up.receive();
            } catch (ChannelClosedException e) {
                things.ledger().received(ChaosThings.UP, null);
                return;
            }
            things.ledger().received(ChaosThings.UP, element);
            Integer before = last.put(element.sender(), element.number());
            if (before != null && before >= element.number()) {
                throw new AssertionError(
                        "element " + element.number() + " came after " + before + " of the same sender");
            }
            tally.count("elements to the parent");
        }
    }

    // ---- the end

    /** When no task's code runs any more, and channels are closed. */
    private void settle() throws InterruptedException {
        for (int channel : new int[] {ChaosThings.DOWN, ChaosThings.ACROSS}) {
            things.ledger().receiving(channel);
            Received<Element> received = things.channels().get(channel).tryReceive();
            while (received instanceof Received.Element<Element>(Element element)) {
                things.ledger().received(channel, element);
                things.ledger().receiving(channel);
                received = things.channels().get(channel).tryReceive();
            }
            things.ledger().received(channel, null);
        }
        tally.count("elements received", things.ledger().check());
        if (!things.mutex().lock(HeddleTest.LONG).isHeld()) {
            throw new AssertionError("nobody is left, and the mutex is held");
        }
        things.mutex().unlock();
        if (!things.semaphore().acquire(ChaosThings.PERMITS, HeddleTest.LONG).isHeld()
                || things.semaphore().tryAcquire().isHeld()) {
            throw new AssertionError("nobody is left, and there are not just " + ChaosThings.PERMITS + " permits");
        }
        things.semaphore().release(ChaosThings.PERMITS);
        for (Kill kill : Kill.ALL) {
            tally.killed(kill, things.kills().get(kill.number()));
        }
        eventually("all tasks that were started have ended", () -> {
            Stats now = heddle.stats();
            return now.started() == now.completed();
        });
    }
}
