package dev.heddle.lab.experiment;

/**
 * What came of one experiment.
 *
 * @param experiment the experiment
 * @param findings what was measured
 * @param schedule in which order
 * @param standing whether the answer counts
 * @param sentences the answer, or why there is none
 * @param answer with its table and picture, which are shown in any case
 * @param nanos how long the experiment took
 */
public record Conclusion(
        Experiment experiment,
        Findings findings,
        Schedule schedule,
        Standing standing,
        String sentences,
        Answer answer,
        long nanos) {
    /** Whether an answer counts. */
    public enum Standing {
        /** It does. */
        ANSWERED,
        /** Other programs had too much of the machine, so what was measured says little. */
        NOISY,
        /** Everything was run, but so little of it that chance decides what it shows. */
        TOO_SMALL,
        /** Nothing was measured. */
        NOTHING,
        /** Something failed that should have worked. */
        FAILED
    }
}
