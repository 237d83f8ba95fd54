package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channel of THREAD, GREEN and FIBER, and the parent's side of those of PROCESS.
 *
 * <p>Problem: senders and receivers of any kind, served in the order of arrival; one that is interrupted or times out
 * must neither lose nor double an element. Rejected for now: the segmented lock-free queue of Kotlin and Jox (arXiv
 * 2211.04986), whose reservations make a cancelled wait leave a hole. Approach: Go's, a short lock around a buffer and
 * two queues of waiters. Whoever finds a waiter on the other side completes its operation for it, so an element moves
 * once and a woken waiter never has to compete for it again.
 *
 * <p>Invariants, under the lock: receivers wait only if the buffer is empty and no sender waits; senders wait only if
 * the buffer is full (at capacity 0: always); nobody waits if the channel is closed.
 *
 * <p>The race that matters is a wait that gives up against its completion: both are decided under the lock. A waiter
 * that {@link #cancel} still finds queued was not served; one that it does not find was, and takes what it got.
 *
 * @param <E> the type of the elements
 */
public final class QueueChannel<E> extends AbstractChannel<E> implements Port<E>, Selectable<E> {
    private static final long serialVersionUID = 1L;

    private final int capacity;
    private final Overflow overflow;
    private final transient ChannelLock lock = new ChannelLock();

    // Guarded by lock.
    private transient @Nullable ArrayDeque<E> buffer;
    private final transient WaiterQueue<E> senders = new WaiterQueue<>();
    private final transient WaiterQueue<E> receivers = new WaiterQueue<>();
    private transient @Nullable Throwable cause;

    /** Written under the lock. */
    private volatile boolean closed;

    /** @param capacity at least 0 */
    public QueueChannel(int capacity) {
        this(capacity, Overflow.BLOCK);
    }

    /**
     * @param capacity at least 0
     * @param overflow what a send does that finds no room
     */
    public QueueChannel(int capacity, Overflow overflow) {
        this.capacity = capacity;
        this.overflow = overflow;
    }

    // ---- the algorithm; called with the lock held

    @Override
    public void attempt(Waiter<E> waiter) {
        E element = waiter.element;
        if (element != null) {
            waiter.ended = offer(waiter, element);
        } else {
            waiter.ended = poll(waiter);
        }
    }

    /** {@return the receiver that has got the element, if one did} */
    private @Nullable Waiter<E> offer(Waiter<E> sender, E element) {
        if (closed) {
            sender.end(Outcome.CLOSED);
            return null;
        }
        Waiter<E> receiver = receivers.poll();
        if (receiver != null) {
            receiver.element = element;
            receiver.end(Outcome.DONE);
            sender.end(Outcome.DONE);
        } else if (hasRoom(element)) {
            sender.end(Outcome.DONE);
        } else if (overflow == Overflow.DROP_NEWEST) {
            sender.end(Outcome.DROPPED);
        }
        return receiver;
    }

    /** {@return whether the element is in the buffer now} */
    private boolean hasRoom(E element) {
        ArrayDeque<E> elements = buffer;
        if (elements == null) {
            if (capacity == 0) {
                return false;
            }
            elements = new ArrayDeque<>();
            buffer = elements;
        }
        if (elements.size() >= capacity) {
            if (overflow != Overflow.DROP_OLDEST) {
                return false;
            }
            elements.remove();
        }
        elements.add(element);
        return true;
    }

    /** {@return the sender that could go on, if one did} */
    private @Nullable Waiter<E> poll(Waiter<E> receiver) {
        E element = buffer == null ? null : buffer.poll();
        Waiter<E> sender = senders.poll();
        if (sender != null) {
            E sent = Objects.requireNonNull(sender.element);
            sender.end(Outcome.DONE);
            if (element == null) {
                element = sent; // capacity 0
            } else {
                Objects.requireNonNull(buffer).add(sent);
            }
        }
        if (element != null) {
            receiver.element = element;
            receiver.end(Outcome.DONE);
        } else if (closed) {
            receiver.end(Outcome.CLOSED);
        }
        return sender;
    }

    @Override
    public void enqueue(Waiter<E> waiter) {
        (waiter.isSender ? senders : receivers).add(waiter);
    }

    @Override
    public void remove(Waiter<E> waiter) {
        (waiter.isSender ? senders : receivers).remove(waiter);
    }

    @Override
    public Port<?> port() {
        return this;
    }

    @Override
    public ChannelLock lock() {
        return lock;
    }

    // ---- for threads

    @Override
    protected boolean send(E element, long nanos) throws InterruptedException {
        ThreadWaiter<E> me = new ThreadWaiter<>(this, element);
        if (overflow == Overflow.FAIL) {
            if (!trySend(element)) {
                throw full();
            }
            return true;
        }
        Outcome outcome = begin(me);
        if (outcome == Outcome.WAITING) {
            outcome = await(me, nanos);
        }
        return isSent(outcome);
    }

    private boolean isSent(Outcome outcome) {
        return switch (outcome) {
            case DONE -> true;
            case WAITING, DROPPED -> false;
            case CLOSED -> throw notSent(cause());
        };
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        ThreadWaiter<E> me = new ThreadWaiter<>(this, null);
        Outcome outcome = begin(me);
        if (outcome == Outcome.WAITING) {
            outcome = await(me, nanos);
        }
        return received(me, outcome);
    }

    private Received<E> received(Waiter<E> receiver, Outcome outcome) {
        return switch (outcome) {
            case DONE -> new Received.Element<>(Objects.requireNonNull(receiver.element));
            case WAITING, DROPPED -> new Received.Empty<>();
            case CLOSED -> new Received.Closed<>(cause());
        };
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a channel has no null elements");
        ThreadWaiter<E> me = new ThreadWaiter<>(this, element);
        return isSent(tryNow(me));
    }

    @Override
    public Received<E> tryReceive() {
        ThreadWaiter<E> me = new ThreadWaiter<>(this, null);
        return received(me, tryNow(me));
    }

    private Outcome tryNow(Waiter<E> waiter) {
        lock.lock();
        try {
            attempt(waiter);
        } finally {
            lock.unlock();
        }
        waiter.wakeEnded();
        return waiter.outcome();
    }

    @Override
    public void close(@Nullable Throwable why) {
        Waiter<E> waitingReceivers;
        Waiter<E> waitingSenders;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            cause = why;
            waitingReceivers = receivers.endAll(Outcome.CLOSED);
            waitingSenders = senders.endAll(Outcome.CLOSED);
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(waitingReceivers);
        WaiterQueue.wake(waitingSenders);
    }

    // ---- for anyone to read

    /** {@return those who wait for an element; it refers to the channel as long as somebody does} */
    WaiterQueue<E> receivers() {
        return receivers;
    }

    @Override
    public @Nullable Throwable cause() {
        lock.lock();
        try {
            return cause;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return buffer == null ? 0 : buffer.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Overflow overflow() {
        return overflow;
    }

    @Override
    public String toString() {
        return "channel " + Integer.toHexString(System.identityHashCode(this)) + " of capacity "
                + (capacity == UNLIMITED ? "without limit" : capacity);
    }
}
