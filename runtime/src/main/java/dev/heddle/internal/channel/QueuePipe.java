package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * The pipe of THREAD, GREEN and FIBER: a channel that holds its users to what a pipe between processes can do.
 *
 * @param <E> the type of the elements
 */
public final class QueuePipe<E> extends AbstractPipe<E> {
    private static final long serialVersionUID = 1L;

    private static final int CAPACITY = 256;

    private final transient QueueChannel<E> queue;
    private final transient PipeEnd sending = new PipeEnd("sends to");
    private final transient PipeEnd receiving = new PipeEnd("receives from");

    /**
     * @param trace is told what threads send and receive
     * @param number what it is called there
     */
    public QueuePipe(Trace trace, long number) {
        queue = new QueueChannel<>(CAPACITY, Overflow.BLOCK, trace, number);
    }

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        sending.enter();
        try {
            return queue.send(element, nanos);
        } finally {
            sending.leave();
        }
    }

    @Override
    public boolean trySend(E element) {
        sending.enter();
        try {
            return queue.trySend(element);
        } finally {
            sending.leave();
        }
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        receiving.enter();
        try {
            return queue.receive(nanos);
        } finally {
            receiving.leave();
        }
    }

    @Override
    public Received<E> tryReceive() {
        receiving.enter();
        try {
            return queue.tryReceive();
        } finally {
            receiving.leave();
        }
    }

    @Override
    public boolean isClosed() {
        return queue.isClosed();
    }

    @Override
    public void close(@Nullable Throwable cause) {
        queue.close(cause);
    }
}
