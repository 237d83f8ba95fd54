package dev.heddle.internal.process;

import dev.heddle.internal.memory.MemoryCore;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.permit.LocalPermits;
import dev.heddle.internal.permit.PermitQueue;
import dev.heddle.internal.process.channel.PermitServer;
import dev.heddle.internal.process.form.MemoryHandle;
import dev.heddle.internal.process.form.PermitsHandle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a heddle of the PROCESS model shares with its workers beside channels: memory, which both map, and permits, which are
 * here, and workers ask for them through a {@link PermitServer}. Like a channel, what has crossed is kept until the heddle closes.
 *
 * <p>The memory needs no help at the end: whichever process dies, its file has no name, or {@link SharedFile} sees to that.
 */
final class SharedThings {
    private final long heddle;
    private final String name;
    private final SharedFile.Kind kind;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<Long, Memory> memories = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, ParentPermits> permits = new ConcurrentHashMap<>();

    /**
     * @param heddle its random number
     * @param name its name
     * @param kind how workers find memory
     */
    SharedThings(long heddle, String name, SharedFile.Kind kind) {
        this.heddle = heddle;
        this.name = name;
        this.kind = kind;
    }

    /** Shared memory in the process of its heddle. */
    private final class Memory extends MemoryCore {
        private static final long serialVersionUID = 1L;

        private final transient MemoryHandle handle;

        Memory(SharedFile file) {
            super(name, file.segment(), file::close);
            handle = new MemoryHandle(
                    heddle, numbers.incrementAndGet(), file.path().toString());
        }

        @Override
        protected Object writeReplace() {
            segment(); // throws if it has been freed
            memories.putIfAbsent(handle.memory(), this);
            return handle;
        }
    }

    /** Permits in the process of their heddle. */
    private final class ParentPermits extends LocalPermits {
        private static final long serialVersionUID = 1L;

        private final transient PermitsHandle handle;

        ParentPermits(String name, int total, LongFunction<String> threads) {
            super(name, total, threads);
            handle = new PermitsHandle(heddle, numbers.incrementAndGet(), total, name);
        }

        @Override
        protected Object writeReplace() {
            permits.putIfAbsent(handle.permits(), this);
            return handle;
        }
    }

    /**
     * {@return new memory}
     *
     * @param bytes how much
     * @throws IllegalStateException if there is not so much
     */
    MemoryCore memory(long bytes) {
        return new Memory(SharedFile.create(kind, bytes));
    }

    /**
     * {@return new permits}
     *
     * @param name for messages
     * @param total how many
     * @param threads says who a thread of this process is
     */
    LocalPermits permits(String name, int total, LongFunction<String> threads) {
        return new ParentPermits(name, total, threads);
    }

    /**
     * {@return what a handle stands for here, if it has crossed}
     *
     * @param handle perhaps from a worker
     */
    @Nullable
    Object resolve(MemoryHandle handle) {
        return memories.get(handle.memory());
    }

    /**
     * {@return what a handle stands for here, if it has crossed}
     *
     * @param handle perhaps from a worker
     */
    @Nullable
    Object resolve(PermitsHandle handle) {
        return permits.get(handle.permits());
    }

    /**
     * {@return the permits of a number, if they have crossed to a worker}
     *
     * @param number from their handle
     */
    @Nullable
    PermitQueue queue(long number) {
        ParentPermits room = permits.get(number);
        return room == null ? null : room.queue();
    }

    /** The heddle is closed, and all workers are gone. */
    void clear() {
        memories.clear();
        permits.clear();
    }
}
