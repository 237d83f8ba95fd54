package dev.heddle.internal.channel;

import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Waiter.Outcome;
import dev.heddle.internal.trace.Trace;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
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
 * the buffer is full (at capacity 0: always); nobody waits if the channel is closed. Where other processes have {@link Leases},
 * room that they hold counts as used, and receivers of a closed channel wait for what is on its way.
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

    private final transient Trace trace;
    private final transient long number;

    // Guarded by lock.
    private transient @Nullable ArrayDeque<E> buffer;
    private final transient WaiterQueue<E> senders = new WaiterQueue<>();
    private final transient WaiterQueue<E> receivers = new WaiterQueue<>();
    private transient @Nullable Throwable cause;

    /** What other processes have leased; null if none has. */
    private transient @Nullable Leases<E> leases;

    /** Those whose wait the operation has ended that the holder of the lock does: to be woken by it, without the lock. */
    private transient @Nullable Waiter<E> ended;

    /** Written under the lock. */
    private volatile boolean closed;

    /** Who probably ends the next wait of a thread of this process; null if that is just another thread. */
    private transient volatile @Nullable Helped waker;

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
        this(capacity, overflow, Trace.OFF, 0);
    }

    /**
     * @param capacity at least 0
     * @param overflow what a send does that finds no room
     * @param trace is told what threads send and receive
     * @param number what it is called there
     */
    public QueueChannel(int capacity, Overflow overflow, Trace trace, long number) {
        this(capacity, overflow, new ChannelLock(), null, trace, number);
    }

    QueueChannel(
            int capacity,
            Overflow overflow,
            ChannelLock lock,
            @Nullable QueueBroadcast<E> feeder,
            Trace trace,
            long number) {
        this.capacity = capacity;
        this.overflow = overflow;
        this.lock = lock;
        this.feeder = feeder;
        this.trace = trace;
        this.number = number;
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
        if (leases != null) {
            ended = admit(); // there may be room of which those who wait do not know
        }
        if (senders.isEmpty() && add(element)) {
            return Outcome.DONE;
        }
        return overflow == Overflow.DROP_NEWEST ? Outcome.DROPPED : Outcome.WAITING;
    }

    /** {@return whether the element is in the buffer now} */
    private boolean add(E element) {
        if (capacity == 0) {
            return false;
        }
        ArrayDeque<E> elements = buffer();
        if (isFull(elements)) {
            if (overflow != Overflow.DROP_OLDEST) {
                return false;
            }
            elements.remove();
        }
        elements.add(element);
        return true;
    }

    private boolean isFull(ArrayDeque<E> elements) {
        Leases<E> leased = leases;
        int room = capacity - elements.size();
        return leased == null ? room <= 0 : leased.isFull(room);
    }

    /** {@return the next element, or null if there is none now} */
    private @Nullable E poll() {
        Leases<E> leased = leases;
        if (leased != null) {
            leased.recall(buffer);
        }
        E element = next();
        if (leased != null && element != null) {
            leased.received();
        }
        return element;
    }

    private @Nullable E next() {
        E element = buffer == null ? null : buffer.poll();
        Waiter<E> sender = senders.poll();
        if (sender != null) {
            E sent = Objects.requireNonNull(sender.element);
            sender.end(Outcome.DONE);
            ended = sender;
            if (element == null) {
                return sent; // capacity 0, or what there is room for is on its way
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

    /** {@return whether it is closed and nothing more will come into its buffer} */
    private boolean isOver() {
        return closed && (leases == null || !leases.areOnTheWay());
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
            } else if (isOver()) {
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
    public Outcome await(ThreadWaiter<E> waiter, long nanos) throws InterruptedException {
        Helped other = waker;
        if (other != null && nanos > Helped.LEAST_NANOS) {
            other.help(() -> waiter.outcome() != Outcome.WAITING);
        }
        return Port.super.await(waiter, nanos);
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
        wake(woken, outcome);
        if (me != null) {
            outcome = await(me, nanos);
            if (outcome == Outcome.DONE) {
                record(Trace.Event.SEND, Trace.Event.MOUNT);
            }
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
        wake(woken, outcome);
        return isSent(outcome);
    }

    /** Wakes, and records a send, at a time before whoever receives the element goes on: the time of his WAKE, if he has one. */
    private void wake(@Nullable Waiter<E> woken, Outcome ofSend) {
        if (ofSend == Outcome.DONE && woken == null) {
            record(Trace.Event.SEND, null);
        }
        WaiterQueue.wake(woken);
        if (ofSend == Outcome.DONE && woken != null) {
            record(Trace.Event.SEND, Trace.Event.WAKE);
        }
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
            if (element == null && !isOver()) {
                me = new ThreadWaiter<>(this, null);
                receivers.add(me);
            }
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
        if (me != null && await(me, nanos) == Outcome.DONE) {
            element = me.element;
        }
        if (element != null) {
            record(Trace.Event.RECEIVE, me == null ? null : Trace.Event.MOUNT);
        }
        return element;
    }

    @Override
    public void wasDone(boolean sent) {
        record(sent ? Trace.Event.SEND : Trace.Event.RECEIVE, null);
    }

    /**
     * Records what this thread has done.
     *
     * @param event what
     * @param previous what it has recorded just before, if that is known; one that has waited has nearly always been mounted just now
     */
    private void record(Trace.Event event, Trace.@Nullable Event previous) {
        if (trace == Trace.OFF) {
            return;
        }
        long me = Thread.currentThread().threadId();
        if (previous == null) {
            trace.record(event, me, number);
        } else {
            trace.recordAfter(previous, event, me, number);
        }
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
        if (element != null) {
            record(Trace.Event.RECEIVE, null);
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
            return isOver() && (buffer == null || buffer.isEmpty())
                    ? new Received.Closed<>(cause)
                    : new Received.Empty<>();
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
        @Nullable Waiter<E> waitingReceivers;
        @Nullable Waiter<E> waitingSenders;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            cause = why;
            if (leases != null) {
                leases.revokeCredits();
            }
            waitingReceivers = isOver() ? receivers.endAll(Outcome.CLOSED) : null;
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

    // ---- for the processes that use it

    /** @param other who has done so last, and will probably end the next wait of a thread here */
    public void wakenBy(Helped other) {
        if (waker != other) {
            waker = other;
        }
    }

    /**
     * Gives credit to another process, if there is room for several elements and nobody waits for it.
     *
     * @param lease of that process, which waits for the answer
     * @param most how much it wants
     * @return how many elements it may send without asking
     */
    public int grant(Lease<E> lease, int most) {
        lock.lock();
        try {
            if (closed || !senders.isEmpty()) {
                return 0;
            }
            return leases().grant(lease, capacity - buffer().size(), most);
        } finally {
            lock.unlock();
        }
    }

    /**
     * An element that another process sent on credit has come.
     *
     * @param lease of that process
     * @param n which of those that it sent on this credit, from 0
     * @param element what came
     * @throws IllegalArgumentException if the process cannot have sent it
     */
    public void arrive(Lease<E> lease, int n, E element) {
        Waiter<E> woken = null;
        lock.lock();
        try {
            if (leases().arrive(lease, n)) {
                woken = receivers.poll();
                if (woken == null) {
                    buffer().add(element);
                } else {
                    woken.element = element;
                    woken.end(Outcome.DONE);
                }
                if (woken != null && isOver()) {
                    woken.next = receivers.endAll(Outcome.CLOSED);
                }
            }
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
    }

    /**
     * Lends elements to another process, unless others receive, too.
     *
     * @param lease of that process, which has just received an element and waits for the answer
     * @param most how many
     * @param weight of an element
     * @param heaviest how much they may weigh together
     * @return what was lent, in order
     */
    public List<E> lend(Lease<E> lease, int most, ToIntFunction<E> weight, int heaviest) {
        lock.lock();
        try {
            return leases().lend(lease, buffer(), most, weight, heaviest);
        } finally {
            lock.unlock();
        }
    }

    /** Another process has taken a lent element, so that there may be room for those who wait. */
    public void madeRoom() {
        Waiter<E> woken;
        lock.lock();
        try {
            woken = admit();
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(woken);
    }

    /**
     * Takes back all that another process has leased.
     *
     * @param lease of that process
     * @param dead whether nothing that it sent is still to come; then it can lease nothing any more, and its counts are not touched
     */
    public void takeBack(Lease<E> lease, boolean dead) {
        Waiter<E> senders;
        Waiter<E> receivers = null;
        lock.lock();
        try {
            leases().end(lease, dead, buffer);
            senders = admit();
            if (isOver()) {
                receivers = this.receivers.endAll(Outcome.CLOSED);
            }
        } finally {
            lock.unlock();
        }
        WaiterQueue.wake(senders);
        WaiterQueue.wake(receivers);
    }

    /** Lets senders go on for whom there is room: {@return them} Called with the lock held. */
    private @Nullable Waiter<E> admit() {
        Waiter<E> admitted = null;
        while (!senders.isEmpty() && !isFull(buffer())) {
            Waiter<E> sender = senders.poll();
            if (sender != null) {
                buffer().add(Objects.requireNonNull(sender.element));
                sender.end(Outcome.DONE);
                sender.next = admitted;
                admitted = sender;
            }
        }
        return admitted;
    }

    private Leases<E> leases() {
        Leases<E> leased = leases;
        if (leased == null) {
            leased = new Leases<>();
            leases = leased;
        }
        return leased;
    }

    private ArrayDeque<E> buffer() {
        ArrayDeque<E> elements = buffer;
        if (elements == null) {
            elements = new ArrayDeque<>();
            buffer = elements;
        }
        return elements;
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
            return (buffer == null ? 0 : buffer.size()) + (leases == null ? 0 : leases.size());
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
