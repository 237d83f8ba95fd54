package dev.heddle.internal.process.channel;

import dev.heddle.internal.channel.Lease;
import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.channel.Selectable.Done;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Selection;
import dev.heddle.internal.channel.Selection.Branch;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.OnCredit;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.process.link.Message.Took;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of one worker's channel operations: a request that waits is a {@link Selection}, in the queues of its
 * channels in line with this process's own threads and the other workers.
 *
 * <p>Invariant: every request gets exactly one answer. It comes from whoever serves the link, if the request does not wait. If it
 * does, the selection is either woken, once, by the thread that completed one of its operations, or withdrawn by the worker's
 * cancel; whichever it is answers. A worker is believed in nothing: a request is understood as a whole before any of it is done.
 *
 * <p>An element that a request of this worker was given and that has not reached the worker when it dies is lost with
 * it, as what the worker held in its own memory is.
 */
public final class ChannelServer implements AutoCloseable {
    private final Link link;
    private final LongFunction<@Nullable SharedEnd<?>> channels;
    private final String worker;
    private final ConcurrentMap<Long, Pending> waiting = new ConcurrentHashMap<>();

    /** What the worker may lease, by the number of the channel. Of whoever serves the link. */
    private final Map<Long, Leased> leases = new HashMap<>();

    /** Those that the worker's task has asked for. Of whoever serves the link. */
    private final Set<Leased> asked = new HashSet<>();

    /**
     * Why channels are closed, as bytes. A worker may ask that again and again and read no answer, so the answers share them: it must
     * not be able to fill this process's memory with copies.
     */
    private final ConcurrentMap<Port<?>, byte[]> causes = new ConcurrentHashMap<>();

    /** For how long one that has given up a wait still counts as waiting, since it may only be about to wait again. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Since when the worker has got nothing from channels, in {@link System#nanoTime}. Of whoever serves the link. */
    private long waitsSince = System.nanoTime();

    /** When the worker last gave up a wait, if {@link #gaveUp}. Of whoever serves the link. */
    private long gaveUpAt;

    /** Whether nothing has come of the worker's requests since it gave up a wait. Cleared by whoever completes one. */
    private volatile boolean gaveUp;

    /**
     * @param link to the worker
     * @param channels the channels that it may know, by number
     * @param worker who it is, for messages
     */
    public ChannelServer(Link link, LongFunction<@Nullable SharedEnd<?>> channels, String worker) {
        this.link = link;
        this.channels = channels;
        this.worker = worker;
    }

    /** A channel of which the worker may lease something; the number is that of its counts. */
    private record Leased(int number, QueueChannel<byte[]> channel, Lease<byte[]> lease) {}

    /** A request of the worker to do one of some operations; mostly there is just one. */
    private final class Pending extends Selection {
        final long request;
        private final List<Operation> operations;

        /** What more the worker would like. */
        private final @Nullable Leased wish;

        Pending(long request, List<Operation> operations, @Nullable Leased wish) {
            super(operations.size());
            this.request = request;
            this.operations = operations;
            this.wish = wish;
        }

        @Override
        protected Operation operation(int i) {
            return operations.get(i);
        }

        /** {@return the operation that was done; null if none was, so that it waits if it may} */
        @Nullable
        Branch run(long seed, boolean mayWait) {
            int[] order = IntStream.range(0, operations.size()).toArray();
            Branch done = tryNow(new SplittableRandom(seed), order);
            if (done != null || (order.length == 1 && !mayWait)) {
                return done;
            }
            List<Port<?>> ports = operations.stream()
                    .<Port<?>>map(operation -> operation.channel().port())
                    .toList();
            return atOneMoment(locks(ports), order, mayWait);
        }

        /** By a thread that has just had the lock of one of the channels; those of the others are as short. */
        @Override
        protected void wake() {
            answer(this, withdraw());
        }
    }

