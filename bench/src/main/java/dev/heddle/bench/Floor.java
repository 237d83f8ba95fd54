package dev.heddle.bench;

import dev.heddle.internal.vthread.VirtualThreads;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's virtual threads under a scheduler that does next to nothing: one OS thread and a plain queue, nothing stolen,
 * counted or handed off. What a shape takes here, no scheduler of virtual threads can do without.
 */
final class Floor implements Tasks {
    private final VirtualThreads threads = VirtualThreads.on(this, this::resume, "floor", Stream::empty);

    /** Only the carrier's. */
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();

    private final ConcurrentLinkedQueue<Runnable> fromOutside = new ConcurrentLinkedQueue<>();
    private final Thread carrier = Thread.ofPlatform().daemon().name("floor").unstarted(this::carry);

    private volatile boolean closed;

    Floor() {
        carrier.start();
    }

    private void resume(Runnable continuation) {
        if (VirtualThreads.currentCarrier() == carrier) {
            ready.add(continuation);
        } else {
            fromOutside.add(continuation);
        }
    }

    private void carry() {
        while (!closed) {
            Runnable continuation = next();
            if (continuation != null) {
                continuation.run();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private @Nullable Runnable next() {
        Runnable continuation = ready.poll();
        return continuation != null ? continuation : fromOutside.poll();
    }

    @Override
    public <T> Future<T> start(Callable<T> job) {
        FutureTask<T> task = new FutureTask<>(job);
        threads.start(task);
        return task;
    }

    @Override
    public void yield() {
        Thread.yield();
    }

    @Override
    public Channels channels() {
        throw new UnsupportedOperationException("the floor is for shapes of tasks alone");
    }

    @Override
    public Tasks fresh() {
        return new Floor();
    }

    @Override
    public Tasks onOsThreads() {
        throw new UnsupportedOperationException("the floor is of virtual threads");
    }

    @Override
    public void close() {
        closed = true;
    }
}
