package dev.heddle.internal;

import dev.heddle.Mapper;
import dev.heddle.NotTransferableException;
import dev.heddle.Results;
import dev.heddle.TaskFailedException;
import dev.heddle.TaskOptions;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The tasks and results of a map.
 *
 * <p>Problem: there may be no end of inputs, the consumer may be slow or leave, and results come in any order. Rejected: a task
 * that feeds the others, or a channel of results; both need somebody to wake, and to end when the consumer has gone. Approach:
 * the consumer's own calls take inputs and start tasks, each for a {@link Chunk}, up to a number {@linkplain #ahead ahead} of
 * what it takes; it waits for the oldest one. So nothing runs on if it stays away, and there is nothing to free.
 *
 * <p>What goes wrong in the place of an input (its task, its iterator, the start of a task) is kept until the results before
 * it have been taken.
 *
 * <p>All belongs to the consumer, one thread at a time, but for {@link #ended}. There the race is that of {@link TaskGroup}: a
 * task's end is counted, then wakes; who waits for the end of all announces itself, looks, then parks.
 *
 * @param <I> the type of the inputs
 * @param <R> the type of the results
 */
public final class MapResults<I extends @Nullable Object, R extends @Nullable Object>
        implements Results<R>, TaskOwner<Chunk.Mapped>, Blocker {
    /** Tasks ahead of the consumer, if the heddle has few processors: some may wait, and the oldest may be the slowest. */
    private static final int AHEAD_MIN = 16;

    private static final int AHEAD_PER_PROCESSOR = 4;

    private final HeddleCore heddle;
    private final Iterator<? extends I> inputs;
    private final Mapper<? super I, ? extends R> mapper;
    private final int chunkSize;
    private final TaskOptions options;

    /** Those whose code can still run. */
    private final AtomicInteger live = new AtomicInteger();

    private volatile @Nullable Thread closer;

    /** Inputs that have been taken, and are in no task yet. */
    private final List<@Nullable Object> gathered = new ArrayList<>();

    /** How many inputs are in tasks. */
    private long started;

    private final Deque<Piece> ahead = new ArrayDeque<>();

    /** Results to be taken, from {@link #taken} on. */
    private @Nullable Object[] ready = {};

    private int taken;

    /** What to throw after the results of {@link #ahead}, which then are no more, or null. */
    private @Nullable Throwable failure;

    private boolean closed;

    private final Iterator<R> iterator = new Iterator<>() {
        @Override
        public boolean hasNext() {
            return MapResults.this.hasNext();
        }

        @Override
        public R next() {
            return MapResults.this.next();
        }
    };

    /** Some inputs, and the task that has them. */
    private record Piece(long first, int size, TaskCore<Chunk.Mapped> task) {
        /** {@return which input may have failed, in words} */
        String inputs() {
            return size == 1 ? "input " + first : "one of the inputs " + first + " to " + (first + size - 1);
        }
    }

    /** See {@link dev.heddle.Heddle#map(Iterable, Mapper, int, TaskOptions)}. */
    MapResults(
            HeddleCore heddle,
            Iterable<? extends I> inputs,
            Mapper<? super I, ? extends R> mapper,
            int chunkSize,
            TaskOptions options) {
        if (chunkSize < 1) {
            throw new IllegalArgumentException("map of chunks of " + chunkSize + ": each task needs 1 input or more");
        }
        this.heddle = heddle;
        this.inputs = inputs.iterator();
        this.mapper = Objects.requireNonNull(mapper, "mapper");
        this.chunkSize = chunkSize;
        this.options = Objects.requireNonNull(options, "options");
        fill();
    }

    // ---- the consumer

    @Override
    public Iterator<R> iterator() {
        return iterator;
    }

    private boolean hasNext() {
        while (taken == ready.length) {
            fill();
            Piece oldest = ahead.peek();
            if (oldest == null) {
                if (!closed) {
                    throwFailure();
                }
                return false;
            }
            ready = await(oldest);
            taken = 0;
            fill(); // the tasks are to go on while the consumer works
        }
        return true;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // it is what the mapper returned, an R
    private R next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all results of the map have been taken");
        }
        R result = (R) ready[taken];
        ready[taken++] = null;
        return result;
    }

    /** Starts tasks as long as there are inputs and not enough of them ahead. */
    private void fill() {
        int most = Math.max(AHEAD_MIN, AHEAD_PER_PROCESSOR * heddle.processors());
        try {
            while (!closed && failure == null && ahead.size() < most && gather()) {
                startGathered();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // there was no room for a task: whoever waits next is told
        }
    }

    /** {@return whether there are inputs for a task} */
    private boolean gather() {
        try {
            while (gathered.size() < chunkSize && inputs.hasNext()) {
                gathered.add(inputs.next());
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        return !gathered.isEmpty();
    }

    private void startGathered() throws InterruptedException {
        TaskCore<Chunk.Mapped> task =
                new TaskCore<>(heddle, new Chunk<I, R>(mapper, gathered.toArray()), options, this);
        Piece piece = new Piece(started, gathered.size(), task);
        try {
            heddle.beginCounted(task, live);
        } catch (NotTransferableException e) {
            failure = new NotTransferableException(piece.inputs() + " of a map: " + e.getMessage(), e);
            return;
        } catch (RuntimeException | Error e) {
            failure = e;
            return;
        }
        ahead.add(piece);
        started += gathered.size();
        gathered.clear();
    }

    /** {@return the results of the oldest piece, whose failure is kept} */
    private @Nullable Object[] await(Piece oldest) {
        try {
            Chunk.Mapped mapped = oldest.task.get();
            ahead.remove();
            if (mapped.failure() != null) {
                fail(
                        "input " + (oldest.first + mapped.results().length),
                        mapped.failure().failure());
            }
            return mapped.results();
        } catch (ExecutionException e) {
            ahead.remove();
            fail(oldest.inputs(), oldest.task.exceptionNow());
            return new Object[0];
        } catch (CancellationException e) { // not by us: the heddle was shut down
            failure = e;
            cancel();
            return new Object[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("interrupted while waiting for a result");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private void fail(String where, Throwable cause) {
        failure = new TaskFailedException(
                "a map of heddle " + heddle.name() + " failed at " + where + ": " + cause, cause);
        cancel();
    }

    private void throwFailure() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Cancels all tasks ahead: the last first, lest one that is queued begins in the place of one that is interrupted. */
    private void cancel() {
        ahead.descendingIterator().forEachRemaining(piece -> piece.task.cancel(true));
        ahead.clear();
    }

    @Override
    public void close() {
        closed = true;
        cancel();
        ready = new Object[0];
        taken = 0;
        closer = Thread.currentThread();
        if (Parker.awaitInAnyCase(this, () -> live.get() == 0)) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- from other threads

    @Override
    public void ended(TaskCore<Chunk.Mapped> task) {
        if (live.decrementAndGet() == 0) {
            Parker.wake(closer);
        }
    }

    @Override
    public Reason reason() {
        return Reason.JOIN;
    }

    @Override
    public String purpose() {
        return "close the results of a map of heddle " + heddle.name();
    }
}
