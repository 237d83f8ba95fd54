package dev.heddle.internal.process;

import dev.heddle.ChannelClosedException;
import dev.heddle.Received;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.channel.Waiter;
import dev.heddle.internal.process.Message.Outcome;
import dev.heddle.internal.process.Message.Reply;
import dev.heddle.internal.process.Message.Request;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of one worker's channel operations: a worker that waits is a {@link Waiter} in the channel's queue,
 * in line with this process's own threads and the other workers.
 *
 * <p>Invariant: every request gets exactly one answer, from whoever takes its waiter out of {@link #waiting}: the
 * thread that completes the wait, the worker's cancel, or the serving thread if there was nothing to wait for.
 *
 * <p>An element that a waiter of this worker was given and that has not reached the worker when it dies is lost with
 * it, as what the worker held in its own memory is.
 */
final class ChannelServer implements AutoCloseable {
    private final Link link;
    private final LongFunction<@Nullable ProcessChannel<?>> channels;
    private final String worker;
    private final ConcurrentMap<Long, RemoteWaiter> waiting = new ConcurrentHashMap<>();

    /** For how long one that has given up a wait still counts as waiting, since it may only be about to wait again. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Since when the worker has got nothing from channels, in {@link System#nanoTime}. Of the serving thread. */
    private long waitsSince = System.nanoTime();

    /** When the worker last gave up a wait, if {@link #gaveUp}. Of the serving thread. */
    private long gaveUpAt;

    /** Whether nothing has come of the worker's requests since it gave up a wait. Cleared by whoever completes one. */
    private volatile boolean gaveUp;

    /**
     * @param link to the worker
     * @param channels the channels that it may know, by number
     * @param worker who it is, for messages
     */
    ChannelServer(Link link, LongFunction<@Nullable ProcessChannel<?>> channels, String worker) {
        this.link = link;
        this.channels = channels;
        this.worker = worker;
    }

    /** A request of the worker that waits. */
    private final class RemoteWaiter extends Waiter<byte[]> {
        private final long request;
        private final QueueChannel<byte[]> queue;

        RemoteWaiter(long request, QueueChannel<byte[]> queue, byte @Nullable [] element) {
            super(element);
            this.request = request;
            this.queue = queue;
        }

        @Override
        protected void wake() {
            if (waiting.remove(request) == null) {
                return;
            }
            gaveUp = false;
            switch (outcome()) {
                case CLOSED -> replyClosed(request, queue.cause());
                case DROPPED -> reply(request, Message.Outcome.NOT_DONE, Message.NOTHING);
                case DONE, WAITING -> {
                    byte[] element = isSender() ? null : element();
                    reply(request, Message.Outcome.DONE, element == null ? Message.NOTHING : element);
                }
            }
        }
    }

    /**
     * Does what a worker asks, or has it wait. Called by the thread that serves the link.
     *
     * @param request what it asks
     * @throws CorruptFrameException if that makes no sense
     */
    void serve(Request request) {
        if (!gaveUpLately()) {
            waitsSince = System.nanoTime(); // else it goes on waiting, as a loop around a timed receive does
        }
        ProcessChannel<?> channel = channels.apply(request.channel());
        if (channel == null) {
            throw new CorruptFrameException(
                    "a request for channel " + request.channel() + ", which it was never given");
        }
        QueueChannel<byte[]> queue = channel.queue();
        switch (request.op()) {
            case SEND -> await(new RemoteWaiter(request.request(), queue, request.payload()));
            case RECEIVE -> await(new RemoteWaiter(request.request(), queue, null));
            case TRY_SEND -> trySend(request, queue);
            case TRY_RECEIVE -> tryReceive(request, queue);
            case CLOSE -> {
                queue.close(
                        request.payload().length == 0
                                ? null
                                : RemoteFailure.read(request.payload(), false, "closed the channel in " + worker));
                reply(request.request(), Outcome.DONE, Message.NOTHING);
            }
            case SIZE ->
                reply(
                        request.request(),
                        Outcome.DONE,
                        Integer.toString(queue.size()).getBytes(StandardCharsets.US_ASCII));
            case IS_CLOSED ->
                reply(request.request(), queue.isClosed() ? Outcome.CLOSED : Outcome.DONE, Message.NOTHING);
            case ACQUIRE, TRY_ACQUIRE, RELEASE, ABANDON ->
                throw new AssertionError("not about a channel: " + request.op());
        }
    }

    /** {@return how many nanoseconds the worker has done nothing in channels but wait; 0 if it does not} */
    long waitingNanos() {
        return waiting.isEmpty() && !gaveUpLately() ? 0 : Math.max(1, System.nanoTime() - waitsSince);
    }

    private boolean gaveUpLately() {
        return gaveUp && System.nanoTime() - gaveUpAt < GRACE_NANOS;
    }

    private void await(RemoteWaiter waiter) {
        // Before it waits: it may be woken at once.
        if (waiting.putIfAbsent(waiter.request, waiter) != null) {
            throw new CorruptFrameException("two requests with the number " + waiter.request);
        }
        Waiter.Outcome now = waiter.queue.begin(waiter);
        if (now != Waiter.Outcome.WAITING) {
            waiter.wake();
        }
    }

    private void trySend(Request request, QueueChannel<byte[]> queue) {
        try {
            boolean sent = queue.trySend(request.payload());
            reply(request.request(), sent ? Outcome.DONE : Outcome.NOT_DONE, Message.NOTHING);
        } catch (ChannelClosedException e) {
            replyClosed(request.request(), e.getCause());
        }
    }

    private void tryReceive(Request request, QueueChannel<byte[]> queue) {
        switch (queue.tryReceive()) {
            case Received.Element<byte[]> got -> reply(request.request(), Outcome.DONE, got.value());
            case Received.Empty<byte[]> empty -> reply(request.request(), Outcome.NOT_DONE, Message.NOTHING);
            case Received.Closed<byte[]> closed -> replyClosed(request.request(), closed.cause());
        }
    }

    /**
     * The worker gives up waiting. If the wait was completed meanwhile, the answer is on its way and stands.
     *
     * @param request the number of its request
     */
    void cancel(long request) {
        RemoteWaiter waiter = waiting.get(request);
        if (waiter != null && waiter.queue.cancel(waiter) && waiting.remove(request) != null) {
            gaveUpAt = System.nanoTime();
            gaveUp = true;
            reply(request, Outcome.NOT_DONE, Message.NOTHING);
        }
    }

    @Override
    public void close() {
        cancelAll();
    }

    /** The worker is dead: none of its requests waits any longer. */
    void cancelAll() {
        for (RemoteWaiter waiter : waiting.values()) {
            waiter.queue.cancel(waiter);
        }
    }

    private void reply(long request, Outcome outcome, byte[] payload) {
        link.send(new Reply(request, outcome, payload));
    }

    private void replyClosed(long request, @Nullable Throwable cause) {
        reply(request, Outcome.CLOSED, cause == null ? Message.NOTHING : RemoteFailure.write(cause));
    }
}
