package dev.heddle.internal;

import dev.heddle.Action;
import dev.heddle.Job;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job made of something that is none. Serializable if its parts are: a Runnable that is not is reported as any other job.
 *
 * @param <T> the type of the result
 */
public sealed interface WrappedJob<T extends @Nullable Object> extends Job<T> {
    /** {@return what the user has written} */
    Object code();

    /**
     * {@return what the user has written, in whatever we have put it}
     *
     * @param job wrapped or not
     */
    static Object codeOf(Object job) {
        return job instanceof WrappedJob<?> wrapped ? wrapped.code() : job;
    }

    /**
     * A job without a result.
     *
     * @param code what to run
     */
    record OfAction(Action code) implements WrappedJob<@Nullable Void> {
        /** Rejects null. */
        public OfAction {
            Objects.requireNonNull(code, "action");
        }

        @Override
        public @Nullable Void call() throws Exception {
            code.run();
            return null;
        }
    }

    /**
     * A job whose result is known before.
     *
     * @param code what to run
     * @param result what it is then
     * @param <T> the type of the result
     */
    record OfRunnable<T>(Runnable code, @Nullable T result) implements WrappedJob<@Nullable T> {
        /** Rejects null. */
        public OfRunnable {
            Objects.requireNonNull(code, "job");
        }

        @Override
        public @Nullable T call() {
            code.run();
            return result;
        }
    }
}
