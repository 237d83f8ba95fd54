package dev.heddle.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a thread waits for in a join, a channel or a mutex, as {@link java.util.concurrent.locks.LockSupport#getBlocker} tells: so who
 * waits for what can be read at any time, and costs nothing to record. Only another thread can end such a wait.
 */
public interface Blocker {
    /** {@return what the thread waits to do, such as "join task 7 of heddle x"} */
    String purpose();

    /** {@return the task whose end is waited for, or null} */
    default @Nullable TaskCore<?> joined() {
        return null;
    }
}
