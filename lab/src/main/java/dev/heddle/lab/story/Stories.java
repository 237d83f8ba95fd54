package dev.heddle.lab.story;

import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.report.Page;
import dev.heddle.lab.story.Step.Choice;
import dev.heddle.lab.story.Step.Comparison;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.jr.ob.JSON;

/** The stories, read from their resources. */
public final class Stories {
    private Stories() {}

    /** {@return one for each question, in order} */
    public static List<Story> all() {
        return Arrays.stream(Question.values()).map(Stories::of).toList();
    }

    /**
     * {@return the story of a question}
     *
     * @throws IllegalStateException if its resource is missing, or lacks something
     */
    public static Story of(Question question) {
        String name = question.name().toLowerCase(Locale.ROOT) + ".json";
        String json = Page.resource(Stories.class, name);
        try {
            Map<?, ?> read = JSON.std.mapFrom(json);
            return new Story(
                    Question.valueOf(text(read, "question")),
                    list(read, "steps").stream().map(Stories::step).toList(),
                    json);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the story " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the stories as the page reads them: a list in JSON} */
    public static String json(List<Story> stories) {
        return stories.stream().map(Story::json).collect(Collectors.joining(",", "[", "]"));
    }

    private static Step step(Object of) {
        Map<?, ?> step = (Map<?, ?>) of;
        return new Step(
                text(step, "title"),
                text(step, "text"),
                controls(step, "scene"),
                controls(step, "change"),
                text(step, "look"),
                text(step, "ask"),
                text(step, "figure"),
                Comparison.valueOf(text(step, "comparison").toUpperCase(Locale.ROOT)),
                list(step, "choices").stream().map(Stories::choice).toList(),
                text(step, "because"),
                list(step, "show").stream().map(String.class::cast).toList());
    }

    private static Choice choice(Object of) {
        Map<?, ?> choice = (Map<?, ?>) of;
        return new Choice(
                text(choice, "text"),
                choice.get("below") instanceof Number below ? below.doubleValue() : Double.POSITIVE_INFINITY,
                Boolean.TRUE.equals(choice.get("usual")));
    }

    /** Controls are written as people read them, on one line: {@code model GREEN, processors 1}. */
    private static List<String> controls(Map<?, ?> map, String name) {
        return List.of(text(map, name).split(", "));
    }

    private static String text(Map<?, ?> map, String name) {
        return (String) require(map, name);
    }

    private static List<?> list(Map<?, ?> map, String name) {
        return (List<?>) require(map, name);
    }

    private static Object require(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no " + name + " in " + map);
        }
        return value;
    }
}
