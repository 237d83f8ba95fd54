package dev.heddle.lab.live;

import dev.heddle.Action;
import dev.heddle.lab.live.Control.Verb;
import java.util.Map;

/**
 * A workload of the live page, in one open heddle. The tasks that take part count their rounds on the {@link Board}, and look there
 * whether they are to leave. All but {@link #figures} is for the thread that opened the heddle.
 */
interface LiveWork {
    /**
     * {@return the job of another task that takes part} It leaves when the board says so.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    Action another() throws InterruptedException;

    /** A task has ended without having been asked to; {@link #another} will be called for the one that takes its place. */
    default void lost(Action job) {}

    /** {@return whether the heddle must be another one for this control} */
    default boolean needsAnother(Verb verb) {
        return false;
    }

    /** Ends the waits of its tasks, after the board has told them to stop. */
    default void stop() {}

    /** {@return what it counts beside rounds, by what that is; may be called by any thread} */
    Map<String, Long> figures();

    /** {@return whether its tasks may come to wait for each other for ever} Then they are killed at the end. */
    default boolean mayStandStill() {
        return false;
    }

    /**
     * {@return whether its tasks wait for each other for ever} If they do, it is true from then on; it may be true for a moment where the
     * worker of a task was killed.
     */
    default boolean standsStill() {
        return false;
    }
}
