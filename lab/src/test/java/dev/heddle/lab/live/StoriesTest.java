package dev.heddle.lab.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.live.Control.Verb;
import dev.heddle.lab.report.Page;
import dev.heddle.lab.story.Step;
import dev.heddle.lab.story.Step.Choice;
import dev.heddle.lab.story.Stories;
import dev.heddle.lab.story.Story;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.jr.ob.JSON;

/** The stories as data: whole, within bounds, and short. What they do is in StoriesPageTest. */
class StoriesTest {
    private static final int LONGEST_TITLE = 50;
    private static final int LONGEST_TEXT = 220;
    private static final int LONGEST_ASK = 100;
    private static final int LONGEST_CHOICE = 50;

    static Stream<Step> steps() {
        return Stories.all().stream().flatMap(story -> story.steps().stream());
    }

    @Test
    void everyQuestionHasOneOfAFewSteps() {
        assertThat(Stories.all()).extracting(Story::question).containsExactly(Question.values());
        assertThat(Stories.all()).allSatisfy(story -> assertThat(story.steps()).hasSizeBetween(3, 5));
    }

    @Test
    void thePageReadsAllOfThem() throws Exception {
        List<Object> read = JSON.std.listFrom(Stories.json(Stories.all()));
        assertThat(read)
                .extracting(story -> ((Map<?, ?>) story).get("question"))
                .isEqualTo(Arrays.stream(Question.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aSceneSetsEveryControlOnceAndWithinItsBounds(Step step) {
        List<Control> scene = step.scene().stream().map(Control::parse).toList();
        assertThat(scene)
                .extracting(Control::verb)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Verb.values())
                        .filter(verb -> !verb.isDone() && verb != Verb.RECORDING) // which is for the reader to choose
                        .toList());
    }

    /** So a step is about one thing, and one model. */
    @ParameterizedTest
    @MethodSource("steps")
    void aChangeIsOfWhatTheSceneHasSetOtherwiseOrOneThingThatIsDone(Step step) {
        List<Control> change = step.change().stream().map(Control::parse).toList();
        assertThat(change)
                .isNotEmpty()
                .doesNotContainAnyElementsOf(
                        step.scene().stream().map(Control::parse).toList());
        if (change.stream().anyMatch(control -> control.verb().isDone())) {
            assertThat(change).hasSize(1);
        }
        if (change.getFirst().verb() == Verb.KILL) {
            assertThat(step.scene()).contains("model PROCESS");
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyValueBelongsToOneOfTwoToFourChoices(Step step) {
        assertThat(step.choices()).hasSizeBetween(2, 4);
        List<Double> bounds = step.choices().stream().map(Choice::below).toList();
        assertThat(bounds).isSorted().doesNotHaveDuplicates().allMatch(bound -> bound > 0);
        assertThat(bounds.getLast()).isInfinite();
        assertThat(bounds.subList(0, bounds.size() - 1)).doesNotContain(Double.POSITIVE_INFINITY);
        assertThat(step.choices().stream().filter(Choice::usual)).hasSizeLessThanOrEqualTo(1);
        assertThat(step.choices()).extracting(Choice::text).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void textsAreShortSentences(Step step) {
        assertThat(step.title()).hasSizeBetween(5, LONGEST_TITLE);
        assertThat(step.text()).hasSizeBetween(20, LONGEST_TEXT).endsWith(".");
        assertThat(step.because()).hasSizeBetween(20, LONGEST_TEXT).endsWith(".");
        assertThat(step.ask()).hasSizeBetween(10, LONGEST_ASK).endsWith("?");
        assertThat(step.choices())
                .allSatisfy(choice -> assertThat(choice.text()).hasSizeBetween(2, LONGEST_CHOICE));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void whereToLookIsAPlaceOnThePage(Step step) {
        assertThat(Page.resource(LivePage.class, "live.html")).contains("id=\"" + step.look() + "\"");
    }
}
