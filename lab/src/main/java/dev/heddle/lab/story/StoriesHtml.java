package dev.heddle.lab.story;

import static dev.heddle.lab.report.Page.escape;

import dev.heddle.lab.report.Page;
import dev.heddle.lab.story.RecordedStory.RecordedStep;
import dev.heddle.lab.timeline.TimelineHtml;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.jr.ob.JSON;

/**
 * Stories that were played, as one page that needs nothing but itself: the same tours, with the states and the timeline that were
 * recorded in the place of a workload. The timeline is the page of {@link TimelineHtml}, in a frame.
 */
public final class StoriesHtml {
    private StoriesHtml() {}

    /**
     * {@return the page}
     *
     * @param stories what was recorded
     * @param context where and when, for the reader
     */
    public static String page(List<RecordedStory> stories, String context) {
        return Page.fill(
                        Page.resource(StoriesHtml.class, "stories.html"),
                        Map.of(
                                "/*story.css*/",
                                Page.resource(StoriesHtml.class, "story.css"),
                                "/*stories.css*/",
                                Page.resource(StoriesHtml.class, "stories.css"),
                                "/*story.js*/",
                                Page.resource(StoriesHtml.class, "story.js"),
                                "/*stories.js*/",
                                Page.resource(StoriesHtml.class, "stories.js"),
                                "<!--context-->",
                                escape(context)))
                .replace("/*data*/", data(stories).replace("<", "\\u003c")); // last: it may hold any text
    }

    /** {@return JSON: the stories; for each step of each the states and the timeline; and what all timelines share} */
    private static String data(List<RecordedStory> stories) {
        return "{\"stories\":"
                + Stories.json(stories.stream().map(RecordedStory::story).toList())
                + ",\"played\":"
                + list(stories.stream()
                        .map(story -> list(
                                story.steps().stream().map(StoriesHtml::step).toList()))
                        .toList())
                + ",\"frame\":" + JSON.std.asString(TimelineHtml.frame()) + "}";
    }

    private static String step(RecordedStep step) {
        return "{\"before\":" + list(step.before()) + ",\"after\":" + list(step.after()) + ",\"timeline\":"
                + JSON.std.asString(step.timeline()) + "}";
    }

    private static String list(List<String> items) {
        return items.stream().collect(Collectors.joining(",", "[", "]"));
    }
}
