package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.Measurer;

/** What a cell runs. */
public interface Subject {
    /**
     * Begins to start it, and does not wait until it is ready.
     *
     * @return it, being started; to be closed
     * @throws MeasureException if it cannot be started; {@link MeasureException.Kind#UNAVAILABLE} where something is to be
     *     installed, and the message says what
     */
    Running start() throws MeasureException;

    /** {@return whether it becomes faster by repeating; not if each repetition is a program that starts anew} */
    default boolean warmsUp() {
        return true;
    }

    /** {@return in a few words what runs, for those who read the JSON} */
    String describe();

    /** A subject that has been started. For one thread at a time. */
    interface Running extends Measurer, AutoCloseable {
        /**
         * Waits until it can be measured.
         *
         * @return the JVM that is measured, or {@link Jvm#NONE}
         * @throws MeasureException if it cannot be
         * @throws InterruptedException if the calling thread was interrupted
         */
        Jvm await() throws MeasureException, InterruptedException;

        @Override
        void close();
    }
}
