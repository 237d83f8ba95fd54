package dev.heddle.internal.channel;

import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.trace.TraceEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits, of any kind.
 *
 * @param <E> the type of the elements
 */
final class ThreadWaiter<E> extends Waiter<E> implements Blocker {
    private final Thread thread = Thread.currentThread();
    private final Port<E> port;

    /** @param element what to send; null for a receiver */
    ThreadWaiter(Port<E> port, @Nullable E element) {
        super(element);
        this.port = port;
    }

    @Override
    public Reason reason() {
        return Reason.CHANNEL;
    }

    @Override
    public String purpose() {
        return (isSender ? "send to " : "receive from ") + port;
    }

    @Override
    protected void wake() {
        Parker.wake(thread);
    }
}
