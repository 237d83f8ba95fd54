package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.Parker;
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
    private final transient ChannelLock lock;

    /** If it is the queue of a subscription, from where its elements come; it has the same lock. */
    private final transient @Nullable QueueBroadcast<E> feeder;

    // Guarded by lock.
    private transient @Nullable ArrayDeque<E> buffer;
    private final transient WaiterQueue<E> senders = new WaiterQueue<>();
    private final transient WaiterQueue<E> receivers = new WaiterQueue<>();
    private transient @Nullable Throwable cause;

    /** Those whose wait the operation has ended that the holder of the lock does: to be woken by it, without the lock. */
    private transient @Nullable Waiter<E> ended;

    /** Written under the lock. */
    private volatile boolean closed;

    /** Run by whoever closes it. Written before anybody else has the channel. */
    private transient @Nullable Runnable whenClosed;

    /** @param capacity at least 0 */
    public QueueChannel(int capacity) {
        this(capacity, Overflow.BLOCK);
    }

    /**
     * @param capacity at least 0
     * @param overflow what a send does that finds no room
     */
    public QueueChannel(int capacity, Overflow overflow) {
        this(capacity, overflow, new ChannelLock(), null);
    }

    QueueChannel(int capacity, Overflow overflow, ChannelLock lock, @Nullable QueueBroadcast<E> feeder) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.lock = lock;
        this.feeder = feeder;
    }

    // ---- the algorithm; called with the lock held

    /** {@return how the send of an element went; WAITING if it has to} */
    private Outcome offer(E element) {
        if (closed) {
            return Outcome.CLOSED;
        }
        Waiter<E> receiver = receivers.poll();
        if (receiver != null) {
            receiver.element = element;
            receiver.end(Outcome.DONE);
            ended = receiver;
            return Outcome.DONE;
        }
        if (add(element)) {
            return Outcome.DONE;
        }
        return overflow == Overflow.DROP_NEWEST ? Outcome.DROPPED : Outcome.WAITING;
    }

    /** {@return whether the element is in the buffer now} */
    private boolean add(E element) {
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

    /** {@return the next element, or null if there is none now} */
    private @Nullable E poll() {
        E element = buffer == null ? null : buffer.poll();
        Waiter<E> sender = senders.poll();
        if (sender != null) {
            E sent = Objects.requireNonNull(sender.element);
            sender.end(Outcome.DONE);
            ended = sender;
            if (element == null) {
                return sent; // capacity 0
            }
            Objects.requireNonNull(buffer).add(sent);
        } else if (element != null && feeder != null) {
            ended = feeder.goOn();
        }
        return element;
    }

    private @Nullable Waiter<E> takeEnded() {
        Waiter<E> list = ended;
        if (list != null) {
            ended = null;
        }
        return list;
    }

    @Override
    public void attempt(Waiter<E> waiter) {
        E element = waiter.element;
        if (element != null) {
            Outcome outcome = offer(element);
            if (outcome != Outcome.WAITING) {
                waiter.end(outcome);
            }
        } else {
            E received = poll();
            if (received != null) {
                waiter.element = received;
                waiter.end(Outcome.DONE);
            } else if (closed) {
                waiter.end(Outcome.CLOSED);
            }
        }
        waiter.ended = takeEnded();
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

    // ---- for the broadcast that feeds it; called with the lock held

    /** {@return whether an element would find room, or a receiver that waits} */
    boolean isReady() {
        return !receivers.isEmpty() || buffer == null || buffer.size() < capacity;
    }

    /** Takes an element, or drops one: {@return the receiver that has got it, if one did} */
    @Nullable
    Waiter<E> feed(E element) {
        offer(element);
        return takeEnded();
    }

    /** Closes it: {@return those who were waiting} */
    @Nullable
    Waiter<E> end(@Nullable Throwable why, boolean drop) {
        closed = true;
        cause = why;
        if (drop) {
            buffer = null;
        }
        return receivers.endAll(Outcome.CLOSED);
    }

    // ---- for threads

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        ThreadWaiter<E> me = null;
        Waiter<E> woken;
        Outcome outcome;
        lock.lock();
        try {
            outcome = offer(element);
            woken = takeEnded();
            if (outcome == Outcome.WAITING && overflow == Overflow.BLOCK) {
                me = new ThreadWaiter<>(this, element);
                senders.add(me);
            }
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
        if (me != null) {
            outcome = await(me, nanos);
        } else if (outcome == Outcome.WAITING) {
            throw AbstractSink.full(capacity);
        }
        return isSent(outcome);
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a channel has no null elements");
        Waiter<E> woken;
        Outcome outcome;
        lock.lock();
        try {
            outcome = offer(element);
            woken = takeEnded();
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
        return isSent(outcome);
    }

    private boolean isSent(Outcome outcome) {
        return switch (outcome) {
            case DONE -> true;
            case WAITING, DROPPED -> false;
            case CLOSED -> throw AbstractSink.notSent(cause());
        };
    }

    @Override
    public E receive() throws InterruptedException {
        throwIfInterrupted();
        E element = take(Parker.FOREVER);
        if (element == null) {
            throw drained(cause());
        }
        return element;
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        return received(take(nanos));
    }

    /** {@return the next element, or null if it is not there in time or the channel is closed} */
    private @Nullable E take(long nanos) throws InterruptedException {
        ThreadWaiter<E> me = null;
        Waiter<E> woken;
        E element;
        lock.lock();
        try {
            element = poll();
            woken = takeEnded();
            if (element == null && !closed) {
                me = new ThreadWaiter<>(this, null);
                receivers.add(me);
            }
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
        return me != null && await(me, nanos) == Outcome.DONE ? me.element : element;
    }

    @Override
    public Received<E> tryReceive() {
        Waiter<E> woken;
        E element;
        lock.lock();
        try {
            element = poll();
            woken = takeEnded();
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
        return received(element);
    }

    private Received<E> received(@Nullable E element) {
        if (element != null) {
            return new Received.Element<>(element);
        }
        return closed ? closedIfDrained() : new Received.Empty<>();
    }

    /** It may have been closed after we found it empty, and others may have sent in between. */
    private Received<E> closedIfDrained() {
        lock.lock();
        try {
            return buffer == null || buffer.isEmpty() ? new Received.Closed<>(cause) : new Received.Empty<>();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close(@Nullable Throwable why) {
        if (feeder != null) {
            feeder.unsubscribe(this);
            return;
        }
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
        if (whenClosed != null) {
            whenClosed.run();
        }
    }

    /** @param action run once, without the lock, after a close; quick */
    void whenClosed(Runnable action) {
        whenClosed = action;
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
        return (feeder == null ? "channel " : "subscription ") + Integer.toHexString(System.identityHashCode(this))
                + " of capacity " + (capacity == UNLIMITED ? "without limit" : capacity);
    }
}
