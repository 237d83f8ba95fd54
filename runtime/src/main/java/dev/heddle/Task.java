package dev.heddle;

import dev.heddle.internal.TaskCore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A job that has been started. All methods may be called from any thread.
 *
 * <p>A failure that nobody looks at through this object (by {@link #join}, {@link #get()} or {@link #exceptionNow}) is
 * reported when the heddle closes, see {@link Heddle#close}.
 *
 * @param <T> the type of the job's result
 */
public sealed interface Task<T extends @Nullable Object> extends Future<T> permits TaskCore {
    /** {@return a number that no other task of this JVM has} */
    long id();

    /** {@return the heddle that runs this task} */
    Heddle heddle();

    /**
     * {@return how long the task has executed so far} That is the time for which a carrier was its own, also where it blocked or
     * computed without a processor. Empty unless {@link HeddleBuilder#taskCpuTime} was set, and under other models than
     * {@link Model#GREEN}. What threads take that the task has started is not part of it.
     */
    Optional<Duration> cpuTime();

    /**
     * {@return what the task has done with the global lock of its heddle} Its drop requests are those that were made of it while it
     * held the lock. Of a hold that goes on nothing is counted, and under {@link Model#PROCESS} nothing before the task has ended;
     * all is 0 without {@link HeddleBuilder#globalLock}.
     */
    GlobalLockStats lockStats();

    /**
     * Waits until the task has ended and returns its result.
     *
     * <p>Called by the owner of a {@link Model#FIBER} heddle, it runs fibers while it waits.
     *
     * @return the job's result
     * @throws TaskFailedException if the job threw; the cause is what it threw, or a {@link WorkerDiedException}, or a {@link
     *     java.util.concurrent.TimeoutException} if it exceeded its {@linkplain TaskOptions#timeLimit time limit}
     * @throws CancellationException if the task was cancelled
     * @throws InterruptedException if the calling thread was interrupted while waiting
     */
    T join() throws InterruptedException;

    /**
     * Asks the task to stop: a task that has not begun never will; with {@code interrupt} one that runs is interrupted.
     * The task counts as cancelled at once, while its code may take a while to notice; {@link Heddle#close} waits for
     * the code.
     *
     * @param interrupt whether to interrupt the code if it is running
     * @return whether this call cancelled the task; false if it had already ended
     */
    @Override
    boolean cancel(boolean interrupt);

    /**
     * Ends the task as firmly as its model can. Under {@link Model#PROCESS} the worker's process is killed, at once,
     * whatever the code is doing, and only this task is lost; in the other models there is no way to stop code that
     * does not listen, and this is {@code cancel(true)}.
     *
     * @return whether this call ended the task; false if it had already ended
     */
    boolean kill();
}
