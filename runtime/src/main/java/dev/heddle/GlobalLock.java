package dev.heddle;

import dev.heddle.internal.Parker;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.TimeSlicedLock;
import dev.heddle.internal.trace.Trace;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A lock that goes round: it is taken from a thread that computes for long, and left by one that waits. Meant for code that was
 * written for one thread, such as a library that is not thread-safe, and that many are to use.
 *
 * <pre>{@code
 * static final GlobalLock PYTHON = new GlobalLock();
 *
 * String answer = PYTHON.hold(() -> interpreter.evaluate(text));
 * }</pre>
 *
 * <p>One thread at a time executes code that it {@linkplain #hold holds} the lock for. It is CPython's global interpreter lock, as it
 * is since 3.2: who waits for the lock lets the {@linkplain #interval interval} pass, and then requests it; the holder drops it
 * when it next comes to a {@link Heddle#checkpoint}, or to the end of its hold, and then it goes to the one that has waited longest.
 * A holder that nobody waits for long takes the lock again and again without a switch.
 *
 * <p>The holder leaves the lock, for the duration, wherever it waits in Heddle (a join, a channel or pipe, a select, a mutex, {@link
 * Heddle#sleep}, {@link Heddle#yield}, another global lock), and in {@link Heddle#blocking}. Then another may come in, as well as
 * at a checkpoint: what must not be seen half done is done between two such points. A wait of the JDK's, such as {@link
 * Thread#sleep}, keeps the lock.
 *
 * <p>It is reentrant: a hold within a hold is a plain call, and the lock is dropped at the end of the outermost. It may be held
 * together with others, and with that of a heddle ({@link HeddleBuilder#globalLock}), whose tasks have theirs in the same way; that
 * leads to no deadlock, whatever the order, since who waits for one has left the others.
 *
 * <p>The holder is the thread, any thread, be it a task or not. Threads that it starts hold for themselves. What a thread has done
 * in its hold <em>happens-before</em> the next hold, and what it has done before a checkpoint or a wait, before the hold of whoever
 * had the lock meanwhile. A lock is of this process: a job that crosses to another cannot take it along.
 */
public final class GlobalLock {
    /** CPython's: 5 ms. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(5);

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final TimeSlicedLock lock;

    /** Makes a lock with the {@linkplain #DEFAULT_INTERVAL default interval}. */
    public GlobalLock() {
        this(DEFAULT_INTERVAL);
    }

    /**
     * Makes a lock.
     *
     * @param interval how long a thread that waits for the lock lets another go on before it requests the lock; more than 0
     * @throws IllegalArgumentException if the interval is zero or negative
     */
    public GlobalLock(Duration interval) {
        lock = new TimeSlicedLock(
                "global lock " + NUMBERS.incrementAndGet(),
                id -> "thread #" + id,
                false,
                requireInterval(interval),
                Parker.THREAD,
                Trace.OFF);
    }

    static long requireInterval(Duration interval) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException(
                    "globalLock(" + interval + "): a holder needs some time before the lock is"
                            + " requested of it; CPython has 5 ms, Duration.ofMillis(5)");
        }
        return Parker.nanos(interval);
    }

    /**
     * Calls code with the lock held, waiting for the lock first. An interrupt does not end that wait; the code finds it.
     *
     * @param code the code
     * @return its result
     * @param <T> the type of the result
     * @throws Exception what the code throws
     */
    public <T extends @Nullable Object> T hold(Callable<T> code) throws Exception {
        return HeldLocks.hold(lock, null, code);
    }

    /**
     * Calls code without a result; see {@link #hold(Callable)}.
     *
     * @param code the code
     * @throws Exception what the code throws
     */
    public void hold(Action code) throws Exception {
        HeldLocks.<@Nullable Void>hold(lock, null, () -> {
            code.run();
            return null;
        });
    }

    /** {@return whether the calling thread holds the lock, and has not left it to wait or to block} */
    public boolean isHeld() {
        return HeldLocks.holds(lock);
    }

    /** {@return how long a thread that waits for the lock lets another go on before it requests the lock} */
    public Duration interval() {
        return Duration.ofNanos(lock.interval());
    }

    /** {@return what was counted so far} */
    public GlobalLockStats stats() {
        return lock.stats();
    }

    @Override
    public String toString() {
        return lock.toString();
    }
}
