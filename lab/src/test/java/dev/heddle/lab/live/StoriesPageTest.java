package dev.heddle.lab.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Browser;
import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.story.RecordedStory;
import dev.heddle.lab.story.Step;
import dev.heddle.lab.story.Stories;
import dev.heddle.lab.story.StoriesHtml;
import dev.heddle.lab.story.Story;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plays the stories in a real browser, by keyboard alone: on the live page, where the states that come say whether the controls were
 * set, and from a file. So little time is measured here that what comes out may be anything; what is said of it must fit.
 */
@Timeout(120)
class StoriesPageTest {
    private static final double SETTLE = 0.15;
    private static final double WATCH = 0.25;

    private static final int WIDE = 1400;
    private static final int PHONE = 390;
    private static final int HEIGHT = 900;

    /** Where pictures are kept. */
    private static final Path PICTURES = Path.of("target", "stories");

    @TempDir
    static Path folder;

    private static Browser browser;
    private static LiveRun run;
    private static LivePage page;
    private static Thread shows;

    @BeforeAll
    static void open() throws IOException {
        Files.createDirectories(PICTURES);
        browser = Browser.open(folder);
        run = LiveRun.start();
        page = LivePage.open(0, run);
        shows = Thread.ofPlatform().daemon().start(() -> {
            try {
                page.show();
            } catch (InterruptedException e) {
                return; // the tests are over
            }
        });
    }

    @AfterAll
    static void close() throws InterruptedException {
        shows.interrupt();
        shows.join();
        page.close();
        run.close();
        browser.close();
    }

    @AfterEach
    void withoutAnError() {
        assertThat(browser.evaluate("document.getElementById('script-error')?.textContent ?? ''"))
                .isEqualTo("");
        assertThat(browser.errors()).isEmpty();
    }

    private static String text(String selector) {
        return (String) browser.evaluate("document.querySelector('" + selector + "')?.textContent ?? ''");
    }

    private static void picture(String name) throws IOException {
        ImageIO.write(
                browser.screenshot(), "png", PICTURES.resolve(name + ".png").toFile());
    }

