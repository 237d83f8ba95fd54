package dev.heddle.simulation;

/** Decides all that is open in an {@link Interleaving}. */
public interface Choices {
    /**
     * Others could go on, although the present actor can go on as well.
     *
     * @param others how many
     * @return 0 for the present actor, or which of the others, from 1
     */
    int preempt(int others);

    /**
     * One of several must be chosen.
     *
     * @param options how many
     * @return which, from 0
     */
    int choose(int options);

    /** {@return for how many nanoseconds the present actor is stopped where it is; mostly 0} */
    long stop();

    /** {@return whether a park ends for no reason} */
    boolean endsForNoReason();
}
