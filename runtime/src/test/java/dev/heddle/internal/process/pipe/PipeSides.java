package dev.heddle.internal.process.pipe;

import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A pipe between threads of the test, each of which has a side of its own, as processes do. */
final class PipeSides {
    final MemorySegment memory = Arena.ofAuto().allocate(RingPipe.bytes(), 128);
    private final Doorbell.Kind kind;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    private record End(@Nullable Throwable cause) {}

    PipeSides(Doorbell.Kind kind) {
        this.kind = kind;
    }

    /** {@return what a process would have, that need not trust the other} */
    <E> RingPipe<E> side() {
        return new Side<>();
    }

    /** {@return what a process has that does not close the pipe: it learns of that by the mark only} */
    <E> RingPipe<E> farSide() {
        return new Side<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean isClosed() {
                return isMarkedClosed();
            }
        };
    }

    /** A close that has come half way: the process that closes knows, and the mark is not yet made. */
    void closeWithoutMark() {
        end.compareAndSet(null, new End(null));
    }

    private class Side<E> extends RingPipe<E> {
        private static final long serialVersionUID = 1L;

        Side() {
            super(memory, kind, false);
        }

        @Override
        public boolean isClosed() {
            return end.get() != null;
        }

        @Override
        public void close(@Nullable Throwable cause) {
            end.compareAndSet(null, new End(cause));
            markClosed();
        }

        @Override
        @Nullable
        protected Throwable cause() {
            End known = end.get();
            return known == null ? null : known.cause;
        }

        @Override
        protected Runnable waits() {
            return () -> {};
        }

        @Override
        long longestSleep() {
            return 10 * HeddleTest.LONG.toNanos(); // a wake-up that is lost fails the test
        }
    }
}