    /**
     * Does what a worker asks, or has it wait. Called by whoever serves the link.
     *
     * @param request what it asks
     * @throws CorruptFrameException if that makes no sense
     */
    public void serve(Request request) {
        if (!gaveUpLately()) {
            waitsSince = System.nanoTime(); // else it goes on waiting, as a loop around a timed receive does
        }
        switch (request.op()) {
            case SEND, SEND_FOR_CREDIT, TRY_SEND ->
                begin(request, List.of(new Operation(channel(request.arg()), request.payload())));
            case RECEIVE, RECEIVE_AHEAD, TRY_RECEIVE ->
                begin(request, List.of(new Operation(channel(request.arg()), null)));
            case SELECT, TRY_SELECT -> begin(request, SelectPayload.read(request.payload(), this::channel));
            case CLOSE -> {
                SharedEnd<?> channel = channel(request.arg());
                byte[] why = request.payload();
                channel.close(
                        why.length == 0 ? null : RemoteFailure.read(why, false, "closed the channel in " + worker));
                reply(request.request(), Outcome.DONE, 0, Message.NOTHING);
            }
            case SIZE ->
                reply(request.request(), Outcome.DONE, channel(request.arg()).size(), Message.NOTHING);
            case IS_CLOSED -> {
                boolean closed = channel(request.arg()).isClosed();
                reply(request.request(), closed ? Outcome.CLOSED : Outcome.DONE, 0, Message.NOTHING);
            }
            case ACQUIRE, TRY_ACQUIRE, RELEASE, ABANDON ->
                throw new AssertionError("not about a channel: " + request.op());
        }
    }

    private SharedEnd<?> channel(long number) {
        SharedEnd<?> channel = channels.apply(number);
        if (channel == null) {
            throw new CorruptFrameException("a request for channel " + number + ", which it was never given");
        }
        channel.usedOver(link);
        return channel;
    }

    private static void check(Operation operation) {
        SharedEnd<?> end = (SharedEnd<?>) operation.channel();
        if (operation.element() != null ? !end.takes() : !end.gives()) {
            throw new CorruptFrameException(
                    operation.element() != null ? "a send to a subscription" : "a receive from a broadcast");
        }
    }

    /** {@return how many nanoseconds the worker has done nothing in channels but wait; 0 if it does not} */
    public long waitingNanos() {
        return waiting.isEmpty() && !gaveUpLately() ? 0 : Math.max(1, System.nanoTime() - waitsSince);
    }

    private boolean gaveUpLately() {
        return gaveUp && System.nanoTime() - gaveUpAt < GRACE_NANOS;
    }

    private void begin(Request request, List<Operation> operations) {
        operations.forEach(ChannelServer::check);
        boolean wish = request.op() == Op.SEND_FOR_CREDIT || request.op() == Op.RECEIVE_AHEAD;
        Pending pending = new Pending(request.request(), operations, wish ? leased(request.arg()) : null);
        boolean mayWait = request.op().mayWait();
        // Before it waits: it may be woken at once.
        if (mayWait && waiting.putIfAbsent(pending.request, pending) != null) {
            throw new CorruptFrameException("two requests with the number " + pending.request);
        }
        Branch done = pending.run(request.arg(), mayWait);
        if (done != null || !mayWait) {
            answer(pending, done);
        } // else whoever wakes it answers, or the cancel
    }

    /**
     * The worker gives up waiting. If the wait was completed meanwhile, the answer is on its way and stands.
     *
     * @param request the number of its request
     */
    public void cancel(long request) {
        Pending pending = waiting.get(request);
        if (pending != null && pending.withdraw() == null) {
            answer(pending, null);
            gaveUpAt = System.nanoTime();
            gaveUp = true;
        }
    }

    // ---- what it has leased

    private @Nullable Leased leased(long number) {
        Leased known = leases.get(number);
        QueueChannel<byte[]> channel = channel(number).leasable();
        if (known == null && channel != null && leases.size() < Link.LEASES_MAX) {
            int next = leases.size();
            known = new Leased(next, channel, new Lease<>(link.credit(next), link.prefetch(next)));
            leases.put(number, known);
        }
        if (known != null) {
            asked.add(known);
        }
        return known;
    }