    /** Goes on with the Tab key until the focus is on what is meant. */
    private static void tabTo(String selector) {
        for (int i = 0; i < 60; i++) {
            browser.key("Tab");
            if (Boolean.TRUE.equals(browser.evaluate("document.activeElement.matches('" + selector + "')"))) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not come to " + selector);
    }

    private static void begin(Question question) {
        browser.await("document.querySelectorAll('#story .menu button').length > 0");
        browser.evaluate("document.activeElement.blur()");
        tabTo("#story .menu button");
        while (!((String) browser.evaluate("document.activeElement.textContent")).startsWith(question + ":")) {
            browser.key("Tab");
        }
        browser.key("Enter");
    }

    /** Answers the question of the step that is shown, with the choice of that index, and waits for what comes out. */
    private static void answer(int choice) {
        assertThat(browser.evaluate("document.activeElement.tagName"))
                .as("the focus is on the step's heading")
                .isEqualTo("H3");
        tabTo("#story input");
        for (int i = 0; i < choice; i++) {
            browser.key("ArrowDown");
        }
        if (choice == 0) {
            browser.key(" ");
        }
        browser.key("Enter");
        browser.await("document.querySelector('#story .next, #story .said button')");
        assertThat(text("#story .said button")).as(text("#story .said")).isEmpty();
    }

    /** What is said must follow from the numbers that the page has. */
    private static void verify(Step step, int chosen) {
        String said = text("#story .said");
        int came = (int)
                browser.number("[...document.querySelectorAll('#story label')].findIndex(l => l.matches('.came'))");
        assertThat(said).contains("That is “" + step.choices().get(came).text() + "”");
        assertThat(said.contains(", as you said."))
                .as("chosen %d, came %d: %s", chosen, came, said)
                .isEqualTo(came == chosen);
        boolean otherwise = step.choices().stream().anyMatch(Step.Choice::usual)
                && !step.choices().get(came).usual();
        assertThat(said.contains("On this machine, now, it came out otherwise than usual"))
                .isEqualTo(otherwise);
        assertThat(said).contains(step.because());
        assertThat(browser.number("document.querySelectorAll('#story tbody tr').length"))
                .isGreaterThanOrEqualTo(1);
        assertThat(text("#story tbody")).doesNotContain("NaN", "undefined", "Infinity");
    }

    private static void openLive() {
        browser.size(WIDE, HEIGHT);
        browser.go(page.address());
        browser.await("states.length > 0");
        browser.evaluate("pace.settle = " + SETTLE + "; pace.watch = " + WATCH);
    }

    @ParameterizedTest
    @EnumSource
    void aStoryIsPlayedToItsEndByKeyboardOnTheLivePage(Question question) throws Exception {
        openLive();
        Story story = Stories.of(question);
        begin(question);
        for (int at = 0; at < story.steps().size(); at++) {
            Step step = story.steps().get(at);
            assertThat(text("#story h3")).isEqualTo(step.title());
            int chosen = at % step.choices().size();
            answer(chosen);
            verify(step, chosen);
            List<String> now = new ArrayList<>(step.scene());
            for (String control : step.change()) {
                now.removeIf(line -> line.split(" ")[0].equals(control.split(" ")[0]));
                now.add(control);
            }
            LiveState state = LiveState.read(0, (String) browser.evaluate("JSON.stringify(states.at(-1))"));
            assertThat(now.stream().map(Control::parse).filter(control -> control.verb() != Control.Verb.TASKS))
                    .as(state.json())
                    .allMatch(state::is);
            if (at == 1) {
                picture(question.toString());
            }
            assertThat(browser.evaluate("document.activeElement.matches('#story .next')"))
                    .isEqualTo(true);
            browser.key("Enter");
        }
        assertThat(text("#story h3"))
                .matches("You foresaw \\d of " + story.steps().size());
    }

    @Test
    void escapeLeavesAStoryAndTheMenuHasTheFocusWhereItWas() {
        openLive();
        begin(Question.Q6);
        browser.key("Escape");
        assertThat((String) browser.evaluate("document.activeElement.textContent"))
                .startsWith("Q6:");
        assertThat(browser.evaluate("document.querySelectorAll('.looked-at').length"))
                .isEqualTo(0);
    }

    @Test
    void aControlThatWasMovedMeanwhileIsNoticed() {
        openLive();
        browser.evaluate("pace.watch = 2");
        begin(Question.Q1);
        tabTo("#story input");
        browser.key(" ");
        browser.key("Enter");
        browser.await("states.at(-1).tasksAsked == 2 && sending");
        browser.evaluate("send('cpu 0')");
        browser.await("document.querySelector('#story .said button')");
        assertThat(text("#story .said")).contains("A control was moved meanwhile");
        assertThat(browser.evaluate("document.activeElement.textContent")).isEqualTo("Again");
    }

    @Test
    void recordedTheyArePlayedFromAFileWithoutANetwork() throws Exception {
        StoryRecorder recorder = new StoryRecorder(
                Duration.ofNanos((long) (SETTLE * 1e9)), Duration.ofNanos((long) (WATCH * 1e9)), line -> {});
        RecordedStory recorded = recorder.record(Stories.of(Question.Q4));
        Path file = folder.resolve("stories.html");
        Files.writeString(file, StoriesHtml.page(List.of(recorded), "Recorded by a test."));
        browser.offline(true);
        try {
            playFromFile(file, recorded, WIDE, false);
            playFromFile(file, recorded, PHONE, true);
        } finally {
            browser.offline(false);
            browser.dark(false);
        }
        assertThat(text("#all"))
                .contains(recorded.story().steps().getLast().because())
                .contains("That is “");
    }

    private static void playFromFile(Path file, RecordedStory recorded, int width, boolean isDark) throws IOException {
        Story story = recorded.story();
        browser.size(width, HEIGHT);
        browser.dark(isDark);
        browser.go(file.toUri());
        begin(story.question());
        for (int at = 0; at < story.steps().size(); at++) {
            Step step = story.steps().get(at);
            assertThat(browser.number("document.querySelectorAll('iframe').length"))
                    .as("nothing is shown before the answer")
                    .isZero();
            int chosen = step.choices().size() - 1;
            answer(chosen);
            verify(step, chosen);
            browser.await("document.querySelector('iframe').contentDocument?.body?.dataset.ready");
            assertThat(browser.evaluate(
                            "document.querySelector('iframe').contentDocument.getElementById('context').textContent"))
                    .asString()
                    .matches("[A-Z]+: the last .*, [1-9].* tasks");
            assertThat(browser.number("document.documentElement.scrollWidth"))
                    .as("nothing goes beyond the edge")
                    .isLessThanOrEqualTo(width);
            if (at == 1) {
                picture(story.question() + "-recorded-" + width);
            }
            browser.key("Enter");
        }
        assertThat(text("#story h3")).startsWith("You foresaw ");
    }
}
