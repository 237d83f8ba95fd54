package dev.heddle.lab.story;

import dev.heddle.trace.Recording;
import java.util.List;

/**
 * What came out when a story was played.
 *
 * @param story which
 * @param steps what came out of each of its steps
 */
public record RecordedStory(Story story, List<RecordedStep> steps) {
    /** Makes it unmodifiable. */
    public RecordedStory {
        steps = List.copyOf(steps);
    }

    /**
     * What came out of a step.
     *
     * @param before states of the workload before the change, in JSON
     * @param after states after the change; if something was done, the last one before it first
     * @param recording of the scheduler's events, from shortly before the change on
     */
    public record RecordedStep(List<String> before, List<String> after, Recording recording) {
        /** Makes it unmodifiable. */
        public RecordedStep {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }
}
