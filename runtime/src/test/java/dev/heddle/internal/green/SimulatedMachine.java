package dev.heddle.internal.green;

import dev.heddle.internal.Parker;
import dev.heddle.internal.Seams;
import dev.heddle.internal.os.Machine;
import dev.heddle.internal.trace.Trace;
import dev.heddle.simulation.Coroutine;
import dev.heddle.testing.HeddleTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A machine on which everything happens in an order, and at times, that a seed decides.
 *
 * <p>Problem: the scheduler's races are decided by who goes on when, and no two runs on a real machine agree on that. Rejected: a
 * simulated scheduler, which would prove something about itself; threads that are virtual, since a carrier is an OS thread and
 * looks whether it is. Approach: OS threads that run one at a time. One of them has the baton; at each {@link #point} and at
 * each call of a seam it asks the random source who is next, and if that is another, passes the baton on and waits for it.
 * Each CPU-bound thread has a CPU. Time is virtual: it passes when all threads compute, wait in the kernel or are parked, up to
 * when the first of them is ready again. Now and then the machine stops a thread for a while, wherever it is, as kernels do.
 *
 * <p>A task is a {@link Coroutine}. A virtual thread cannot wait for the baton, or its carrier would run something else; it
 * pauses, and the OS thread under it waits, see {@link #handOver}.
 *
 * <p>The race that matters is none: all here is read and written by whoever has the baton, and a semaphore passes it on. Only
 * after a failure all threads go on at once, until the next point ends each.
 */
public final class SimulatedMachine implements Parker, Machine, Trace {
    /** More than any run that ends. */
    private static final long MOST_POINTS = 20_000_000;

    private static final long LATEST = TimeUnit.MINUTES.toNanos(10);

    private static final int SPURIOUS_WAKE_EVERY = 64;
    private static final int STOP_EVERY = 256;

    /** Ends a thread after the run has failed. */
    private static final class Aborted extends Error {}

    /** What is asserted during a run. */
    interface Watch {
        /** A scheduler event has been recorded. */
        void recorded(Trace.Event event, long subject, long detail);

        /** No thread can go on before time passes. */
        void atRest();

        /** {@return the state of all, for the message of a failure} */
        String describe();
    }

    private static volatile SimulatedMachine running;

    private final SplittableRandom random;
    private final int switchEvery;
    private final int failingStarts;
    final long longestStop;

    private final List<SimulatedThread> threads = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Semaphore over = new Semaphore(0);

    private SimulatedThread current;

    /** Who is to have the baton once the task that executes has paused. */
    private SimulatedThread handOver;

    private Watch watch;

    /** Whether the watch looks, which changes nothing and is no point. */
    private boolean watching;

    private long now;
    private long points;

    private volatile Throwable failure;

    /**
     * @param random decides all
     * @param longestStop how long the machine may stop a thread; 0 if it never does
     * @param failingStarts of so many carriers one cannot be started; 0 for none
     */
    SimulatedMachine(SplittableRandom random, long longestStop, int failingStarts) {
        this.random = random;
        this.longestStop = longestStop;
        this.failingStarts = failingStarts;
        this.switchEvery = 1 << random.nextInt(1, 7);
    }

    Seams seams() {
        return new Seams(this, random::nextLong, this::newThread, this, this);
    }

    private Thread newThread(Runnable work) {
        if (failingStarts > 0 && work instanceof Carrier && random.nextInt(failingStarts) == 0) {
            note("cannot start a carrier");
            throw new OutOfMemoryError("simulated");
        }
        return new SimulatedThread(this, work);
    }

    /** {@return whether all threads can be started} */
    boolean startsAll() {
        return failingStarts == 0;
    }

    // ---- a run

    /**
     * Runs threads, and those that they start, until all have ended.
     *
     * @return all that has happened
     */
    String run(Watch watching, Map<String, Runnable> first) throws InterruptedException {
        watch = watching;
        first.forEach((name, work) -> {
            SimulatedThread thread = new SimulatedThread(this, work);
            thread.setName(name);
            thread.start();
        });
        List<SimulatedThread> all = List.copyOf(threads);
        running = this;
        current = all.getFirst();
        current.baton.release();
        boolean ended = over.tryAcquire(HeddleTest.LONG.toMillis(), TimeUnit.MILLISECONDS);
        running = null;
        if (!ended) {
            fail(new AssertionError("hangs; " + current + " has the baton at " + stackOf(current)));
        }
        Throwable cause = failure;
        if (cause != null) {
            throw new AssertionError(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
        log.add("the next choice would be " + random.nextLong());
        return String.join("\n", log);
    }

    private static String stackOf(Thread thread) {
        return Arrays.stream(thread.getStackTrace()).map(Object::toString).collect(Collectors.joining("\n    "));
    }

    /** A thread is about to start. */
    void started(SimulatedThread thread) {
        requireGoingOn();
        threads.add(thread);
        note("starts " + thread.getName());
    }

    /** A thread has ended; it has the baton. */
    void ended(SimulatedThread thread) {
        note("ends");
        threads.remove(thread);
        if (threads.isEmpty()) {
            over.release();
        } else {
            current = choose();
            current.baton.release();
        }
    }

    /** Ends the run, and all of its threads. */
    void fail(Throwable cause) {
        if (failure != null || cause instanceof Aborted) {
            return; // what follows from the first failure
        }
        watching = true;
        String state =
                threads.stream().map(SimulatedThread::describe).collect(Collectors.joining("\n  ", "\n  ", "\n"));
        failure = new AssertionError(
                cause.getMessage() + "\nat " + now + " ns, thread " + current.getName() + state + watch.describe()
                        + "\nthe last that happened:\n  "
                        + String.join("\n  ", log.subList(Math.max(0, log.size() - 60), log.size())),
                cause);
        threads.forEach(thread -> thread.baton.release(2));
        over.release();
    }

    /** Fails the run if something is not as it must be. */
    void require(boolean condition, Supplier<String> what) {
        if (!condition) {
            throw new AssertionError(what.get());
        }
    }

    void requireGoingOn() {
        if (failure != null) {
            throw new Aborted();
        }
    }

    // ---- who is next

    /** Another thread may go on here; {@link PreemptibleClasses} writes the calls. */
    public static void point() {
        SimulatedMachine machine = running;
        if (machine != null) {
            machine.maySwitch();
        }
    }

    /** As {@link #point}. */
    void maySwitch() {
        if (!watching && running != null) {
            requireGoingOn();
            require(++points < MOST_POINTS, () -> "does not end");
            if (longestStop > 0 && random.nextInt(STOP_EVERY) == 0) {
                current.pause(SimulatedThread.State.STOPPED, now + random.nextLong(1, longestStop));
                switchTo(choose());
            } else if (random.nextInt(switchEvery) == 0) {
                switchTo(choose());
            }
        }
    }

    private SimulatedThread choose() {
        while (true) {
            List<SimulatedThread> ready = threads.stream()
                    .filter(thread -> thread.state == SimulatedThread.State.READY)
                    .toList();
            if (!ready.isEmpty()) {
                return ready.get(random.nextInt(ready.size()));
            }
            if (threads.stream().noneMatch(thread -> thread.state == SimulatedThread.State.STOPPED)) {
                watching = true;
                watch.atRest();
                watching = false;
            }
            long first = earliest();
            require(first != SimulatedThread.NEVER, () -> "a stall: nothing will ever happen again");
            passTo(first);
        }
    }

    private long earliest() {
        return threads.stream().mapToLong(thread -> thread.until).min().orElse(SimulatedThread.NEVER);
    }

    private void passTo(long time) {
        now = Math.max(now, time);
        require(now < LATEST, () -> "does not end");
        for (SimulatedThread thread : threads) {
            if (thread.until <= now) {
                thread.ready();
            }
        }
    }

    private void switchTo(SimulatedThread next) {
        if (next == current) {
            return;
        }
        if (Thread.currentThread().isVirtual()) {
            handOver = next;
            Coroutine.pause();
            require(handOver == null, () -> "a task cannot be stopped here: it is pinned");
            requireGoingOn();
        } else {
            pass(next);
        }
    }

    private void pass(SimulatedThread next) {
        SimulatedThread me = current;
        current = next;
        next.baton.release();
        me.baton.acquireUninterruptibly();
        requireGoingOn();
    }

    /**
     * For the thread under a task that has paused.
     *
     * @return whether that was for another thread; then that has gone on, and now it is the task's turn again
     */
    boolean handOver() {
        SimulatedThread next = handOver;
        if (next == null) {
            return false;
        }
        handOver = null;
        pass(next);
        return true;
    }

    // ---- what takes time

    /** The calling thread computes for so long. */
    void compute(long nanos) {
        note("computes for " + nanos);
        spend(SimulatedThread.State.COMPUTES, nanos);
    }

    /** The calling thread waits in the kernel for so long. */
    void block(long nanos) {
        note("blocks for " + nanos);
        spend(SimulatedThread.State.BLOCKED, nanos);
    }

    private void spend(SimulatedThread.State what, long nanos) {
        current.pause(what, now + nanos);
        switchTo(choose());
    }

    @Override
    public void park(Object blocker, long nanos) {
        SimulatedThread me = current;
        if (!me.permit && random.nextInt(SPURIOUS_WAKE_EVERY) != 0) {
            me.pause(SimulatedThread.State.PARKED, nanos == FOREVER ? SimulatedThread.NEVER : now + nanos);
            switchTo(choose());
        } else {
            maySwitch();
        }
        me.permit = false;
    }

    @Override
    public void unpark(Thread thread) {
        if (thread instanceof SimulatedThread other) {
            note("unparks " + other.getName());
            other.permit = true;
            if (other.state == SimulatedThread.State.PARKED) {
                other.ready();
            }
        }
        maySwitch();
    }

    // ---- what the scheduler asks and tells

    @Override
    public long nanoTime() {
        maySwitch();
        return now;
    }

    @Override
    public int cpus() {
        return 2;
    }

    @Override
    public boolean isBlocked(int threadId) {
        maySwitch();
        return threads.stream()
                .anyMatch(thread -> thread.osId == threadId && thread.state == SimulatedThread.State.BLOCKED);
    }

    @Override
    public Map<String, Long> stopsIfAllSleep() {
        return Map.of();
    }

    @Override
    public void record(Trace.Event event, long subject, long detail) {
        if (running == null) {
            return;
        }
        requireGoingOn();
        note(event + " " + subject + (event == Event.WAKE ? "" : " " + detail)); // who wakes is a thread of this JVM's
        watching = true;
        watch.recorded(event, subject, detail);
        watching = false;
        maySwitch();
    }

    // ---- for the simulation

    long now() {
        return now;
    }

    SimulatedThread current() {
        return current;
    }

    /** {@return the thread of that name that has started last and not ended} */
    Optional<SimulatedThread> thread(String name) {
        return threads.stream().filter(thread -> thread.getName().equals(name)).reduce((older, newer) -> newer);
    }

    /** Something has happened. */
    void note(String what) {
        log.add(now + " " + (current == null ? "" : current.getName()) + ": " + what);
    }
}
