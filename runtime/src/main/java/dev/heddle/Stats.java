package dev.heddle;

/**
 * A picture of a heddle at one moment. The counts are read one after the other while tasks go on, so they need not add
 * up exactly.
 *
 * @param processors how many tasks may execute at the same instant
 * @param started tasks started since the heddle was opened
 * @param completed tasks whose code has ended, in whatever way. Whoever joins a task is woken first, so one that has just been joined
 *     may be missing for a moment; one that was cancelled is until its code notices that
 * @param failed tasks among them that ended with an exception
 * @param running tasks that hold a processor (under {@link Model#THREAD}: that have begun and do not wait, as far as
 *     the JVM knows)
 * @param runnable tasks that could run and have no processor; under {@link Model#PROCESS} those that wait for a worker
 * @param parked tasks that wait for something; under {@link Model#GREEN} these three count the virtual threads, too, that the
 *     code of tasks has started; under {@link Model#PROCESS} those that have waited in a channel for 10 ms
 * @param switches times that a processor changed to another task; 0 where the operating system switches
 * @param steals tasks that a processor took from another's queue
 * @param handoffs times that a processor was taken from a task that hogged or blocked it
 * @param osThreads OS threads that exist to run tasks: carriers, the owner of fibers, or the tasks' own; under
 *     {@link Model#PROCESS} the workers
 * @param waits how long tasks waited for a processor; empty under other models than {@link Model#GREEN}
 * @param lock what was counted of the global lock, under {@link Model#PROCESS} of those of all workers, of tasks that have ended;
 *     all 0 without {@link HeddleBuilder#globalLock}
 */
public record Stats(
        int processors,
        long started,
        long completed,
        long failed,
        long running,
        long runnable,
        long parked,
        long switches,
        long steals,
        long handoffs,
        int osThreads,
        WaitHistogram waits,
        GlobalLockStats lock) {}
