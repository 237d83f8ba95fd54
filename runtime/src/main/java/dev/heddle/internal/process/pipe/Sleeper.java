package dev.heddle.internal.process.pipe;

import dev.heddle.internal.Parker;
import dev.heddle.internal.lock.HeldLocks;
import dev.heddle.internal.lock.Left;
import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.trace.TracedParker;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How a thread of a user sleeps at a {@link Doorbell}.
 *
 * <p>Problem: to sleep there is a native call, which no interrupt ends; and a virtual thread must not make it, since it would keep
 * its carrier, nor the owner of fibers, who has them to run. Rejected: to sleep in short turns and look for an interrupt in between;
 * one thread of each process that sleeps for all, which costs every element two switches of threads instead of one. Approach: an
 * OS thread sleeps itself, and the JDK rings for it if it is interrupted, as it does for one that waits for a connection. For the
 * others a thread is lent that sleeps in their place.
 *
 * <p>The race that matters: the thread is interrupted while it is about to sleep. It sets the bell's word, then looks whether it is
 * interrupted; who interrupts sets the flag, then rings.
 */
final class Sleeper {
    private static final long KEPT_SECONDS = 10;

    private static final Executor LENT = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("heddle-pipe-", 1).factory());

    private Sleeper() {}

    /**
     * Sleeps until the condition may hold, the calling thread is interrupted, or the time is over. An interrupt is left for the
     * caller to see.
     *
     * @param bell where
     * @param blocker what is waited for, for thread dumps
     * @param ready looked at again after each ring, perhaps by another thread than the caller's
     * @param nanos the longest time to sleep
     */
    static void sleep(Doorbell bell, Object blocker, BooleanSupplier ready, long nanos) {
        Parker parker = Parker.current();
        if (Thread.currentThread().isVirtual() || (parker != Parker.THREAD && !(parker instanceof TracedParker))) {
            new Loan(bell, ready, nanos).await(blocker);
            return;
        }
        Left locks = HeldLocks.leave(false);
        try {
            new Nap(bell).sleep(ready, nanos);
        } finally {
            if (locks != null) {
                locks.comeBack();
            }
        }
    }

    /** Sleep that an interrupt ends: for one, it is a channel that the JDK closes then. */
    private static final class Nap extends AbstractInterruptibleChannel {
        private final Doorbell bell;

        Nap(Doorbell bell) {
            this.bell = bell;
        }

        void sleep(BooleanSupplier ready, long nanos) {
            Thread me = Thread.currentThread();
            begin();
            try {
                bell.park(() -> me.isInterrupted() || ready.getAsBoolean(), nanos);
            } finally {
                awake();
            }
        }

        private void awake() {
            try {
                end(true);
            } catch (AsynchronousCloseException e) {
                // It was interrupted, and is so still.
            }
        }

        /** Called by who interrupts. */
        @Override
        protected void implCloseChannel() {
            bell.ring();
        }
    }

    /** A thread that sleeps for another one, which waits as it should. */
    private static final class Loan implements Runnable {
        private final Thread borrower = Thread.currentThread();
        private final Doorbell bell;
        private final BooleanSupplier ready;
        private final long nanos;
        private volatile boolean givenUp;
        private volatile boolean over;

        Loan(Doorbell bell, BooleanSupplier ready, long nanos) {
            this.bell = bell;
            this.ready = ready;
            this.nanos = nanos;
        }

        @Override
        public void run() {
            try {
                bell.park(() -> givenUp || ready.getAsBoolean(), nanos);
            } catch (CorruptFrameException e) {
                // The borrower finds it, too.
            } finally {
                over = true;
                Parker.wake(borrower);
            }
        }

        void await(Object blocker) {
            LENT.execute(this);
            try {
                Parker.await(blocker, () -> over, Parker.FOREVER);
            } catch (InterruptedException e) {
                givenUp = true;
                bell.ring();
                Parker.awaitInAnyCase(
                        blocker, () -> over); // the bell, and what the condition reads, are for one thread
                borrower.interrupt();
            }
        }
    }
}
