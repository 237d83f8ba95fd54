package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Subscription;
import dev.heddle.internal.channel.Waiter.Outcome;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The broadcast of THREAD, GREEN and FIBER, and the parent's side of those of PROCESS.
 *
 * <p>Problem: a send is for all subscribers or for none, and each of them receives at its own pace. Rejected: to send to one
 * channel after the other, which an interrupt or a close leaves half done, and where two senders may be seen in different
 * orders; one ring with a cursor for each subscriber, which does the same as queues with more to keep in mind. Approach: each
 * subscription is a {@link QueueChannel}, and all of them have the broadcast's lock. So whoever holds that sees whether all
 * have room, and puts the element into all.
 *
 * <p>Invariant, under the lock: senders wait only if a subscription is full. Whatever makes room in one, or takes one out, has
 * the senders that wait {@linkplain #goOn go on}.
 *
 * @param <E> the type of the elements
 */
public final class QueueBroadcast<E> extends AbstractBroadcast<E> implements Port<E>, Selectable<E> {
    private static final long serialVersionUID = 1L;

    private final int capacity;
    private final Overflow overflow;
    private final transient ChannelLock lock = new ChannelLock();

    private final transient Trace trace;
    private final transient LongSupplier numbers;
    private final transient long number;

    // Guarded by lock.
    private final transient List<QueueChannel<E>> subscribers = new ArrayList<>();
    private final transient WaiterQueue<E> senders = new WaiterQueue<>();
    private transient @Nullable Throwable cause;
    private transient boolean closed;

    /**
     * @param capacity at least 1
     * @param overflow what a send does with a subscription that has no room
     */
    public QueueBroadcast(int capacity, Overflow overflow) {
        this(capacity, overflow, Trace.OFF, () -> 0);
    }

    /**
     * @param capacity at least 1
     * @param overflow what a send does with a subscription that has no room
     * @param trace is told what threads send and receive
     * @param numbers asked what it, and then each subscription, is called there
     */
    public QueueBroadcast(int capacity, Overflow overflow, Trace trace, LongSupplier numbers) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.trace = trace;
        this.numbers = numbers;
        this.number = numbers.getAsLong();
    }

    // ---- the algorithm; called with the lock held

    @Override
    public void attempt(Waiter<E> sender) {
        if (closed) {
            sender.end(Outcome.CLOSED);
        } else if (mayFeed()) {
            sender.ended = feed(Objects.requireNonNull(sender.element), null);
            sender.end(Outcome.DONE);
        }
    }

    private boolean mayFeed() {
        if (overflow == Overflow.DROP_OLDEST || overflow == Overflow.DROP_NEWEST) {
            return true;
        }
        for (QueueChannel<E> subscriber : subscribers) {
            if (!subscriber.isReady()) {
                return false;
            }
        }
        return true;
    }

    /** {@return {@code ended} and the receivers that have got the element} */
    private @Nullable Waiter<E> feed(E element, @Nullable Waiter<E> ended) {
        Waiter<E> all = ended;
        for (QueueChannel<E> subscriber : subscribers) {
            Waiter<E> receiver = subscriber.feed(element);
            if (receiver != null) {
                receiver.next = all;
                all = receiver;
            }
        }
        return all;
    }

    /** There may be room: {@return the senders that have sent now, and the receivers of their elements} */
    @Nullable
    Waiter<E> goOn() {
        Waiter<E> ended = null;
        while (!senders.isEmpty() && mayFeed()) {
            Waiter<E> sender = senders.poll();
            if (sender != null) {
                ended = feed(Objects.requireNonNull(sender.element), ended);
                sender.end(Outcome.DONE);
                sender.next = ended;
                ended = sender;
            }
        }
        return ended;
    }

    @Override
    public void enqueue(Waiter<E> waiter) {
        senders.add(waiter);
    }

    @Override
    public void remove(Waiter<E> waiter) {
        senders.remove(waiter);
    }

    @Override
    public ChannelLock lock() {
        return lock;
    }

    @Override
    public Port<?> port() {
        return this;
    }

    // ---- for senders

    @Override
    public boolean send(E element, long nanos) throws InterruptedException {
        if (overflow == Overflow.FAIL) {
            if (!trySend(element)) {
                throw AbstractSink.full(capacity);
            }
            return true;
        }
        ThreadWaiter<E> me = new ThreadWaiter<>(this, element);
        Outcome outcome = offer(me, true);
        if (outcome == Outcome.WAITING) {
            outcome = await(me, nanos);
            if (outcome == Outcome.DONE) {
                wasDone(true);
            }
        }
        return isSent(outcome);
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a broadcast has no null elements");
        return isSent(offer(new ThreadWaiter<>(this, element), false));
    }

    private Outcome offer(ThreadWaiter<E> me, boolean orWait) {
        Outcome outcome;
        lock.lock();
        try {
            attempt(me);
            outcome = me.outcome();
            if (orWait && outcome == Outcome.WAITING) {
                enqueue(me);
            }
        } finally {
            lock.unlock();
        }
        if (outcome == Outcome.DONE) {
            wasDone(true); // before whoever receives it can go on
        }
        me.wakeEnded();
        return outcome;
    }

    @Override
    public void wasDone(boolean sent) {
        if (trace != Trace.OFF) {
            trace.record(Trace.Event.SEND, Thread.currentThread().threadId(), number);
        }
    }

    private boolean isSent(Outcome outcome) {
        if (outcome == Outcome.CLOSED) {
            throw AbstractSink.notSent(cause());
        }
        return outcome == Outcome.DONE;
    }

    @Override
    public void close(@Nullable Throwable why) {
        Waiter<E> waitingSenders;
        List<Waiter<E>> waitingReceivers = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            cause = why;
            waitingSenders = senders.endAll(Outcome.CLOSED);
            for (QueueChannel<E> subscriber : subscribers) {
                Waiter<E> receivers = subscriber.end(why, false);
                if (receivers != null) {
                    waitingReceivers.add(receivers);
                }
            }
            subscribers.clear();
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(waitingSenders);
        waitingReceivers.forEach(WaiterQueue::wake);
    }

    // ---- for subscribers

    @Override
    public Subscription<E> subscribe() {
        return new QueueSubscription<>(subscribeQueue());
    }

    /** {@return the queue of a new subscription, which ends when that is closed} */
    public QueueChannel<E> subscribeQueue() {
        long subscription = numbers.getAsLong();
        QueueChannel<E> queue = new QueueChannel<>(capacity, overflow, lock, this, trace, subscription);
        if (trace != Trace.OFF) {
            trace.record( // before anything can be sent to it
                    Trace.Event.SUBSCRIBE,
                    Thread.currentThread().threadId(),
                    TraceEvent.subscribed(number, subscription));
        }
        lock.lock();
        try {
            if (closed) {
                queue.end(cause, false);
            } else {
                subscribers.add(queue);
            }
        } finally {
            lock.unlock();
        }
        return queue;
    }

    /** Ends the subscription that has the queue; does nothing if that was done. */
    void unsubscribe(QueueChannel<E> queue) {
        Waiter<E> receivers;
        Waiter<E> others;
        lock.lock();
        try {
            if (!subscribers.remove(queue)) {
                return;
            }
            receivers = queue.end(null, true);
            others = goOn();
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(receivers);
        WaiterQueue.wake(others);
    }

    /** In this process. */
    private static final class QueueSubscription<E> extends AbstractSubscription<E> implements Selectable<E> {
        private static final long serialVersionUID = 1L;

        private final transient QueueChannel<E> queue;

        QueueSubscription(QueueChannel<E> queue) {
            this.queue = queue;
        }

        @Override
        protected Received<E> receive(long nanos) throws InterruptedException {
            return queue.receive(nanos);
        }

        @Override
        public Received<E> tryReceive() {
            return queue.tryReceive();
        }

        @Override
        public Port<?> port() {
            return queue;
        }

        @Override
        public void wasDone(boolean sent) {
            queue.wasDone(sent);
        }

        @Override
        public int size() {
            return queue.size();
        }

        @Override
        public void close() {
            queue.close();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    // ---- for anyone to read

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
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int subscribers() {
        lock.lock();
        try {
            return subscribers.size();
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
        return "broadcast " + Integer.toHexString(System.identityHashCode(this)) + " of capacity " + capacity;
    }
}
