package dev.heddle.lab.experiment;

import java.util.List;

/**
 * What an experiment says.
 *
 * @param sentences one or two, computed
 * @param beliefs widespread beliefs that the measurement bears on
 * @param sheet the small table
 * @param picture what to draw
 */
public record Answer(String sentences, List<Belief> beliefs, Sheet sheet, Picture picture) {
    /**
     * A widespread belief.
     *
     * @param saying as people say it
     * @param holds whether it holds here
     * @param evidence the measurement that says so
     */
    public record Belief(String saying, boolean holds, String evidence) {}
}
