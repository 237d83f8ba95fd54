package dev.heddle.lab.story;

import java.util.List;

/**
 * One step of a story: it sets the controls, asks what a change of them will do, changes them, and compares what was expected with
 * what was measured.
 *
 * @param title a few words
 * @param text what runs, and what is going to be changed
 * @param scene what the controls are set to at first, all of them
 * @param change what is done once there is an answer: controls that are set, or one thing that is done such as {@code hog}
 * @param look which part of the live page shows it
 * @param ask the question
 * @param figure what the answer is about, one of those in story.js
 * @param comparison what about it
 * @param choices the answers, by value: all values belong to one of them
 * @param because why it usually comes out as it does
 * @param show more figures to look at afterwards
 */
public record Step(
        String title,
        String text,
        List<String> scene,
        List<String> change,
        String look,
        String ask,
        String figure,
        Comparison comparison,
        List<Choice> choices,
        String because,
        List<String> show) {

    /** What is computed of the figure before the change and that after it. */
    public enum Comparison {
        /** The second divided by the first. */
        RATIO,
        /** The second alone. */
        VALUE
    }

    /**
     * An answer.
     *
     * @param text in a few words
     * @param below it holds for all values below this one that no choice before it holds for; infinite for the last
     * @param usual whether it is what comes out usually, if there is such a thing
     */
    public record Choice(String text, double below, boolean usual) {}

    /** Makes it unmodifiable. */
    public Step {
        scene = List.copyOf(scene);
        change = List.copyOf(change);
        choices = List.copyOf(choices);
        show = List.copyOf(show);
    }
}
