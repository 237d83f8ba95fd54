package dev.heddle.internal.process;

import dev.heddle.Acquired;
import dev.heddle.internal.memory.MemoryCore;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.permit.Permits;
import dev.heddle.internal.process.Message.Op;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What a worker knows of its parent's heddle: channels and permits, for which it asks the parent, and memory, which it maps. It
 * keeps what it has mapped as long as it lives, since the next task is likely to need it again, and each page must be found anew
 * in a new mapping.
 */
final class WorkerThings {
    private final ChannelClient client;
    private final ConcurrentMap<Long, Memory> memories = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, RemotePermits> permits = new ConcurrentHashMap<>();

    /** @param client asks the parent */
    WorkerThings(ChannelClient client) {
        this.client = client;
    }

    /**
     * {@return what a handle stands for in this process}
     *
     * @param handle of the parent's heddle
     * @throws InvalidObjectException if memory cannot be mapped
     */
    Object resolve(Handle handle) throws InvalidObjectException {
        return switch (handle) {
            case ChannelHandle channel -> channel.remote(client);
            case MemoryHandle memory -> map(memory);
            case PermitsHandle known -> permits.computeIfAbsent(known.permits(), number -> new RemotePermits(known));
        };
    }

    private Memory map(MemoryHandle handle) throws InvalidObjectException {
        Memory known = memories.get(handle.memory());
        if (known != null) {
            return known;
        }
        try {
            Memory mapped = new Memory(handle, SharedFile.open(Path.of(handle.path())));
            Memory first = memories.putIfAbsent(handle.memory(), mapped);
            return first == null ? mapped : first;
        } catch (IOException e) {
            InvalidObjectException failure = new InvalidObjectException(
                    "the shared memory cannot be mapped, since " + handle.path() + " cannot be opened: " + e);
            failure.initCause(e);
            throw failure;
        }
    }

    private static final class Memory extends MemoryCore {
        private static final long serialVersionUID = 1L;

        private final transient MemoryHandle handle;

        Memory(MemoryHandle handle, MemorySegment segment) {
            super("of the parent process", segment, () -> {});
            this.handle = handle;
        }

        @Override
        protected Object writeReplace() {
            return handle;
        }
    }

    private final class RemotePermits extends Permits {
        private static final long serialVersionUID = 1L;

        private final transient PermitsHandle handle;

        RemotePermits(PermitsHandle handle) {
            this.handle = handle;
        }

        @Override
        protected int total() {
            return handle.total();
        }

        @Override
        protected Acquired take(int n, long nanos) throws InterruptedException {
            return PermitServer.acquired(client.await(Op.ACQUIRE, handle.permits(), PermitServer.payload(n), nanos));
        }

        @Override
        protected Acquired tryTake(int n) {
            return PermitServer.acquired(client.ask(Op.TRY_ACQUIRE, handle.permits(), PermitServer.payload(n)));
        }

        @Override
        protected void giveBack(int n) {
            client.ask(Op.RELEASE, handle.permits(), PermitServer.payload(n));
        }

        @Override
        protected void abandon(int n) {
            client.ask(Op.ABANDON, handle.permits(), PermitServer.payload(n));
        }

        @Override
        public String toString() {
            return handle.name();
        }

        @Override
        protected Object writeReplace() {
            return handle;
        }
    }
}
