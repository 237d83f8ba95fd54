package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.lab.experiment.Turns;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
            var _ = Native.sleep((int) LENGTH.toMillis() * 1_000); // shorter if a signal comes
        }
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
