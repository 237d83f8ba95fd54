package dev.heddle.internal.green;

import dev.heddle.internal.os.CpuAffinity;
import java.util.concurrent.Semaphore;

/**
 * A thread of a {@link SimulatedMachine}: an OS thread that goes on only while it has the baton. Whoever has that reads and
 * writes the fields.
 */
final class SimulatedThread extends Thread {
    static final long NEVER = Long.MAX_VALUE;

    /** What the thread does in virtual time. */
    enum State {
        /** It goes on as soon as the machine wants. */
        READY,
        /** It computes: nothing happens but that time passes. */
        COMPUTES,
        /** It waits in the kernel. */
        BLOCKED,
        /** It is parked: for some time, or until it is unparked. */
        PARKED,
        /** The kernel has stopped it for a while, wherever it was. */
        STOPPED
    }

    private final SimulatedMachine machine;
    private final Runnable work;

    /** Passes on to this thread the right to go on. */
    final Semaphore baton = new Semaphore(0);

    State state = State.READY;

    /** When it is ready again by itself. */
    long until = NEVER;

    /** That of {@link java.util.concurrent.locks.LockSupport#unpark}. */
    boolean permit;

    /** What the operating system calls it; 0 until it has had the baton. */
    int osId;

    SimulatedThread(SimulatedMachine machine, Runnable work) {
        this.machine = machine;
        this.work = work;
        setDaemon(true);
    }

    @Override
    public void start() {
        machine.started(this);
        super.start();
        machine.maySwitch();
    }

    @Override
    public void run() {
        try {
            baton.acquireUninterruptibly();
            machine.requireGoingOn();
            osId = CpuAffinity.currentThreadId();
            work.run();
            machine.ended(this);
        } catch (Throwable t) { // the run has failed, whatever it is
            machine.fail(t);
        }
    }

    /** The thread does something until the time has come. */
    void pause(State what, long when) {
        state = what;
        until = when;
    }

    void ready() {
        state = State.READY;
        until = NEVER;
    }

    String describe() {
        return getName() + " " + state + (until == NEVER ? "" : " until " + until) + (permit ? ", has a permit" : "");
    }
}
