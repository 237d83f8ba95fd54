package dev.heddle.internal.process.pipe;

import dev.heddle.Overflow;
import dev.heddle.WorkerDiedException;
import dev.heddle.internal.channel.AbstractPipe;
import dev.heddle.internal.channel.Port;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.os.SharedFile;
import dev.heddle.internal.process.channel.SharedEnd;
import dev.heddle.internal.process.channel.SharedEnds;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.PipeHandle;
import dev.heddle.internal.process.link.Doorbell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipes of a heddle, in its process, which closes them: because somebody asks for it, because a worker has died that had an end,
 * or because the heddle closes.
 *
 * <p>What workers can ask about a pipe they ask its {@link ParentPipe.Closing}: a channel on which nothing is ever sent, and which is closed
 * with the pipe. There they close it, learn the cause, and wait if the parent is to see that they wait.
 *
 * <p>The race that matters is a new pipe against the close: whoever makes it adds it and then reads {@link #closed}; the close sets
 * that and then takes out what is there. Whoever takes it out closes it.
 */
public final class Pipes {
    private final String heddle;
    private final Doorbell.Kind bells;
    private final SharedFile.Kind files;
    private final SharedEnds ends;
    private final Queue<ParentPipe<?>> all = new ConcurrentLinkedQueue<>();

    /** Those which a worker may have, by number. */
    private final ConcurrentMap<Long, ParentPipe<?>> crossed = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * @param heddle the name of the heddle, for messages
     * @param bells how users of pipes sleep
     * @param files how workers find the memory
     * @param ends among which workers find what they can ask about a pipe
     */
    public Pipes(String heddle, Doorbell.Kind bells, SharedFile.Kind files, SharedEnds ends) {
        this.heddle = heddle;
        this.bells = bells;
        this.files = files;
        this.ends = ends;
    }

    /** A pipe in the process of its heddle. */
    private final class ParentPipe<E> extends RingPipe<E> {
        private static final long serialVersionUID = 1L;

        private final transient SharedFile file;
        private final transient ChannelHandle number;
        private final transient PipeHandle handle;
        private final transient QueueChannel<byte[]> closing = new QueueChannel<>(0);

        ParentPipe(SharedFile file, MemorySegment memory) {
            super(memory, bells, false);
            this.file = file;
            this.number = ends.newHandle(ChannelHandle.Kind.CHANNEL, 0, Overflow.BLOCK);
            this.handle = new PipeHandle(
                    number.heddle(), number.channel(), file.path().toString());
        }

        /** The pipe as workers can ask for it. */
        private final class Closing implements SharedEnd<byte[]> {
            @Override
            public Port<?> port() {
                return closing;
            }

            @Override
            public boolean takes() {
                return false;
            }

            @Override
            public boolean gives() {
                return true;
            }

            @Override
            public boolean isClosed() {
                return closing.isClosed();
            }

            @Override
            public int size() {
                return 0;
            }

            @Override
            public void close(@Nullable Throwable cause) {
                ParentPipe.this.close(cause);
            }
        }

        @Override
        public boolean isClosed() {
            return closing.isClosed();
        }

        @Override
        public void close(@Nullable Throwable cause) {
            closing.close(cause); // first: who sees the mark asks for the cause
            markClosed();
        }

        @Override
        @Nullable
        protected Throwable cause() {
            return closing.cause();
        }

        @Override
        protected Runnable waits() {
            return () -> {};
        }

        @Override
        protected Object writeReplace() {
            crossed.putIfAbsent(handle.pipe(), this);
            ends.share(number, new Closing());
            return handle;
        }

        /** The heddle has closed. What was sent can still be received here. */
        void end() {
            close(new IllegalStateException("heddle " + heddle + " was closed, and its pipes with it"));
            file.close();
        }
    }

    /**
     * {@return a new pipe}
     *
     * @param <E> the type of its elements
     * @throws IllegalStateException if there is no memory for it
     * @throws RejectedExecutionException if the heddle has been closed
     */
    public <E> AbstractPipe<E> make() {
        refuseIfClosed();
        SharedFile file = SharedFile.create(files, RingPipe.bytes());
        ParentPipe<E> pipe;
        try {
            // Mapped once more, to be unmapped when nobody uses the pipe any more, be it after the heddle has closed.
            pipe = new ParentPipe<>(file, SharedFile.open(file.path()));
        } catch (IOException e) {
            file.close();
            throw new UncheckedIOException("the memory of a pipe cannot be mapped", e);
        }
        all.add(pipe);
        if (closed && all.remove(pipe)) {
            pipe.end();
        }
        refuseIfClosed();
        return pipe;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new RejectedExecutionException("heddle " + heddle
                    + " is closed and makes no more pipes: make them before close(), or open another heddle");
        }
    }

    /**
     * {@return what a handle stands for here, if it has crossed}
     *
     * @param handle perhaps from a worker
     */
    @Nullable
    public Object resolve(PipeHandle handle) {
        return crossed.get(handle.pipe());
    }

    /**
     * A worker's process has ended: closes the pipes that it had an end of.
     *
     * @param pid its id; 0 if it never had one
     * @param failure makes what those get who use the pipes
     */
    public void died(long pid, Supplier<WorkerDiedException> failure) {
        if (pid == 0) {
            return;
        }
        WorkerDiedException cause = null;
        for (ParentPipe<?> pipe : crossed.values()) {
            if (pipe.takeFrom(pid)) {
                cause = cause == null ? failure.get() : cause;
                pipe.close(cause);
            }
        }
    }

    /** The heddle is closed, and all workers are gone. */
    public void close() {
        closed = true;
        for (ParentPipe<?> pipe = all.poll(); pipe != null; pipe = all.poll()) {
            pipe.end();
        }
        crossed.clear();
    }
}
