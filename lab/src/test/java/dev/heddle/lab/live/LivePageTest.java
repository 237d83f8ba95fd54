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

    @Test
    void aButtonDoesWhatItSays() {
        focus("block");
        browser.key("Enter");
        browser.await("[...document.querySelectorAll('#stats tr')].some(row => row.cells[0].textContent == 'handoffs'"
                + " && row.cells[1].textContent != '0')");
    }

    @Test
    void thePageSaysThatTheRunCannotBeReached() {
        page.close();
        browser.await("document.getElementById('connection').classList.contains('lost')");
        assertThat(browser.evaluate("document.getElementById('connection').textContent"))
                .asString()
                .contains("cannot be reached");
        browser.forgetErrors(); // that it could not be reached
        assertThat(shows.isAlive()).as("the workload goes on").isTrue();
    }

    @Test
    void theRunEndsWhenThePageHasBeenClosed() throws InterruptedException {
        browser.go(URI.create("about:blank"));
        shows.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(shows.isAlive()).isFalse();
    }
}
