package dev.heddle.internal;

import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.Left;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the calling thread executes: whose task it is, and what such a task can ask for without having anything in its hands. */
public final class CurrentTask {
    /** The heddle whose task a platform thread executes. A virtual thread is known by its scheduler. */
    private static final ThreadLocal<@Nullable HeddleCore> OF_PLATFORM_THREAD = new ThreadLocal<>();

    private CurrentTask() {}

    /**
     * The calling platform thread executes tasks of a heddle from now on.
     *
     * @param heddle whose
     */
    public static void setHeddle(HeddleCore heddle) {
        OF_PLATFORM_THREAD.set(heddle);
    }

    /** {@return the heddle whose task, or a virtual thread that its task has started, is the calling thread, or null} */
    static @Nullable HeddleCore heddle() {
        Thread thread = Thread.currentThread();
        if (!thread.isVirtual()) {
            return OF_PLATFORM_THREAD.get();
        }
        return VirtualThreads.ownerOf(thread) instanceof HeddleCore heddle ? heddle : null;
    }

    /** See {@link dev.heddle.Heddle#yield}. */
    public static void yield() {
        Left locks = HeldLocks.leave(true);
        try {
            Parker.current().yield();
        } finally {
            if (locks != null) {
                locks.comeBack();
            }
        }
    }

    /**
     * See {@link dev.heddle.Heddle#blocking}.
     *
     * @param work the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public static <T extends @Nullable Object> T blocking(Callable<T> work) throws Exception {
        Left locks = HeldLocks.leave(false);
        try {
            HeddleCore current = heddle();
            return current == null ? work.call() : current.blockingTask(work);
        } finally {
            if (locks != null) {
                locks.comeBack();
            }
        }
    }
}
