package dev.heddle.internal;

import dev.heddle.LimitPolicy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * How many tasks may be live, and what happens to the next.
 *
 * <p>Problem: starters are threads of any kind, an owner of fibers among them, who must run them while he waits. Rejected:
 * {@link java.util.concurrent.Semaphore}, whose waiters can only park. Approach: a count, and a queue of the threads that wait
 * through {@link Parker}.
 *
 * <p>The race that matters is a starter that begins to wait against a task that ends: the starter first enters the queue and
 * then looks at the count, the task first counts and then wakes the first in the queue. A starter that leaves the queue, for
 * whatever reason, wakes the next if there is room, since it may have been woken in that one's place.
 */
final class TaskLimit {
    private final int most;
    private final LimitPolicy policy;
    private final AtomicInteger live = new AtomicInteger();
    private final Queue<Thread> starters = new ConcurrentLinkedQueue<>();

    /** @param most at least 1 */
    TaskLimit(int most, LimitPolicy policy) {
        this.most = most;
        this.policy = policy;
    }

    /**
     * Makes room for a task, as the policy says.
     *
     * @param heddle for messages
     * @param open whether waiting is of any use
     * @return whether {@link #leave} must follow; if not, the caller is to run the task, or to find that the heddle is closed
     * @throws InterruptedException if the calling thread is interrupted while it waits for room
     */
    boolean enter(HeddleCore heddle, BooleanSupplier open) throws InterruptedException {
        if (tryEnter()) {
            return true;
        }
        return switch (policy) {
            case CALLER_RUNS -> false;
            case REJECT ->
                throw new RejectedExecutionException("heddle " + heddle.name() + " has " + most
                        + " live tasks, which is its limit: start fewer at once, raise HeddleBuilder.maxTasks, or let"
                        + " starters wait by LimitPolicy.BLOCK");
            case BLOCK -> await(open);
        };
    }

    private boolean await(BooleanSupplier open) throws InterruptedException {
        Thread me = Thread.currentThread();
        boolean[] entered = new boolean[1];
        starters.add(me);
        try {
            Parker.await(this, () -> (entered[0] = tryEnter()) || !open.getAsBoolean(), Parker.FOREVER);
            return entered[0];
        } finally {
            starters.remove(me);
            wakeIfRoom();
        }
    }

    private boolean tryEnter() {
        int now;
        do {
            now = live.get();
            if (now >= most) {
                return false;
            }
        } while (!live.compareAndSet(now, now + 1));
        return true;
    }

    /** The code of a task can no longer run that had entered. */
    void leave() {
        live.decrementAndGet();
        wakeIfRoom();
    }

    private void wakeIfRoom() {
        if (live.get() < most) {
            Parker.wake(starters.peek());
        }
    }

    /** The heddle is closed: nobody need wait any more. */
    void closed() {
        starters.forEach(Parker::wake);
    }
}
