package dev.heddle.trace;

import dev.heddle.internal.Parker;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.Traced;
import java.time.Duration;

/**
 * Keeps the latest events of a heddle in bounded memory, as a flight recorder does: {@link dev.heddle.HeddleBuilder#trace} gives it
 * to one heddle. When the memory is full the oldest events are dropped. Safe for use by several threads.
 *
 * <pre>{@code
 * Recorder recorder = Recorder.keeping(Duration.ofSeconds(10));
 * try (Heddle h = Heddle.builder(Model.GREEN).trace(recorder).open()) {
 *     ...
 *     recorder.recording().writeTo(Path.of("now.heddle")); // at any time, also after the end
 * }
 * }</pre>
 */
public final class Recorder {
    /** How much memory a recorder uses unless told otherwise, in bytes: for somewhat more than 2.7 million events. */
    public static final long DEFAULT_BYTES = 64L << 20;

    /** With less, the threads would have chunks of too few events. */
    private static final long LEAST_BYTES = 1L << 20;

    static {
        FlightTrace.access(recorder -> recorder.trace);
    }

    private final long keepNanos;
    private final FlightTrace trace;

    private Recorder(long keepNanos, long bytes) {
        if (bytes < LEAST_BYTES) {
            throw new IllegalArgumentException("a recorder in " + bytes + " bytes: it needs " + LEAST_BYTES
                    + " or more; the number is in bytes, so 64 MiB are 64L << 20");
        }
        this.keepNanos = keepNanos;
        this.trace = new FlightTrace(bytes);
    }

    /**
     * {@return a recorder that keeps the events of the last {@code time}, as far as {@link #DEFAULT_BYTES} suffice}
     *
     * @param time more than zero
     */
    public static Recorder keeping(Duration time) {
        return keeping(time, DEFAULT_BYTES);
    }

    /**
     * {@return a recorder that keeps the events of the last {@code time}, as far as the memory suffices}
     *
     * @param time more than zero
     * @param bytes the most memory to use, 1 MiB or more; an event takes 24
     * @throws IllegalArgumentException if either is too small
     */
    public static Recorder keeping(Duration time, long bytes) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a recorder that keeps " + time
                    + ": it keeps the events of a time of more than zero, such as Duration.ofSeconds(10)");
        }
        return new Recorder(Parker.nanos(time), bytes);
    }

    /**
     * {@return a recorder that keeps as many events as the memory suffices for}
     *
     * @param bytes the most memory to use, 1 MiB or more; an event takes 24
     * @throws IllegalArgumentException if that is too small
     */
    public static Recorder within(long bytes) {
        return new Recorder(Long.MAX_VALUE, bytes);
    }

    /**
     * Has it noted where in the user's code each task is started, and where it waits in Heddle, in processes of workers too: as {@link
     * TraceEvent.Kind#STARTED_AT} and {@link TraceEvent.Kind#WAITS_AT}. That takes some microseconds each time, so it is off unless
     * asked for. Waits that are the JDK's own, such as those for sockets, are not noted.
     *
     * @param wanted whether to do so
     * @return this recorder
     * @throws IllegalStateException if it was given to a heddle already
     */
    public Recorder stacks(boolean wanted) {
        trace.noteStacks(wanted);
        return this;
    }

    /**
     * Copies what is kept, also while the heddle runs: events of the time of the call may be in it or not. Takes a second for some
     * million events.
     *
     * @return what is kept
     * @throws IllegalStateException if no heddle has been opened with it yet
     */
    public Recording recording() {
        FlightTrace.Snapshot kept = trace.snapshot();
        Traced heddle = kept.heddle();
        if (heddle == null) {
            throw new IllegalStateException(
                    "this recorder has not been given to a heddle that is open, or was, so there is"
                            + " nothing to tell: open one with Heddle.builder(model).trace(recorder)");
        }
        return new Assembly(kept, heddle, keepNanos).recording();
    }
}
