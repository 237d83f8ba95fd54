package dev.heddle.internal.trace;

import dev.heddle.internal.Parker;
import java.util.concurrent.locks.LockSupport;

/** An OS thread whose wake-ups by Heddle are recorded. */
public final class TracedThread extends Thread implements Parker.Wakeable {
    private final Trace trace;

    /**
     * @param trace where to
     * @param name of the thread
     * @param work what it runs
     */
    public TracedThread(Trace trace, String name, Runnable work) {
        super(work, name);
        this.trace = trace;
    }

    @Override
    public void wake() {
        trace.record(Trace.Event.WAKE, threadId(), Thread.currentThread().threadId());
        LockSupport.unpark(this);
    }
}
