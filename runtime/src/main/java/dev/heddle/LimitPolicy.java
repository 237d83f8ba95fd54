package dev.heddle;

/** What the start of a task does where {@link HeddleBuilder#maxTasks} are live. */
public enum LimitPolicy {
    /**
     * It waits until a task has ended. Starters are served in their order, about. If one is interrupted, or the heddle is shut
     * down, it throws a {@link java.util.concurrent.RejectedExecutionException}, and stays interrupted. Tasks that start tasks
     * of their own heddle can come to wait for each other this way: use {@link #CALLER_RUNS} then.
     */
    BLOCK,

    /** It throws a {@link java.util.concurrent.RejectedExecutionException}. */
    REJECT,

    /** The job is executed by the starter, in its own thread and process, before the start returns. */
    CALLER_RUNS
}
