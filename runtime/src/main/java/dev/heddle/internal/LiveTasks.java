package dev.heddle.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The live tasks of a heddle, whether there may be more of them, and what follows when there are none.
 *
 * <pre>{@code
 * OPEN -> CLOSING     close(): tasks of this heddle may still start others
 * OPEN -> SHUTDOWN    shutdown(): nothing can be started
 * CLOSING -> SHUTDOWN
 * any -> RELEASED     awaitEnd(), or the last task where nobody waits: once no task is left, resources are freed
 * }</pre>
 *
 * <p>The race that matters is a start against the end of the last task: whoever starts one first {@linkplain #enter enters} it
 * and then reads the phase, the closer first sets the phase and then looks whether there are tasks. So either the start sees the
 * phase and takes its task back, or the closer sees the task and waits. The same goes for a closer that begins to wait: it first
 * enters {@link #closers} and then looks for tasks, and whoever removes the last task then reads these.
 *
 * <p>It is a registry, rather than that it has one, lest each start and end of a task follow one more reference.
 */
final class LiveTasks extends TaskRegistry {
    private static final int OPEN = 0;
    private static final int CLOSING = 1;
    private static final int SHUTDOWN = 2;
    private static final int RELEASED = 3;

    private final HeddleCore heddle;
    private final @Nullable TaskLimit limit;
    private final Runnable free;

    /** Guards phase changes. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while {@link #free} runs. Taken before {@link #lock}. */
    private final ReentrantLock releasing = new ReentrantLock();

    private volatile int phase = OPEN;

    /** Threads that wait for the end of all tasks. */
    private final Queue<Thread> closers = new ConcurrentLinkedQueue<>();

    /**
     * @param heddle whose tasks
     * @param limit how many there may be, or null
     * @param free called once, when none is left and none can come
     */
    LiveTasks(HeddleCore heddle, @Nullable TaskLimit limit, Runnable free) {
        this.heddle = heddle;
        this.limit = limit;
        this.free = free;
    }

    // ---- tasks come and go

    /**
     * Enters a task that is about to be started, when there is room for it. {@link #requireOpen} must follow, and
     * {@link #leave} when its code can no longer run.
     *
     * @param task new
     * @return whether it may be launched; if not, the caller is to run it
     * @throws InterruptedException if the calling thread is interrupted while there is no room
     */
    boolean enter(TaskCore<?> task) throws InterruptedException {
        task.limited = limit != null && limit.enter(heddle, this::isOpenToCaller);
        add(task); // before the phase is read; the closer does it the other way round
        return limit == null || task.limited;
    }

    private boolean isOpenToCaller() {
        int now = phase;
        return now == OPEN || (now == CLOSING && CurrentTask.heddle() == heddle);
    }

    /** Throws if the calling thread can start no tasks any more. */
    void requireOpen() {
        if (!isOpenToCaller()) {
            throw new RejectedExecutionException(
                    "heddle " + heddle.name() + " is closed and starts no more tasks: start"
                            + " them before close() or shutdown(), or open another heddle");
        }
    }

    /** The code of a task can no longer run, and the heddle has done with it. */
    void leave(TaskCore<?> task) {
        remove(task);
        if (limit != null && task.limited) {
            limit.leave();
        }
        task.over();
        if (phase != OPEN && isEmpty()) {
            idle();
        }
    }

    // ---- the end

    /** Only tasks of this heddle start others from now on. */
    void close() {
        setPhase(CLOSING);
    }

    /** Nothing is started from now on. */
    void shutdown() {
        setPhase(SHUTDOWN);
    }

    /** {@return whether it is not open to everybody any more} */
    boolean isShutdown() {
        return phase != OPEN;
    }

    /** {@return whether no task is left and none can come} */
    boolean isTerminated() {
        return phase >= SHUTDOWN && isEmpty();
    }

    /**
     * Waits until the heddle is not open and no task is left, and sees to it that all is freed then.
     *
     * @param nanos the longest time to wait for the tasks, or {@link Parker#FOREVER}
     * @return false if the time is over
     * @throws InterruptedException if interrupted while tasks are left
     */
    boolean awaitEnd(long nanos) throws InterruptedException {
        if (!awaitIdle(nanos)) {
            return false;
        }
        finish();
        return true;
    }

    private void setPhase(int next) {
        lock.lock();
        try {
            phase = Math.max(phase, next);
        } finally {
            lock.unlock();
        }
        if (limit != null) {
            limit.closed();
        }
        if (isEmpty()) {
            idle();
        }
    }

    /** No task is left, and the heddle is not open: wakes those who wait for that, or, if nobody does, frees it. */
    private void idle() {
        closers.forEach(Parker::wake);
        if (phase == SHUTDOWN && closers.isEmpty()) {
            // A task may be calling, which must not wait for its own carrier or worker to end.
            Thread.ofPlatform().daemon().name(heddle.name() + "-release").start(this::finish);
        }
    }

    private boolean awaitIdle(long nanos) throws InterruptedException {
        Thread me = Thread.currentThread();
        boolean idle = false;
        closers.add(me);
        try {
            idle = Parker.await(heddle, () -> phase != OPEN && isEmpty(), nanos);
            return idle;
        } finally {
            closers.remove(me);
            if (!idle && phase == SHUTDOWN && isEmpty()) {
                idle(); // the last task ended after we gave up, saw us, and left the freeing to us
            }
        }
    }

    /** Frees everything, once; a second caller waits until that is done. */
    private void finish() {
        releasing.lock();
        try {
            if (phase != RELEASED) {
                setPhase(RELEASED);
                free.run();
            }
        } finally {
            releasing.unlock();
        }
    }
}
