package dev.heddle.internal.process.channel;

import dev.heddle.Acquired;
import dev.heddle.internal.permit.PermitQueue;
import dev.heddle.internal.permit.PermitWaiter;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of what one worker does with mutexes and semaphores: a request that waits is a {@link PermitWaiter}, in line
 * with this process's own threads and the other workers. Which of the worker's threads holds what is the worker's business; here
 * it is known how many permits the worker holds, so that they can be given back when it dies.
 *
 * <p>Invariant: every request gets exactly one answer, from whoever takes its waiter out of {@link #waiting}.
 *
 * <p>The race that matters is permits that are given to a worker that dies. Whoever gives them notes them in {@link #held} and
 * then reads {@link #dead}; the burial sets {@link #dead} and then takes out what is there. Whoever takes them out gives them back.
 */
public final class PermitServer implements AutoCloseable {
    private final Link link;
    private final LongFunction<@Nullable PermitQueue> queues;
    private final String worker;
    private final ConcurrentMap<Long, RemoteWaiter> waiting = new ConcurrentHashMap<>();

    /** How many of each number the worker holds. */
    private final ConcurrentMap<Long, Integer> held = new ConcurrentHashMap<>();

    private volatile boolean dead;

    /** Since when the worker has asked for nothing more, in {@link System#nanoTime}. Of whoever serves the link. */
    private long waitsSince;

    /**
     * @param link to the worker
     * @param queues the permits that it may know, by number
     * @param worker who it is, for messages
     */
    public PermitServer(Link link, LongFunction<@Nullable PermitQueue> queues, String worker) {
        this.link = link;
        this.queues = queues;
        this.worker = worker;
    }

    /** A request of the worker that waits. */
    private final class RemoteWaiter extends PermitWaiter {
        private final long request;
        private final long number;
        private final PermitQueue queue;

        RemoteWaiter(Request request, PermitQueue queue, int n) {
            super(n, "worker " + worker);
            this.request = request.request();
            this.number = request.arg();
            this.queue = queue;
        }

        @Override
        protected void wake() {
            if (waiting.remove(request) != null) {
                answer(this, outcome());
            } else {
                queue.abandon(wanted()); // the burial has been here
            }
        }
    }

    /** {@return the payload of a request} */
    public static byte[] payload(int n) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(n).array();
    }

    /**
     * {@return how permits were acquired}
     *
     * @param reply to a request for them
     */
    public static Acquired acquired(Reply reply) {
        if (reply.outcome() != Outcome.DONE) {
            return Acquired.NOT;
        }
        return reply.number() > 0 ? Acquired.AFTER_DEATH : Acquired.CLEANLY;
    }

    /**
     * Does what a worker asks, or has it wait. Called by whoever serves the link.
     *
     * @param request what it asks
     * @throws CorruptFrameException if that makes no sense
     */
    public void serve(Request request) {
        waitsSince = System.nanoTime();
        PermitQueue queue = queues.apply(request.arg());
        if (queue == null || request.payload().length != Integer.BYTES) {
            throw new CorruptFrameException(
                    "a request for permits " + request.arg() + ", which it was never given, or without a number");
        }
        int n = ByteBuffer.wrap(request.payload()).getInt();
        if (n < 1 || n > queue.total()) {
            throw new CorruptFrameException("a request for " + n + " permits of " + queue.total());
        }
        switch (request.op()) {
            case ACQUIRE -> acquire(new RemoteWaiter(request, queue, n));
            case TRY_ACQUIRE -> {
                RemoteWaiter waiter = new RemoteWaiter(request, queue, n);
                answer(waiter, queue.begin(waiter, false) ? waiter.outcome() : null);
            }
            case RELEASE, ABANDON -> {
                giveBack(request.arg(), n);
                if (request.op() == Op.RELEASE) {
                    queue.release(n);
                } else {
                    queue.abandon(n);
                }
                reply(request.request(), Outcome.DONE, false);
            }
            default -> throw new AssertionError("not about permits: " + request.op());
        }
    }

    private void acquire(RemoteWaiter waiter) {
        // Before it waits: it may be woken at once.
        if (waiting.putIfAbsent(waiter.request, waiter) != null) {
            throw new CorruptFrameException("two requests with the number " + waiter.request);
        }
        if (waiter.queue.begin(waiter, true)) {
            waiter.wake();
        }
    }

    private void giveBack(long number, int n) {
        int had = held.getOrDefault(number, 0);
        if (had < n) {
            throw new CorruptFrameException("it gave back " + n + " permits and had " + had);
        }
        held.merge(number, -n, (a, b) -> a + b == 0 ? null : a + b);
    }

    private void answer(RemoteWaiter waiter, @Nullable Acquired how) {
        if (how == null) {
            reply(waiter.request, Outcome.NOT_DONE, false);
            return;
        }
        held.merge(waiter.number, waiter.wanted(), Integer::sum); // before the worker can give them back
        reply(waiter.request, Outcome.DONE, how == Acquired.AFTER_DEATH);
        if (dead) {
            abandon(waiter.number);
        }
    }

    private void reply(long request, Outcome outcome, boolean afterDeath) {
        link.send(new Reply(request, outcome, afterDeath ? 1 : 0, Message.NOTHING));
    }

    /**
     * The worker gives up waiting. If it has got its permits meanwhile, the answer is on its way and stands.
     *
     * @param request the number of its request
     */
    public void cancel(long request) {
        RemoteWaiter waiter = waiting.get(request);
        if (waiter != null && waiter.queue.cancel(waiter) && waiting.remove(request) != null) {
            answer(waiter, null);
        }
    }

    /** {@return how many nanoseconds the worker has waited for permits and asked for nothing else; 0 if it does not} */
    public long waitingNanos() {
        return waiting.isEmpty() ? 0 : Math.max(1, System.nanoTime() - waitsSince);
    }

    /** The worker is dead: none of its requests waits any longer, and what it holds is given back. */
    public void buried() {
        for (RemoteWaiter waiter : waiting.values()) {
            if (waiting.remove(waiter.request, waiter)) {
                waiter.queue.cancel(waiter); // if that is too late, the waiter gives them back when it is woken
            }
        }
        dead = true;
        held.keySet().forEach(this::abandon);
    }

    private void abandon(long number) {
        Integer n = held.remove(number);
        if (n != null) {
            Objects.requireNonNull(queues.apply(number)).abandon(n);
        }
    }

    @Override
    public void close() {
        buried();
    }
}
