package dev.heddle;

/**
 * A heddle as JMX shows it, where {@link HeddleBuilder#jmx} was set, under the name
 * {@code dev.heddle:type=Heddle,name="...",id=...} until the heddle is closed. The figures are those of {@link Stats}.
 */
public interface HeddleMXBean {
    /** {@return the model} */
    String getModel();

    /** {@return how many tasks may execute at the same instant} */
    int getProcessors();

    /** @param n see {@link Heddle#processors(int)} */
    void setProcessors(int n);

    /** {@return tasks started} */
    long getStarted();

    /** {@return tasks that have ended} */
    long getCompleted();

    /** {@return tasks among them that threw} */
    long getFailed();

    /** {@return tasks that hold a processor} */
    long getRunning();

    /** {@return tasks that wait for a processor} */
    long getRunnable();

    /** {@return tasks that wait for something else} */
    long getParked();

    /** {@return times that a processor changed to another task} */
    long getSwitches();

    /** {@return tasks that a processor took from another's queue} */
    long getSteals();

    /** {@return times that a processor was taken from a task} */
    long getHandoffs();

    /** {@return OS threads that exist to run tasks} */
    int getOsThreads();

    /** {@return times that the global lock was taken} */
    long getLockHolds();

    /** {@return times that it had to be waited for} */
    long getLockWaits();

    /** {@return times that a holder was requested to drop it} */
    long getLockDropRequests();

    /** {@return times that a holder dropped it at a checkpoint for that reason} */
    long getLockForcedSwitches();

    /** {@return how long it was held, in milliseconds} */
    long getLockHeldMillis();

    /** {@return how long it was waited for, in milliseconds} */
    long getLockWaitedMillis();

    /** {@return {@link Heddle#dump}} */
    String dump();
}
