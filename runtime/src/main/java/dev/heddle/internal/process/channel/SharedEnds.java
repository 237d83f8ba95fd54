package dev.heddle.internal.process.channel;

import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.Overflow;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.trace.Trace;
import dev.heddle.trace.TraceEvent;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The channels, broadcasts and subscriptions of a heddle of the PROCESS model, in its process: gives them their numbers, and finds
 * those that workers ask for.
 *
 * <p>One that has crossed to a worker is kept until the heddle closes, since it cannot be known here whether a worker still holds it.
 */
public final class SharedEnds {
    private final long heddle;
    private final Trace trace;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, SharedEnd<?>> crossed = new ConcurrentHashMap<>();

    /**
     * @param heddle its random number
     * @param trace is told of subscriptions
     */
    public SharedEnds(long heddle, Trace trace) {
        this.heddle = heddle;
        this.trace = trace;
    }

    /**
     * {@return a new channel}
     *
     * @param capacity how many elements it holds
     * @param overflow what a send does that finds no room
     * @param <E> the type of its elements
     */
    public <E> Channel<E> channel(int capacity, Overflow overflow) {
        return new ProcessChannel<>(newHandle(ChannelHandle.Kind.CHANNEL, capacity, overflow), this);
    }

    /**
     * {@return a new broadcast}
     *
     * @param capacity how many elements it holds for each subscriber
     * @param overflow what a send does that finds no room
     * @param <E> the type of its elements
     */
    public <E> Broadcast<E> broadcast(int capacity, Overflow overflow) {
        return new ProcessBroadcast<>(newHandle(ChannelHandle.Kind.BROADCAST, capacity, overflow), this);
    }

    /**
     * {@return what will stand for a new one elsewhere}
     *
     * @param kind what it is
     * @param capacity how many elements it holds
     * @param overflow what a send does that finds no room
     */
    public ChannelHandle newHandle(ChannelHandle.Kind kind, int capacity, Overflow overflow) {
        return new ChannelHandle(kind, heddle, numbers.incrementAndGet(), capacity, overflow);
    }

    /** Traces a subscription that is about to be made. */
    void subscribed(ChannelHandle broadcast, ChannelHandle subscription) {
        trace.record(Trace.Event.SUBSCRIBE, 0, TraceEvent.subscribed(broadcast.channel(), subscription.channel()));
    }

    /**
     * One crosses to a worker, which may then ask for it.
     *
     * @param handle as which it crosses
     * @param end it
     */
    public void share(ChannelHandle handle, SharedEnd<?> end) {
        crossed.putIfAbsent(handle.channel(), end);
    }

    /**
     * {@return the one of a number, if it has crossed}
     *
     * @param number perhaps from a worker
     */
    @Nullable
    public SharedEnd<?> find(long number) {
        return crossed.get(number);
    }

    /** The heddle is closed, and all workers are gone. */
    public void clear() {
        crossed.clear();
    }
}
