package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.lab.experiment.Turns;
import java.time.Duration;

/** Jobs that disturb those that take part, for two seconds. */
final class Nuisance {
    private static final Duration LENGTH = Duration.ofSeconds(2);

    private Nuisance() {}

    /** Computes without a pause, a checkpoint or a yield. */
    record Hog(Board board) implements Action {
        @Override
        public void run() {
            long x = 1;
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < LENGTH.toNanos() && !board.isStopped()) {
                x = Turns.run(x, Pace.TRIED);
            }
            if (x == 0) {
                throw new AssertionError("the generator never comes to 0");
            }
        }
    }

    /** Blocks its OS thread in a native call, as a library would that knows nothing of green threads. */
    record Block() implements Action {
        @Override
        public void run() {
            var _ = Native.USLEEP.with((int) LENGTH.toMillis() * 1_000); // shorter if a signal comes
        }
    }

    private static final class Native {
        static final NativeCall USLEEP = NativeCall.find("usleep").orElseThrow();
    }
}
