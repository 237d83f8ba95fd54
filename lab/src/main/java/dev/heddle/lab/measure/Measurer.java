package dev.heddle.lab.measure;

/** What can be measured again and again, by one thread at a time. */
public interface Measurer {
    /**
     * Measures one repetition.
     *
     * @return what was measured
     * @throws MeasureException if it failed; the message says why
     * @throws InterruptedException if the calling thread was interrupted
     */
    Sample measure() throws MeasureException, InterruptedException;
}
