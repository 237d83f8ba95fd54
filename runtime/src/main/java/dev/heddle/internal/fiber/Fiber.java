package dev.heddle.internal.fiber;

import org.jspecify.annotations.Nullable;

/**
 * A fiber as the loop knows it, which has it in its queue or not. A continuation that has waited is another one to the loop: who
 * wakes it knows only the thread.
 */
final class Fiber {
    /** Null in the mark that {@link FiberLoop#yield} leaves. */
    final @Nullable FiberHeddle of;

    final @Nullable Thread thread;

    /** Has it go on until it switches. */
    final Runnable goOn;

    // Where it is in a FiberQueue.
    boolean queued;

    @Nullable
    Fiber before;

    @Nullable
    Fiber after;

    Fiber(@Nullable FiberHeddle of, @Nullable Thread thread, Runnable goOn) {
        this.of = of;
        this.thread = thread;
        this.goOn = goOn;
    }
}
