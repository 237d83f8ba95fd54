package dev.heddle.simulation;

import dev.heddle.internal.vthread.VirtualThreads;
import java.util.stream.Stream;

/**
 * Code in a virtual thread that is mounted on whoever has it go on, until it pauses or ends. So a simulated task of GREEN wakes
 * others just as a green thread does: in a virtual thread, with the carrier below it.
 */
public final class Coroutine {
    private static final VirtualThreads THREADS =
            VirtualThreads.on(Coroutine.class, Coroutine::handedOver, "coroutines", Stream::empty);

    /** The one that starts; the thread that starts it is called back with its continuation. */
    private static Coroutine starting;

    private Runnable continuation;
    private boolean ended;

    /** @param code must not throw */
    public Coroutine(Runnable code) {
        starting = this;
        THREADS.start(() -> {
            code.run();
            ended = true;
        });
    }

    /** It could go on: it does when its owner wants. */
    private static void handedOver(Runnable continuation) {
        if (starting != null) {
            starting.continuation = continuation;
            starting = null;
        }
    }

    /** Runs the code, on the calling OS thread, until it pauses or ends. */
    public void goOn() {
        continuation.run();
    }

    /** Pauses the coroutine in which the caller is, up to the next {@link #goOn}. */
    public static void pause() {
        Thread.yield();
    }

    /** {@return whether the code has returned} */
    public boolean hasEnded() {
        return ended;
    }
}
