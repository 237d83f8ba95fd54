package dev.heddle.lab.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Browser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens the page in a real browser and moves its controls by keyboard alone; the effect is what the workload's runtime says. */
@Timeout(180)
class LivePageTest {
    @TempDir
    static Path folder;

    private static Browser browser;

    private LiveRun run;
    private LivePage page;
    private Thread shows;

    @BeforeAll
    static void openBrowser() throws IOException {
        browser = Browser.open(folder);
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @BeforeEach
    void openPage() throws IOException {
        browser.size(1200, 900);
        run = LiveRun.start();
        page = LivePage.open(0, run);
        shows = Thread.ofPlatform().daemon().start(() -> {
            try {
                page.show();
            } catch (InterruptedException e) {
                return; // the test is over
            }
        });
        browser.go(page.address());
        browser.await("document.querySelectorAll('#throughput canvas').length == 1");
    }

    @AfterEach
    void closePage() throws InterruptedException {
        assertThat(browser.number("document.querySelectorAll('#script-error').length"))
                .isZero();
        assertThat(browser.errors()).isEmpty();
        browser.go(URI.create("about:blank")); // a page that is open would complain of the end
        shows.interrupt();
        shows.join();
        page.close();
        run.close();
    }

    /** Goes to a control as the Tab key does, and has the runtime's own figure come to be. */
    private static void focus(String control) {
        browser.evaluate("document.activeElement.blur()");
        for (int i = 0; i < 40; i++) {
            browser.key("Tab");
            if (control.equals(browser.evaluate("document.activeElement.id"))) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not come to " + control);
    }

    private static void awaitFigure(String name, String value) {
        browser.await("[...document.querySelectorAll('#stats tr')].some(row => row.cells[0].textContent == '" + name
                + "' && row.cells[1].textContent == '" + value + "')");
    }

    @Test
    void controlsAreMovedByKeyboard() {
        focus("processors");
        browser.key("Home");
        awaitFigure("processors", "1");
        browser.key("End");
        browser.await(
                "document.querySelector('output[for=processors]').textContent == document.getElementById('processors').max");
        focus("tasks");
        browser.key("ArrowUp");
        awaitFigure("tasks", "21");
        focus("model");
        browser.type("T");
        browser.await("document.getElementById('connection').textContent.startsWith('THREAD')");
        focus("lock");
        browser.type("5");
        browser.await("document.getElementById('lock').value == '5'");
        browser.await("[...document.querySelectorAll('#stats tr')].length > 5");
    }

    /** Waits until one of the runtime's own figures is so. */
    private static void awaitStat(String name, String condition) {
        browser.await("states.at(-1).stats." + name + " " + condition);
    }

    @Test
    void theShareOfComputingAndTheGlobalLockShowInTheRuntimesFigures() {
        focus("cpu");
        browser.key("Home");
        awaitStat("parked", "> 10");
        browser.key("End");
        browser.await("states.at(-1).cpu == 100 && states.at(-1).stats.running == states.at(-1).stats.processors");
        focus("lock");
        browser.type("1");
        awaitStat("lockForcedSwitches", "> 0");
        browser.key("ArrowUp"); // off
        awaitStat("lockHolds", "== 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"block", "hog"})
    void aNuisanceHasItsProcessorHandedOff(String button) {
        focus("processors");
        browser.key("Home");
        awaitStat("processors", "== 1");
        focus("cpu");
        browser.key("Home"); // nobody else computes
        int handoffs = (int) browser.number("states.at(-1).stats.handoffs");
        focus(button);
        browser.key("Enter");
        awaitStat("started", "== 21");
        awaitStat("handoffs", "> " + handoffs);
    }

    @Test
    void onlyProcessHasAWorkerToKill() {
        assertThat(browser.evaluate("document.getElementById('kill').disabled")).isEqualTo(true);
        focus("model");
        browser.type("P");
        browser.await("states.at(-1).model == 'PROCESS' && states.at(-1).throughput > 0");
        focus("kill");
        browser.key("Enter");
        awaitStat("completed", "== 1");
        awaitStat("started", "== 21");
        browser.await("document.getElementById('said').textContent.includes('was killed with its worker')");
    }

    private static final String FRAME = "document.getElementById('timeline').contentWindow";

    private static void awaitPictures(int n) {
        browser.await("Number(" + FRAME + ".document.body.dataset.fed ?? 0) >= " + n);
    }

    private static void awaitSaid(String beginning) {
        browser.await("document.getElementById('said').textContent.startsWith('" + beginning + "')");
    }

    @Test
    void everyWorkloadIsChosenByKeyboardAndDoesWhatItIsFor() {
        focus("workload");
        browser.type("a counter");
        browser.await("document.getElementById('workload').value == 'counter'");
        browser.await(
                "[...document.querySelectorAll('#stats tr')].some(row => row.cells[0].textContent == 'additions lost'"
                        + " && row.cells[1].textContent != '0')");
        browser.key("ArrowDown");
        awaitFigure("additions lost", "0");
        browser.key("ArrowDown");
        browser.await("document.getElementById('workload').value == 'philosophers'");
        awaitFigure("tasks", "5");
        awaitSaid("a deadlock: ");
        browser.key("ArrowDown");
        browser.await("document.getElementById('workload').value == 'philosophers-ordered'");
        browser.await("document.getElementById('said').textContent == ''");
        browser.await("document.getElementById('connection').textContent.includes(' rounds a second')");
    }

    @Test
    void theTimelineFlowsUntilItIsHeldOrNotRecorded() {
        awaitPictures(2);
        // The last second has tasks of the test before, such as a hog, until it is over.
        browser.await(
                "/^GREEN: the last .* 20 tasks$/.test(" + FRAME + ".document.getElementById('context').textContent)");
        assertThat(browser.number(FRAME + ".document.querySelectorAll('#script-error').length"))
                .isZero();
        // What is chosen stays chosen while the picture flows.
        browser.evaluate("document.getElementById('timeline').focus()");
        browser.evaluate(FRAME + ".document.getElementById('rows').focus()");
        for (int i = 0; i < 5; i++) {
            browser.key("PageDown"); // to the last row, which is a task
        }
        Object chosen = browser.evaluate(FRAME + ".document.getElementById('rows').dataset.row");
        awaitPictures((int) browser.number(FRAME + ".document.body.dataset.fed * 1") + 2);
        assertThat(browser.evaluate(FRAME + ".document.getElementById('rows').dataset.row"))
                .isEqualTo(chosen);
        // Its card holds the picture, and closing the card lets it flow.
        browser.key("Enter");
        browser.await(FRAME + ".document.getElementById('card').hidden == false");
        assertThat(browser.evaluate(FRAME + ".document.getElementById('hold').getAttribute('aria-pressed')"))
                .isEqualTo("true");
        browser.key("Escape");
        assertThat(browser.evaluate(FRAME + ".document.getElementById('hold').getAttribute('aria-pressed')"))
                .isEqualTo("false");
        browser.key("h");
        assertThat(browser.evaluate(FRAME + ".document.getElementById('hold').getAttribute('aria-pressed')"))
                .isEqualTo("true");
        Object held = browser.evaluate(FRAME + ".document.body.dataset.fed");
        int states = (int) browser.number("states.length");
        browser.await("states.length > " + (states + 15));
        assertThat(browser.evaluate(FRAME + ".document.body.dataset.fed")).isEqualTo(held);
        browser.key("h");
        awaitPictures(Integer.parseInt((String) held) + 1);

        focus("recording");
        browser.key(" ");
        browser.await("document.getElementById('timeline').hidden && !document.getElementById('unrecorded').hidden");
        browser.key(" ");
        browser.await("!document.getElementById('timeline').hidden");
        awaitPictures((int) browser.number(FRAME + ".document.body.dataset.fed * 1") + 1);
    }

    @Test
    void nothingIsDrawnWhileThePageIsHidden() {
        awaitPictures(1);
        browser.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
        browser.await("states.length > 0");
        int states = (int) browser.number("states.length");
        browser.await("states.length > " + (states + 3)); // one that was being read has been drawn
        Object drawn = browser.evaluate(FRAME + ".document.body.dataset.fed");
        browser.await("states.length > " + (states + 20));
        assertThat(browser.evaluate(FRAME + ".document.body.dataset.fed")).isEqualTo(drawn);
        browser.evaluate("delete document.hidden");
        awaitPictures(Integer.parseInt((String) drawn) + 1);
    }

    @Test
    void theFourModelsAreShownBesideEachOther() {
        focus("compare");
        browser.key("Enter");
        browser.await("document.getElementById('compare').textContent == 'Stop'");
        browser.await("document.querySelectorAll('#models th[scope=col]').length == 4");
        assertThat(browser.evaluate("[...document.querySelectorAll('#models th')].map(th => th.textContent).join()"))
                .isEqualTo(
                        "PROCESS,THREAD,GREEN,FIBER,rounds per second,time of a round, p50,p99,CPUs busy,OS threads,memory");
        assertThat(
                        browser.evaluate(
                                "[...document.querySelectorAll('#models td')].slice(1).every(td => /[1-9]/.test(td.textContent))"))
                .isEqualTo(true);
        assertThat(browser.number("document.querySelectorAll('#models i').length"))
                .isEqualTo(24);
        browser.await("document.getElementById('model').value == 'GREEN'"
                + " && document.getElementById('compare').textContent == 'All four models'");
        assertThat(browser.evaluate("document.getElementById('comparing').textContent"))
                .isEqualTo("All four were measured.");
        focus("compare");
        browser.key("Enter");
        browser.await("document.getElementById('compare').textContent == 'Stop'");
        browser.key("Enter");
        browser.await("document.getElementById('compare').textContent == 'All four models'");
    }

    @Test
    void thePageSaysThatTheRunCannotBeReached() {
        page.close();
        browser.await("document.getElementById('connection').classList.contains('lost')");
        assertThat(browser.evaluate("document.getElementById('connection').textContent"))
                .asString()
                .contains("cannot be reached");
        assertThat(shows.isAlive()).as("the workload goes on").isTrue();
        browser.go(URI.create("about:blank"));
        browser.forgetErrors(); // that it could not be reached
    }

    @Test
    void thePageGoesOnWhenTheServerComesBack() throws Exception {
        shows.interrupt();
        shows.join();
        page.close();
        browser.await("document.getElementById('connection').classList.contains('lost')");
        String token = page.address().getPath().replace("/", "");
        int port = page.address().getPort();
        try (LiveServer again = LiveServer.open(port, token, LivePage.files(), run::control, LiveServer.GRACE)) {
            shows = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (true) {
                        again.publish(run.next());
                    }
                } catch (InterruptedException e) {
                    return; // the test is over
                }
            });
            browser.await("!document.getElementById('connection').classList.contains('lost')");
            focus("tasks");
            browser.key("ArrowUp");
            awaitFigure("tasks", "21");
            shows.interrupt();
            shows.join();
            browser.go(URI.create("about:blank"));
            browser.forgetErrors(); // that it could not be reached meanwhile
        }
    }

    @Test
    void theRunEndsWhenThePageHasBeenClosed() throws InterruptedException {
        browser.go(URI.create("about:blank"));
        shows.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(shows.isAlive()).isFalse();
    }
}
