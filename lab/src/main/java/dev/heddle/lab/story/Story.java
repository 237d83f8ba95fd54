package dev.heddle.lab.story;

import dev.heddle.lab.experiment.Question;
import java.util.List;

/**
 * A guided tour through one question.
 *
 * @param question which
 * @param steps in order
 * @param json itself, as the page reads it
 */
public record Story(Question question, List<Step> steps, String json) {
    /** Makes it unmodifiable. */
    public Story {
        steps = List.copyOf(steps);
    }
}
