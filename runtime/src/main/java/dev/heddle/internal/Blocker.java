package dev.heddle.internal;

import dev.heddle.Pipe;
import dev.heddle.internal.channel.ChannelLock;
import dev.heddle.trace.TraceEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a thread waits for in a join, a channel or a mutex, as {@link java.util.concurrent.locks.LockSupport#getBlocker} tells: so who
 * waits for what can be read at any time, and costs nothing to record. Only another thread can end such a wait.
 */
public interface Blocker {
    /** {@return what kind of wait it is, for traces} */
    default Reason reason() {
        return Reason.OTHER;
    }

    /**
     * {@return what kind of wait a thread is in that parks}
     *
     * @param blocker what it waits for, as {@link java.util.concurrent.locks.LockSupport} has it
     */
    static Reason reasonOf(@Nullable Object blocker) {
        return switch (blocker) {
            case null -> Reason.OTHER;
            case Blocker b -> b.reason();
            case HeddleCore closing -> Reason.JOIN;
            case Pipe<?> betweenProcesses -> Reason.CHANNEL;
            case ChannelLock contended -> Reason.LOCK; // no Blocker: such a wait ends by itself
            default -> blocker.getClass().getName().startsWith("java.util.concurrent.") ? Reason.LOCK : Reason.OTHER;
        };
    }

    /** {@return what the thread waits to do, such as "join task 7 of heddle x"} */
    String purpose();

    /** {@return the task whose end is waited for, or null} */
    default @Nullable TaskCore<?> joined() {
        return null;
    }
}
