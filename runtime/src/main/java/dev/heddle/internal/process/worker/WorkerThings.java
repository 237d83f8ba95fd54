package dev.heddle.internal.process.worker;

import dev.heddle.Acquired;
import dev.heddle.internal.memory.MemoryCore;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.permit.Permits;
import dev.heddle.internal.process.channel.ChannelClient;
import dev.heddle.internal.process.channel.PermitServer;
import dev.heddle.internal.process.channel.RemoteChannel;
import dev.heddle.internal.process.channel.RemoteEnd;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Handle;
import dev.heddle.internal.process.form.MemoryHandle;
import dev.heddle.internal.process.form.PermitsHandle;
import dev.heddle.internal.process.form.PipeHandle;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Message;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.pipe.RingPipe;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of its parent's heddle: channels and permits, for which it asks the parent, and memory and pipes, which it
 * maps. It
 * keeps what it has mapped as long as it lives, since the next task is likely to need it again, and each page must be found anew
 * in a new mapping.
 */
final class WorkerThings {
    private final ChannelClient client;
    private final Doorbell.Kind bells;
    private final ConcurrentMap<Long, Memory> memories = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, RemotePermits> permits = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, WorkerPipe<?>> pipes = new ConcurrentHashMap<>();

    /**
     * @param client asks the parent
     * @param bells how users of pipes sleep
     */
    WorkerThings(ChannelClient client, Doorbell.Kind bells) {
        this.client = client;
        this.bells = bells;
    }

    /**
     * {@return what a handle stands for in this process}
     *
     * @param handle of the parent's heddle
     * @throws InvalidObjectException if memory or a pipe cannot be mapped
     */
    Object resolve(Handle handle) throws InvalidObjectException {
        return switch (handle) {
            case ChannelHandle channel -> RemoteEnd.of(channel, client);
            case MemoryHandle memory -> map(memory);
            case PermitsHandle known -> permits.computeIfAbsent(known.permits(), number -> new RemotePermits(known));
            case PipeHandle pipe -> map(pipe);
        };
    }

    /** A task has ended: what it used of pipes may be used by others, and nobody minds if this process dies. */
    void taskEnded() {
        pipes.values().forEach(RingPipe::letGo);
    }

    private Memory map(MemoryHandle handle) throws InvalidObjectException {
        Memory known = memories.get(handle.memory());
        if (known != null) {
            return known;
        }
        Memory mapped = new Memory(handle, open("the shared memory", handle.path()));
        Memory first = memories.putIfAbsent(handle.memory(), mapped);
        return first == null ? mapped : first;
    }

    private WorkerPipe<?> map(PipeHandle handle) throws InvalidObjectException {
        WorkerPipe<?> known = pipes.get(handle.pipe());
        if (known != null) {
            return known;
        }
        WorkerPipe<?> mapped = new WorkerPipe<>(handle, open("the pipe", handle.path()));
        WorkerPipe<?> first = pipes.putIfAbsent(handle.pipe(), mapped);
        return first == null ? mapped : first;
    }

    private static MemorySegment open(String what, String path) throws InvalidObjectException {
        try {
            return SharedFile.open(Path.of(path));
        } catch (IOException e) {
            InvalidObjectException failure =
                    new InvalidObjectException(what + " cannot be mapped, since " + path + " cannot be opened: " + e);
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

    /** A pipe of the parent's heddle, which the parent closes. */
    private final class WorkerPipe<E> extends RingPipe<E> {
        private static final long serialVersionUID = 1L;

        private final transient PipeHandle handle;

        WorkerPipe(PipeHandle handle, MemorySegment memory) {
            super(memory, bells, true, client.trace(), handle.pipe());
            this.handle = handle;
        }

        @Override
        public boolean isClosed() {
            return isMarkedClosed();
        }

        @Override
        public void close(@Nullable Throwable cause) {
            client.ask(Op.CLOSE, handle.pipe(), cause == null ? Message.NOTHING : RemoteFailure.write(cause));
        }

        @Override
        @Nullable
        protected Throwable cause() {
            Reply reply = client.ask(Op.TRY_RECEIVE, handle.pipe(), Message.NOTHING);
            return reply.outcome() == Outcome.CLOSED ? RemoteChannel.cause(reply) : null;
        }

        @Override
        protected Runnable waits() {
            return client.waitAt(handle.pipe());
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
