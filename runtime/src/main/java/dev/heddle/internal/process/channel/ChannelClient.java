package dev.heddle.internal.process.channel;

import dev.heddle.internal.Blocker;
import dev.heddle.internal.Parker;
import dev.heddle.internal.channel.Selectable.Done;
import dev.heddle.internal.channel.Selectable.Operation;
import dev.heddle.internal.channel.Selectable.RemoteSelects;
import dev.heddle.internal.channel.Waiter;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Cancel;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of channel operations: asks the parent and waits for the answer, for any number of threads at once. Who waits
 * {@linkplain Link#help helps} first.
 *
 * <p>The race that matters is a wait that gives up against its completion in the parent. The parent decides: whoever
 * gives up sends a cancel and then waits for the one answer that every request gets. NOT_DONE means that the cancel
 * came first; anything else stands, so no element is lost or doubled.
 */
public final class ChannelClient implements RemoteSelects {
    private final Link link;
    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentMap<Long, Call> calls = new ConcurrentHashMap<>();

    /** By the number of the channel. The parent keeps its side of them as long as the worker lives, too. */
    private final ConcurrentMap<Long, Lessee> lessees = new ConcurrentHashMap<>();

    private final Trace trace;
    private final Consumer<Thread> woken;

    /** @param link to the parent */
    public ChannelClient(Link link) {
        this(link, Trace.OFF, thread -> {});
    }

    /**
     * @param link to the parent
     * @param trace is told what is sent and received
     * @param woken is told of each thread that goes on, before it does
     */
    public ChannelClient(Link link, Trace trace, Consumer<Thread> woken) {
        this.link = link;
        this.trace = trace;
        this.woken = woken;
    }

    /** {@return what is told what is sent and received} */
    public Trace trace() {
        return trace;
    }

    /** A thread that waits for an answer; null if none does. The answer is written before the thread is unparked. */
    private static final class Call implements Blocker {
        private final Op op;
        final @Nullable Thread caller;
        volatile @Nullable Reply reply;

        Call(Op op, @Nullable Thread caller) {
            this.op = op;
            this.caller = caller;
        }

        @Override
        public String purpose() {
            return "get an answer to " + op;
        }

        @Override
        public Reason reason() {
            return op.isOfPermits() ? Reason.LOCK : Reason.CHANNEL;
        }

        boolean isAnswered() {
            return reply != null;
        }
    }

    /**
     * Asks something that is answered at once. An interrupt is left for later.
     *
     * @param op what
     * @param arg of the request
     * @param payload of the request
     * @return the answer
     */
    public Reply ask(Op op, long arg, byte[] payload) {
        return awaitAnswer(begin(new Call(op, Thread.currentThread()), ids.incrementAndGet(), op, arg, payload));
    }

    /**
     * Asks something that is answered when it has been done.
     *
     * @param op what
     * @param arg of the request
     * @param payload of the request
     * @param nanos the longest time to wait, or {@link Parker#FOREVER}
     * @return the answer; NOT_DONE if the time is over
     * @throws InterruptedException if interrupted before it was done; it never will be
     */
    public Reply await(Op op, long arg, byte[] payload, long nanos) throws InterruptedException {
        long id = ids.incrementAndGet();
        Call call = begin(new Call(op, Thread.currentThread()), id, op, arg, payload);
        try {
            link.help(call::isAnswered);
            if (!Parker.await(call, call::isAnswered, nanos)) {
                link.send(new Cancel(id));
            }
            return awaitAnswer(call);
        } catch (InterruptedException e) {
            link.send(new Cancel(id));
            Reply reply = awaitAnswer(call);
            if (reply.outcome() == Outcome.NOT_DONE) {
                throw e;
            }
            Thread.currentThread().interrupt(); // done first: it stands, and the next wait sees the interrupt
            return reply;
        }
    }

    /**
     * {@return what this worker has leased of a channel, the same for all who use it here}
     *
     * @param channel its number
     */
    Lessee lessee(long channel) {
        return lessees.computeIfAbsent(channel, number -> new Lessee(this, link, number));
    }

    /**
     * Has the parent see that a thread of this worker waits, as if it did so in a channel.
     *
     * @param channel one to which nobody sends
     * @return what ends that; to be run by the calling thread
     */
    public Runnable waitAt(long channel) {
        long id = ids.incrementAndGet();
        begin(new Call(Op.RECEIVE, null), id, Op.RECEIVE, channel, Message.NOTHING);
        return () -> link.send(new Cancel(id));
    }

    @Override
    public @Nullable Done select(List<Operation> operations, long nanos, long seed) throws InterruptedException {
        byte[] payload = SelectPayload.write(operations);
        Reply reply = nanos == 0 ? ask(Op.TRY_SELECT, seed, payload) : await(Op.SELECT, seed, payload, nanos);
        int index = reply.number();
        return switch (reply.outcome()) {
            case NOT_DONE -> null;
            case DONE -> new Done(index, Waiter.Outcome.DONE, reply.payload(), null);
            case DROPPED -> new Done(index, Waiter.Outcome.DROPPED, null, null);
            case CLOSED -> new Done(index, Waiter.Outcome.CLOSED, null, RemoteChannel.cause(reply));
            case CREDIT, AHEAD -> throw new CorruptFrameException("a select that was answered with " + reply.outcome());
        };
    }

    private Call begin(Call call, long id, Op op, long arg, byte[] payload) {
        calls.put(id, call);
        link.send(new Request(op, id, arg, payload));
        return call;
    }

    private Reply awaitAnswer(Call call) {
        boolean interrupted = false;
        link.help(call::isAnswered);
        while (!call.isAnswered()) {
            try {
                Parker.await(call, call::isAnswered, Parker.FOREVER);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Objects.requireNonNull(call.reply);
    }

    /**
     * An answer has come. Called by whoever serves the link.
     *
     * @param reply the answer
     */
    public void answered(Reply reply) {
        Call call = calls.remove(reply.request());
        if (call == null) {
            throw new CorruptFrameException("an answer to request " + reply.request() + ", which nobody waits for");
        }
        Thread caller = call.caller;
        if (caller != null) {
            woken.accept(caller);
        }
        call.reply = reply;
        Parker.wake(caller);
    }
}
