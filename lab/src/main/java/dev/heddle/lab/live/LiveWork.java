package dev.heddle.lab.live;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.Heddle;
import dev.heddle.lab.experiment.Turns;
import java.io.Serializable;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What the tasks of the live page do. There are as many messages as tasks, in one channel. In a round a task takes a message,
 * computes for a part of a millisecond, waits for the rest of it, and sends the message on; so a task can go on as long as there
 * is a message, whoever else runs or not. The time of a round is that from when its message was sent until it is sent on: a
 * millisecond, and what the message and the task had to wait for others.
 *
 * @param board the controls and counts
 * @param messages each is when it was sent, of {@link System#nanoTime}, which on Linux all processes share
 * @param turns of a generator that take a millisecond, if nobody else computes
 */
record LiveWork(Board board, Channel<Long> messages, long turns) implements Serializable {
    /** How long a hog computes, and a blocked task blocks. */
    static final Duration NUISANCE = Duration.ofSeconds(2);

    private static final long ROUND_NANOS = 1_000_000;
    private static final int PERCENT = 100;

    /** Turns between two checkpoints: some 50 microseconds. */
    private static final int CHUNKS = 20;

    /** How many turns are tried at a time to find out how many take a millisecond, and for how long. */
    private static final long TRIED = 50_000;

    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** {@return how many turns take a millisecond on this machine} Takes a third of a second. */
    static long turnsOfARound() {
        long fastest = Long.MAX_VALUE;
        long x = 1;
        long begun = System.nanoTime();
        long now = begun;
        while (now - begun < TRY_NANOS) {
            long start = now;
            x = Turns.run(x, TRIED);
            now = System.nanoTime();
            fastest = Math.min(fastest, now - start);
        }
        if (x == 0) {
            throw new AssertionError("the generator never comes to 0");
        }
        return Math.max(1, TRIED * ROUND_NANOS / Math.max(1, fastest));
    }

    /** Takes part until there are too many tasks, or all is stopped. */
    void rounds() throws InterruptedException {
        long x = 1;
        try {
            while (!board.isStopped()) {
                long sent = messages.receive();
                if (board.takeSurplus()) {
                    return; // and the message is gone with it
                }
                long cpu = board.cpu();
                x = compute(x, turns * cpu / PERCENT);
                if (cpu < PERCENT) {
                    Heddle.sleep(Duration.ofNanos(ROUND_NANOS * (PERCENT - cpu) / PERCENT));
                }
                long now = System.nanoTime();
                board.count(now - sent);
                messages.send(now);
                Heddle.yield(); // a fiber that finds a message each time would have nobody else run
            }
        } catch (ChannelClosedException e) {
            return; // all is stopped
        }
    }

    private static long compute(long start, long turns) {
        long x = start;
        long chunk = Math.max(1, turns / CHUNKS);
        for (long left = turns; left > 0; left -= chunk) {
            x = Turns.run(x, Math.min(left, chunk));
            Heddle.checkpoint();
        }
        return x;
    }

    /** Computes without a pause, a checkpoint or a yield. */
    long hog() {
        long x = 1;
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < NUISANCE.toNanos() && !board.isStopped()) {
            x = Turns.run(x, TRIED);
        }
        return x;
    }

    /** Blocks its OS thread in a native call, as a library would that knows nothing of green threads. */
    int block() {
        return Native.sleep((int) NUISANCE.toMillis() * 1_000);
    }

    private static final class Native {
        private static final MethodHandle USLEEP = usleep();

        @SuppressWarnings("restricted") // a call of the C library
        private static MethodHandle usleep() {
            return Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("usleep"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }

        static int sleep(int micros) {
            try {
                return (int) USLEEP.invokeExact(micros);
            } catch (Throwable t) {
                throw new AssertionError("a downcall throws nothing", t);
            }
        }
    }
}
