package dev.heddle.internal.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Room for some events, which one thread fills, and which is used again when it has become the oldest: the unit in which a {@link
 * FlightTrace} forgets.
 *
 * <p>An event is three words: the time and below it, in {@link #EVENT_BITS}, the event; the subject; the detail.
 *
 * <p>The race that matters is a reader against whoever fills it. The writer writes the words, then, with release, their number: a
 * reader that reads the number, with acquire, sees the words. Used again, the chunk first gets another {@link #generation}, and a
 * reader that reads the same generation before and after the words has read no newer ones: that write comes before those of the
 * words by a fence, and that read after those of the words by another.
 */
final class Chunk {
    /** Words of an event. */
    static final int WORDS = 3;

    static final int EVENT_BITS = 5;

    private static final VarHandle COUNT;
    private static final VarHandle GENERATION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(Chunk.class, "count", int.class);
            GENERATION = lookup.findVarHandle(Chunk.class, "generation", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] words;

    /** How many words there are. */
    private int count;

    /** Unique among all uses of all chunks of a trace, and ascending. */
    private long generation;

    Chunk(int events, long generation) {
        words = new long[events * WORDS];
        this.generation = generation;
    }

    /** {@return whether there was room} For the writer. */
    boolean add(long first, long subject, long detail) {
        int at = count;
        if (at == words.length) {
            return false;
        }
        words[at] = first;
        words[at + 1] = subject;
        words[at + 2] = detail;
        COUNT.setRelease(this, at + WORDS);
        return true;
    }

    /** Forgets all. For the next writer. {@return how many events those were} */
    int reuse(long nextGeneration) {
        int events = count / WORDS;
        GENERATION.setOpaque(this, nextGeneration);
        VarHandle.storeStoreFence(); // pairs with the fence in copy()
        COUNT.setRelease(this, 0);
        return events;
    }

    /** {@return the first word of the last event, or 0} For the writer, and for who takes it over. */
    long last() {
        return count == 0 ? 0 : words[count - WORDS];
    }

    /** What a reader has got of a chunk. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Copy(long generation, long[] words) {}

    /** {@return a copy, or null if the chunk was used again meanwhile} For anybody. */
    @Nullable
    Copy copy() {
        long before = (long) GENERATION.getAcquire(this);
        long[] copy = Arrays.copyOf(words, (int) COUNT.getAcquire(this));
        VarHandle.loadLoadFence();
        return (long) GENERATION.getOpaque(this) == before ? new Copy(before, copy) : null;
    }
}
