package dev.heddle.lab.experiment;

import java.util.List;

/**
 * A question to this machine. An implementation is one file: what is measured, under which circumstances, and what
 * follows from what was found. {@link Experiments} lists them.
 *
 * <p>Implementations have no state. What they measure runs in other processes, see {@link Subject}.
 */
public interface Experiment {
    /** {@return which question it helps to answer} */
    Question question();

    /** {@return its name, in lower case, unique among all} */
    String name();

    /** {@return one line without a full stop: what is done, and what is measured} */
    String measures();

    /**
     * @param scale how much to do
     * @return what to measure, each with another label; the same for the same scale
     */
    List<Cell> cells(Scale scale);

    /**
     * @param scale how much to do
     * @return how often each cell is measured; seven times, so that one slow repetition, which is common, leaves the interval of the median
     *     where it is, as it does not with five
     */
    default int rounds(Scale scale) {
        return scale.pick(1, 7, 21);
    }

    /** {@return whether a repetition takes a time that is given, so that no warm-up can show by getting no faster that it is enough} */
    default boolean lastsGivenTime() {
        return false;
    }

    /** {@return whether the answer is about times, so that cells are warmed up and a noisy machine spoils it} */
    default boolean isTimed() {
        return true;
    }

    /** {@return what two runs of a timed experiment are compared by; more is better of a rate, and worse of all else} */
    default Quantity quantity() {
        return Quantity.TIME;
    }

    /**
     * Computes the answer from what was measured, and from nothing else. Cells may be missing.
     *
     * @param findings what was measured
     * @return what it says
     */
    Answer judge(Findings findings);

    /** {@return two or three sentences for somebody who sees the picture for the first time} */
    String howToRead();
}