    private Leased known(long number) {
        Leased known = leases.get(number);
        if (known == null) {
            throw new CorruptFrameException("it has leased nothing of channel " + number);
        }
        return known;
    }

    /**
     * An element has come on credit.
     *
     * @param sent what came
     * @throws CorruptFrameException if the worker had no credit
     */
    public void serve(OnCredit sent) {
        Leased leased = known(sent.channel());
        try {
            leased.channel.arrive(leased.lease, sent.n(), sent.element());
        } catch (IllegalArgumentException e) {
            throw new CorruptFrameException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The worker has taken an element that it was lent.
     *
     * @param took of which channel
     * @throws CorruptFrameException if it was lent none
     */
    public void serve(Took took) {
        known(took.channel()).channel.madeRoom();
    }

    /** The worker's task has ended: what it has leased is for others. */
    public void taskEnded() {
        asked.forEach(leased -> leased.channel.takeBack(leased.lease, false));
        asked.clear();
    }

    // ---- the end

    @Override
    public void close() {
        cancelAll();
    }

    /** The worker is dead: none of its requests waits any longer, and nothing that it sent is still to come. */
    public void cancelAll() {
        waiting.values().forEach(Pending::withdraw);
        leases.values().forEach(leased -> leased.channel.takeBack(leased.lease, true));
        leases.clear();
    }

    /**
     * Answers a request, which does not wait any more.
     *
     * @param branch the operation that was done; null if none was and none will be
     */
    private void answer(Pending pending, @Nullable Branch branch) {
        if (waiting.remove(pending.request, pending)) {
            gaveUp = false;
        }
        if (branch == null) {
            reply(pending.request, Outcome.NOT_DONE, 0, Message.NOTHING);
            return;
        }
        Done done = branch.done();
        switch (done.outcome()) {
            case DONE -> {
                if (branch.isSender()) {
                    sent(pending, done);
                } else {
                    received(pending, done, (byte[]) Objects.requireNonNull(done.element()));
                }
            }
            case DROPPED -> reply(pending.request, Outcome.DROPPED, done.index(), Message.NOTHING);
            case CLOSED -> {
                Port<?> closed = pending.operations.get(done.index()).channel().port();
                reply(pending.request, Outcome.CLOSED, done.index(), bytes(closed, done.cause()));
            }
            case WAITING -> throw new AssertionError("it was done");
        }
    }

    /** {@return the cause of a close, which stays the same} */
    private byte[] bytes(Port<?> closed, @Nullable Throwable cause) {
        if (cause == null) {
            return Message.NOTHING;
        }
        byte[] known = causes.get(closed);
        if (known == null) {
            known = RemoteFailure.write(cause); // not in the map's own method: that would be user code under a lock
            causes.put(closed, known);
        }
        return known;
    }

    private void sent(Pending pending, Done done) {
        Leased wish = pending.wish;
        if (wish != null) {
            int credit = wish.channel.grant(wish.lease, Lessee.MOST);
            if (credit > 0) {
                reply(pending.request, Outcome.CREDIT, 0, Lessee.credit(wish.number, credit));
                return;
            }
        }
        reply(pending.request, Outcome.DONE, done.index(), Message.NOTHING);
    }

    private void received(Pending pending, Done done, byte[] element) {
        Leased wish = pending.wish;
        if (wish != null) {
            List<byte[]> lent = wish.channel.lend(wish.lease, Lessee.MOST, bytes -> bytes.length, Lessee.HEAVIEST);
            if (!lent.isEmpty()) {
                reply(pending.request, Outcome.AHEAD, 0, Lessee.elements(wish.number, element, lent));
                return;
            }
        }
        reply(pending.request, Outcome.DONE, done.index(), element);
    }

    private void reply(long request, Outcome outcome, int number, byte[] payload) {
        link.send(new Reply(request, outcome, number, payload));
    }
}
