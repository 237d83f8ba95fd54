package dev.heddle.internal.permit;

import dev.heddle.Acquired;
import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.function.LongFunction;

/** Permits of this process. */
public class LocalPermits extends Permits {
    private static final long serialVersionUID = 1L;

    private final transient String name;
    private final transient LongFunction<String> threads;
    private final transient PermitQueue queue;

    /**
     * @param name for messages and dumps
     * @param total how many
     * @param threads says who a thread of this process is, by its number
     */
    public LocalPermits(String name, int total, LongFunction<String> threads) {
        this.name = name;
        this.threads = threads;
        this.queue = new PermitQueue(total);
    }

    /** {@return the permits} */
    public final PermitQueue queue() {
        return queue;
    }

    /** The calling thread, which waits. */
    private final class ThreadPermitWaiter extends PermitWaiter implements Blocker {
        private final Thread thread;

        ThreadPermitWaiter(int wanted, Thread thread) {
            super(wanted, thread.threadId());
            this.thread = thread;
        }

        @Override
        protected void wake() {
            Parker.wake(thread);
        }

        boolean isServed() {
            return outcome() != null;
        }

        Acquired how() {
            Acquired how = outcome();
            return how == null ? Acquired.NOT : how;
        }

        @Override
        public Reason reason() {
            return Reason.LOCK;
        }

        @Override
        public String purpose() {
            return "acquire " + LocalPermits.this + heldBy();
        }
    }

    private String heldBy() {
        Object last = queue.lastHolder();
        String who = last instanceof Long thread ? threads.apply(thread) : last.toString();
        return queue.total() == 1
                ? ", held by " + who
                : ", of which " + queue.held() + " of " + queue.total() + " are held, the last by " + who;
    }

    @Override
    protected int total() {
        return queue.total();
    }

    @Override
    protected Acquired take(int n, long nanos) throws InterruptedException {
        ThreadPermitWaiter me = new ThreadPermitWaiter(n, Thread.currentThread());
        if (queue.begin(me, true)) {
            return me.how();
        }
        Parker.awaitOrGiveUp(me, me::isServed, nanos, () -> queue.cancel(me));
        return me.how();
    }

    @Override
    protected Acquired tryTake(int n) {
        ThreadPermitWaiter me = new ThreadPermitWaiter(n, Thread.currentThread());
        queue.begin(me, false);
        return me.how();
    }

    @Override
    protected void giveBack(int n) {
        queue.release(n);
    }

    @Override
    protected void abandon(int n) {
        queue.abandon(n);
    }

    @Override
    public final String toString() {
        return name;
    }
}
