package dev.heddle.internal.green;

import dev.heddle.simulation.Coroutine;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A task on a simulated machine, and what the JDK's virtual threads are to the scheduler: a continuation that is handed over when
 * it can go on, runs until it waits, yields or ends, and says so if it is run when that is not due.
 */
final class SimulatedTask implements Runnable {
    enum State {
        /** Never handed over. */
        NEW,
        /** Handed over, and not run since. */
        RUNNABLE,
        /** On a carrier. */
        EXECUTES,
        /** Until it is woken. */
        WAITS,
        ENDED
    }

    private final SimulatedMachine machine;
    private final GreenScheduler scheduler;
    private final Consumer<SimulatedTask> script;
    private Coroutine coroutine;

    final int id;
    final SplittableRandom random;

    private State state = State.NEW;

    /** Whether it was woken while it did not wait: its next wait ends at once. */
    private boolean permit;

    /** Whether it pauses in order to wait, and not to yield. */
    private boolean goesToWait;

    /** How often it was made runnable. */
    private long handedOver;

    /** Since when it is runnable. */
    private long since;

    /** How often others were mounted meanwhile. */
    private long overtaken;

    /** How often it may be overtaken. */
    long mayBeOvertaken = Long.MAX_VALUE;

    /** How long it may be runnable. */
    long mayWait = Long.MAX_VALUE;

    /** @param script what it does, once, in a green thread */
    SimulatedTask(
            int id,
            SimulatedMachine machine,
            GreenScheduler scheduler,
            SplittableRandom random,
            Consumer<SimulatedTask> script) {
        this.id = id;
        this.machine = machine;
        this.scheduler = scheduler;
        this.random = random;
        this.script = script;
    }

    // ---- for others

    /** Starts the task, or ends its present or next wait. */
    void wake() {
        if (state == State.NEW || state == State.WAITS) {
            machine.note("wakes task " + id);
            handOver();
        } else {
            permit = true;
        }
    }

    private void handOver() {
        state = State.RUNNABLE;
        long handed = ++handedOver;
        beginToWait();
        scheduler.resume(this);
        if (handed == handedOver && state == State.RUNNABLE) {
            beginToWait(); // who wakes it may have been kept from his CPU before it was in any queue
        }
    }

    private void beginToWait() {
        since = machine.now();
        overtaken = 0;
    }

    boolean is(State what) {
        return state == what;
    }

    long waited() {
        return state == State.RUNNABLE ? machine.now() - since : 0;
    }

    long overtaken() {
        return overtaken;
    }

    /** Another was mounted. */
    void overtake() {
        if (state == State.RUNNABLE) {
            overtaken++;
        }
    }

    // ---- for itself

    /** Waits until it is woken, unless it has been. */
    void await() {
        if (permit) {
            permit = false;
        } else {
            machine.note("task " + id + " waits");
            goesToWait = true;
            Coroutine.pause();
        }
    }

    /** Lets others run. */
    void yield() {
        machine.note("task " + id + " yields");
        Coroutine.pause();
    }

    // ---- for carriers

    @Override
    public void run() {
        try {
            machine.require(state == State.RUNNABLE, () -> "is run on a carrier, but is not due: " + this);
            state = State.EXECUTES;
            machine.note("task " + id + " goes on");
            if (coroutine == null) {
                coroutine = new Coroutine(this::begin);
            }
            do {
                coroutine.goOn();
            } while (machine.handOver());
            machine.maySwitch(); // it may be woken while it is unmounting
            paused();
        } catch (Throwable t) { // a carrier would log it and go on
            machine.fail(t);
        }
    }

    private void begin() {
        try {
            script.accept(this);
        } catch (Throwable t) { // nobody else would see it
            machine.fail(t);
        }
    }

    private void paused() {
        boolean waits = goesToWait;
        goesToWait = false;
        if (coroutine.hasEnded()) {
            machine.note("task " + id + " has ended");
            state = State.ENDED;
        } else if (waits && !permit) {
            state = State.WAITS;
        } else {
            permit &= !waits;
            handOver();
        }
    }

    @Override
    public String toString() {
        return "task " + id + " " + state + (state == State.RUNNABLE ? " since " + since : "");
    }
}
