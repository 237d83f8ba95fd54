package dev.heddle.internal.memory;

import dev.heddle.SharedMemory;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory, as it is in every model: a segment, and who frees it. In one JVM it is just memory; a model whose tasks are
 * elsewhere adds what stands for it there.
 *
 * <p>The race that matters is an access against the close: the JDK decides it, since the segment is of a shared arena. The access is
 * done before the memory is gone, or throws.
 */
public non-sealed class MemoryCore implements SharedMemory {
    private static final long serialVersionUID = 1L;

    /** A line of the caches, so that nothing else shares one with its first elements. */
    private static final long ALIGNMENT = 64;

    private final transient String heddle;
    private final transient MemorySegment segment;
    private final transient Runnable end;

    /**
     * @param heddle the name of the heddle
     * @param segment the memory
     * @param end frees it; afterwards accesses throw
     */
    protected MemoryCore(String heddle, MemorySegment segment, Runnable end) {
        this.heddle = heddle;
        this.segment = segment;
        this.end = end;
    }

    /**
     * {@return memory of this process, zeroed}
     *
     * @param heddle the name of the heddle
     * @param bytes how much
     * @throws IllegalStateException if there is not so much
     */
    @SuppressWarnings("MustBeClosedChecker") // free() closes it
    public static MemoryCore ofThisProcess(String heddle, long bytes) {
        Arena arena = Arena.ofShared();
        try {
            return new MemoryCore(heddle, arena.allocate(bytes, ALIGNMENT), arena::close);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new IllegalStateException(
                    "heddle " + heddle + " cannot make " + bytes + " bytes of shared memory: " + e.getMessage()
                            + "; make it smaller, or allow the JVM more with -XX:MaxDirectMemorySize",
                    e);
        }
    }

    /** Frees it. Called once, when the heddle is closed and its tasks have ended. */
    final void free() {
        end.run();
    }

    @Override
    public final long byteSize() {
        return segment.byteSize();
    }

    @Override
    public final MemorySegment segment() {
        if (!segment.scope().isAlive()) {
            throw closed(null);
        }
        return segment;
    }

    /** {@return the exception for an access that comes too late} */
    final IllegalStateException closed(@Nullable IllegalStateException cause) {
        return new IllegalStateException(
                "the shared memory was freed when heddle " + heddle
                        + " was closed: use it before, or copy what is needed" + " later",
                cause);
    }

    /**
     * What stands for the memory in a job that crosses to a worker.
     *
     * @return the replacement
     * @throws ObjectStreamException if it cannot cross
     */
    protected Object writeReplace() throws ObjectStreamException {
        throw new NotSerializableException(
                "shared memory that was not made by the PROCESS heddle it is used in: make it with sharedMemory(bytes),"
                        + " sharedLongs(n) or the like of that heddle");
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("shared memory is read back from its handle only");
    }

    @Override
    public String toString() {
        return "shared memory of " + byteSize() + " bytes of heddle " + heddle;
    }
}
