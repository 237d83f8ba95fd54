package dev.heddle.internal.channel;

import dev.heddle.DeadlockException;
import dev.heddle.Received;
import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Waiter.Outcome;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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
public final class QueueChannel<E> extends AbstractChannel<E> {
    private static final long serialVersionUID = 1L;

    private final transient ReentrantLock lock = new ReentrantLock();
    private final int capacity;

    // Guarded by lock.
    private final transient ArrayDeque<E> buffer;
    private final transient WaiterQueue<E> senders = new WaiterQueue<>();
    private final transient WaiterQueue<E> receivers = new WaiterQueue<>();
    private transient @Nullable Throwable cause;

    /** Whom the current holder of the lock must wake once it has let the lock go. */
    private transient @Nullable Waiter<E> completed;

    /** Written under the lock. */
    private volatile boolean closed;

    /** @param capacity at least 0 */
    public QueueChannel(int capacity) {
        this.capacity = capacity;
        this.buffer = new ArrayDeque<>(Math.min(capacity, 16));
    }

    /** A thread that waits. */
    private static final class ThreadWaiter<E> extends Waiter<E> implements Blocker {
        private final Thread thread = Thread.currentThread();
        private final QueueChannel<E> channel;

        ThreadWaiter(QueueChannel<E> channel, @Nullable E element) {
            super(element);
            this.channel = channel;
        }

        @Override
        public String purpose() {
            return (element != null ? "send to " : "receive from ") + channel;
        }

        @Override
        protected void wake() {
            LockSupport.unpark(thread);
        }
    }

    // ---- the algorithm; called with the lock held

    /** {@return WAITING if there is neither room nor receiver} */
    private Outcome offer(E element) {
        if (closed) {
            return Outcome.CLOSED;
        }
        Waiter<E> receiver = receivers.poll();
        if (receiver != null) {
            receiver.element = element;
            complete(receiver);
            return Outcome.DONE;
        }
        if (buffer.size() < capacity) {
            buffer.add(element);
            return Outcome.DONE;
        }
        return Outcome.WAITING;
    }

    /** {@return the next element, or null if there is none now} */
    private @Nullable E poll() {
        E element = buffer.poll();
        Waiter<E> sender = senders.poll();
        if (sender != null) {
            E sent = Objects.requireNonNull(sender.element);
            if (element == null) {
                element = sent; // capacity 0
            } else {
                buffer.add(sent);
            }
            complete(sender);
        }
        return element;
    }

    private void complete(Waiter<E> waiter) {
        waiter.outcome = Outcome.DONE;
        completed = waiter;
    }

    private void unlock() {
        Waiter<E> waiter = completed;
        completed = null;
        lock.unlock();
        if (waiter != null) {
            waiter.wake();
        }
    }

    // ---- for waiters of any kind

    /**
     * Sends the waiter's element now, or has it wait.
     *
     * @param sender new, with an element
     * @return how it went; if WAITING, the waiter will be woken or must be cancelled
     */
    public Outcome send(Waiter<E> sender) {
        lock.lock();
        try {
            Outcome now = offer(Objects.requireNonNull(sender.element));
            if (now == Outcome.WAITING) {
                senders.add(sender);
            } else {
                sender.outcome = now;
            }
            return now;
        } finally {
            unlock();
        }
    }

    /**
     * Receives into the waiter now, or has it wait.
     *
     * @param receiver new, without an element
     * @return how it went; if WAITING, the waiter will be woken or must be cancelled
     */
    public Outcome receive(Waiter<E> receiver) {
        lock.lock();
        try {
            E element = poll();
            if (element != null) {
                receiver.element = element;
                receiver.outcome = Outcome.DONE;
            } else if (closed) {
                receiver.outcome = Outcome.CLOSED;
            } else {
                receivers.add(receiver);
            }
            return receiver.outcome;
        } finally {
            unlock();
        }
    }

    /**
     * Takes a waiter out.
     *
     * @param waiter one that was told to wait
     * @return true if it was still waiting; false if it has been completed, so that its outcome stands
     */
    public boolean cancel(Waiter<E> waiter) {
        lock.lock();
        try {
            if (!waiter.queued) {
                return false;
            }
            (waiter.element != null ? senders : receivers).remove(waiter);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** {@return what closed the channel, or null} */
    public @Nullable Throwable cause() {
        lock.lock();
        try {
            return cause;
        } finally {
            lock.unlock();
        }
    }

    // ---- for threads

    @Override
    protected boolean send(E element, long nanos) throws InterruptedException {
        ThreadWaiter<E> me = new ThreadWaiter<>(this, element);
        send(me);
        await(me, nanos);
        return switch (me.outcome) {
            case DONE -> true;
            case WAITING -> false;
            case CLOSED -> throw notSent(cause());
        };
    }

    @Override
    protected Received<E> receive(long nanos) throws InterruptedException {
        ThreadWaiter<E> me = new ThreadWaiter<>(this, null);
        receive(me);
        await(me, nanos);
        return switch (me.outcome) {
            case DONE -> new Received.Element<>(Objects.requireNonNull(me.element));
            case WAITING -> new Received.Empty<>();
            case CLOSED -> new Received.Closed<>(cause());
        };
    }

    /** Waits for the outcome. If it is WAITING afterwards, the time is over and the waiter is no longer queued. */
    private void await(ThreadWaiter<E> me, long nanos) throws InterruptedException {
        if (me.outcome != Outcome.WAITING) {
            return;
        }
        try {
            if (!Parker.await(me, () -> me.outcome != Outcome.WAITING, nanos)) {
                cancel(me);
            }
        } catch (DeadlockException e) {
            if (cancel(me)) {
                throw e;
            }
        } catch (InterruptedException e) {
            if (cancel(me)) {
                throw e;
            }
            Thread.currentThread().interrupt(); // served first: the operation stands, the next wait sees the interrupt
        }
    }

    @Override
    public boolean trySend(E element) {
        Objects.requireNonNull(element, "a channel has no null elements");
        Outcome now;
        lock.lock();
        try {
            now = offer(element);
        } finally {
            unlock();
        }
        if (now == Outcome.CLOSED) {
            throw notSent(cause());
        }
        return now == Outcome.DONE;
    }

    @Override
    public Received<E> tryReceive() {
        lock.lock();
        try {
            E element = poll();
            if (element != null) {
                return new Received.Element<>(element);
            }
            return closed ? new Received.Closed<>(cause) : new Received.Empty<>();
        } finally {
            unlock();
        }
    }

    @Override
    public void close(@Nullable Throwable why) {
        Waiter<E> toWake = null;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            cause = why;
            toWake = closeAll(receivers, closeAll(senders, null));
        } finally {
            lock.unlock();
        }
        while (toWake != null) {
            Waiter<E> waiter = toWake;
            toWake = waiter.next;
            waiter.next = null;
            waiter.wake();
        }
    }

    /** Takes all waiters out as CLOSED and puts them in front of a list that is linked by {@code next}. */
    private static <E> @Nullable Waiter<E> closeAll(WaiterQueue<E> waiters, @Nullable Waiter<E> list) {
        for (Waiter<E> waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.next = list;
            list = waiter;
        }
        for (Waiter<E> waiter = list; waiter != null; waiter = waiter.next) {
            waiter.outcome = Outcome.CLOSED; // from here on the thread may go: it no longer touches next
        }
        return list;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public String toString() {
        return "channel " + Integer.toHexString(System.identityHashCode(this)) + " of capacity " + capacity;
    }
}
