package dev.heddle.lab.story;

import dev.heddle.lab.timeline.TimelineHtml;
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
     * @param timeline what the scheduler did around the change, a picture for {@link TimelineHtml#frame}
     */
    public record RecordedStep(List<String> before, List<String> after, String timeline) {
        /** Makes it unmodifiable. */
        public RecordedStep {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }
}
