package dev.heddle.internal.channel;

import dev.heddle.Channel;
import dev.heddle.Overflow;
import dev.heddle.internal.Parker;
import dev.heddle.internal.vthread.Timers;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends the time to a channel, once or again and again.
 *
 * <p>The timer knows the channel weakly: if nobody has it any more, there is nobody to tell the time to. Whoever waits at it
 * has it, but a virtual thread may be reached by nothing else than what it waits at; so the timer also knows, and not weakly,
 * those who wait, and by them the channel.
 */
public final class Ticks implements Runnable {
    private final WeakReference<QueueChannel<Instant>> channel;

    /** Only for the garbage collector. */
    private final WaiterQueue<Instant> unusedReceivers;

    private final long start = System.nanoTime();

    /** In nanoseconds; 0 for a single tick. */
    private final long period;

    /** The next tick. Written by whoever schedules it, who then looks whether the channel is closed; a close does it the other way. */
    private volatile @Nullable Future<?> next;

    private Ticks(QueueChannel<Instant> channel, long period) {
        this.channel = new WeakReference<>(channel);
        this.unusedReceivers = channel.receivers();
        this.period = period;
        channel.whenClosed(this::cancel);
    }

    /** As {@link Channel#after}. */
    public static Channel<Instant> after(Duration delay) {
        QueueChannel<Instant> channel = new QueueChannel<>(1);
        new Ticks(channel, 0).schedule(channel, Parker.nanos(delay));
        return channel;
    }

    /** As {@link Channel#every}. */
    public static Channel<Instant> every(Duration period) {
        long nanos = Parker.nanos(period);
        if (nanos <= 0) {
            throw new IllegalArgumentException("every(" + period + "): the time between two ticks must be positive");
        }
        QueueChannel<Instant> channel = new QueueChannel<>(1, Overflow.DROP_NEWEST);
        new Ticks(channel, nanos).schedule(channel, nanos);
        return channel;
    }

    private void schedule(QueueChannel<Instant> to, long nanos) {
        next = Timers.OF_JVM.schedule(this, nanos, TimeUnit.NANOSECONDS);
        if (to.isClosed()) {
            cancel();
        }
    }

    private void cancel() {
        Future<?> timer = next;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void run() {
        QueueChannel<Instant> to = channel.get();
        if (to == null || !tick(to)) {
            return;
        }
        if (period == 0) {
            to.close();
        } else {
            long since = System.nanoTime() - start;
            schedule(to, period - since % period);
        }
    }

    /** {@return whether the channel is open} */
    private static boolean tick(QueueChannel<Instant> channel) {
        Waiter<Instant> tick = new Tick();
        channel.begin(tick);
        return tick.outcome() != Waiter.Outcome.CLOSED;
    }

    /** Is sent or dropped, and never waits. */
    private static final class Tick extends Waiter<Instant> {
        Tick() {
            super(Instant.now());
        }

        @Override
        protected void wake() {
            throw new AssertionError("there is room for a tick, or it is dropped");
        }
    }
}
