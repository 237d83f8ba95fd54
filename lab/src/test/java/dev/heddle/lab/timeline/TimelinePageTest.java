package dev.heddle.lab.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Browser;
import dev.heddle.lab.report.Page;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens timelines from disk in a real browser, uses them as people do, and looks at what is drawn. */
class TimelinePageTest {
    private static final long MEGABYTE = 1_000_000;

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void openBrowser() throws IOException {
        browser = Browser.open(folder);
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @BeforeEach
    void asUsual() {
        browser.size(1200, 800);
        browser.dark(false);
    }

    @AfterEach
    void withoutAnError() {
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.number("document.querySelectorAll('#script-error').length"))
                .isZero();
    }

    private static void open(Recording recording) throws IOException {
        Path file = folder.resolve("timeline.html");
        TimelineHtml.write(recording, file);
        browser.go(file.toUri());
        browser.await("document.body.dataset.ready || document.getElementById('script-error')");
        assertThat(browser.evaluate("document.getElementById('script-error')?.textContent ?? ''"))
                .isEqualTo("");
        nextFrame();
    }

    private static void nextFrame() {
        browser.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /** A reader that waits for a writer, a hog that loses its processor, and a wait for the global lock. */
    private static Recording small() {
        return new Events()
                .start(0, 1, 0)
                .mount(0, 1, 0)
                .start(1_000, 2, 1)
                .unmount(10_000, 1, 0, Reason.CHANNEL)
                .mount(20_000, 2, 1)
                .add(49_000, Kind.SEND, 2, 1, 5)
                .wake(50_000, 1, 2)
                .start(50_000, 3, 2)
                .mount(60_000, 3, 0)
                .unmount(62_000, 2, 1, Reason.GLOBAL_LOCK)
                .add(70_000, Kind.HANDOFF, 3, 0, 0)
                .mount(80_000, 1, 1)
                .add(80_000, Kind.RECEIVE, 1, 1, 5)
                .end(90_000, 1, 1, TraceEvent.OK)
                .recording(100_000, 0);
    }

    @Test
    void onPaperItIsLight() throws Exception {
        browser.dark(true);
        open(small());
        String corner = "ctx.getImageData(canvas.width - 3, canvas.height - 3, 1, 1).data.slice(0, 3)";
        assertThat(browser.evaluate("String(" + corner + ")")).isEqualTo("29,33,38");
        assertThat(browser.print("[" + corner + ", canvas.clientWidth <= 700]")).isEqualTo("255,255,255,true");
        assertThat(browser.evaluate("String(" + corner + ")")).isEqualTo("29,33,38");
    }

    @Test
    void aCardSaysWhereItsTaskWasStartedAndWaited() throws Exception {
        open(new Events()
                .start(0, 1, 0)
                .add(0, Kind.STARTED_AT, 1, TraceEvent.NO_LANE, 0)
                .mount(0, 1, 0)
                .add(9_000, Kind.WAITS_AT, 1, 0, 1)
                .unmount(10_000, 1, 0, Reason.CHANNEL)
                .start(20_000, 2, 0)
                .recording(100_000, 0)
                .withStacks(List.of(List.of("Main.main(Main.java:3)"), List.of("<b>Job.run(J:9)", "Job.call(J:5)"))));
        browser.evaluate("openCard(0)");
        assertThat(browser.evaluate("[...card.querySelectorAll('h3, pre')].map(e => e.textContent).join('|')"))
                .isEqualTo(
                        "Was started at|Main.main(Main.java:3)|Last waited at|<b>Job.run(J:9)\nJob.call(J:5)|Its story");
        browser.evaluate("openCard(1)");
        assertThat(browser.number("card.querySelectorAll('pre').length")).isZero();
    }

    private static int pixel(BufferedImage picture, String kind, int id, long nanos, double down) {
        String row = "rows.find(r => r.kind === '" + kind + "' && r.id === " + id + ")";
        double x = browser.number("canvas.getBoundingClientRect().left + x(" + nanos + ")");
        double y = browser.number("canvas.getBoundingClientRect().top + middle(" + row + ") + " + down);
        return picture.getRGB((int) x, (int) y) & 0xffffff;
    }

    private static int colour(String name) {
        return Integer.parseInt(((String) browser.evaluate("css('" + name + "')")).substring(1), 16);
    }

    @Test
    void everyStateHasItsColourInItsPlaceInLightAndInDark() throws Exception {
        open(small());
        browser.key("x"); // arrows would be in front
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            nextFrame();
            nextFrame();
            BufferedImage picture = browser.screenshot();
            assertThat(pixel(picture, "task", 0, 5_000, 0)).isEqualTo(colour("RUNNING"));
            assertThat(pixel(picture, "task", 0, 30_000, 0)).isEqualTo(colour("CHANNEL"));
            assertThat(pixel(picture, "task", 0, 70_000, 0)).isEqualTo(colour("RUNNABLE"));
            assertThat(pixel(picture, "task", 0, 95_000, 0)).isEqualTo(colour("card"));
            assertThat(pixel(picture, "task", 1, 75_000, 0)).isIn(colour("GLOBAL_LOCK"), colour("GLOBAL_LOCK-2"));
            assertThat(pixel(picture, "task", 2, 85_000, 0)).isIn(colour("HANDED_OFF"), colour("HANDED_OFF-2"));
            assertThat(pixel(picture, "lane", 0, 9_000, 8)).isEqualTo(colour("RUNNING"));
            assertThat(pixel(picture, "lane", 0, 30_000, 8)).isEqualTo(colour("lane"));
            assertThat(pixel(picture, "lane", 1, 55_000, 8)).isEqualTo(colour("RUNNING"));
        }
        browser.dark(true);
        int inDark = colour("RUNNING");
        browser.dark(false);
        assertThat(colour("RUNNING")).isNotEqualTo(inDark);
    }

    @Test
    void hatchingTellsTwoStatesApartWithoutColour() throws Exception {
        open(small());
        browser.key("x");
        nextFrame();
        BufferedImage picture = browser.screenshot();
        long both = LongStream.range(0, 40)
                .map(i -> pixel(picture, "task", 1, 75_000 + i * 300, 0))
                .distinct()
                .count();
        assertThat(both).isEqualTo(2);
    }

    @Test
    void arrowsAreDrawnAndCanBeHidden() throws Exception {
        open(small());
        assertThat(browser.evaluate("canvas.dataset.arrows")).isEqualTo("4"); // two spawns, a wake, a send
        browser.key("x");
        nextFrame();
        assertThat(browser.evaluate("canvas.dataset.arrows")).isEqualTo("0");
        assertThat(browser.evaluate("document.getElementById('arrows').ariaPressed"))
                .isEqualTo("false");
    }

    @Test
    void theKeyboardAloneSuffices() throws Exception {
        open(small());
        browser.evaluate("document.getElementById('help').focus()");
        browser.key("Tab");
        assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("rows");

        double whole = browser.number("view.to - view.from");
        browser.key("+");
        browser.key("+");
        assertThat(browser.number("view.to - view.from")).isLessThan(whole / 2);
        double from = browser.number("view.from");
        browser.key("ArrowRight");
        assertThat(browser.number("view.from")).isGreaterThan(from);
        browser.key("ArrowLeft");
        browser.key("0");
        assertThat(browser.number("view.to - view.from")).isEqualTo(whole);

        browser.key("/");
        browser.type("writ");
        assertThat(browser.evaluate("document.getElementById('found').textContent"))
                .isEqualTo("1 found");
        browser.key("Enter");
        browser.key("Escape");
        assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("rows");
        assertThat(browser.evaluate("rows[view.row].text")).isEqualTo("Writer #2");
        browser.key(".");
        assertThat(browser.evaluate("document.getElementById('said').textContent"))
                .isEqualTo("Writer #2: running on carrier-1, 42 µs, from 20 µs");
        browser.key("ArrowUp");
        assertThat(browser.evaluate("document.getElementById('said').textContent"))
                .isEqualTo("Reader #1: waiting on a channel, 40 µs, from 10 µs");

        browser.key("Enter");
        assertThat(browser.evaluate("document.getElementById('card').hidden")).isEqualTo(false);
        assertThat((String) browser.evaluate("document.getElementById('card').textContent"))
                .contains("Reader #1", "ended at 90 µs: ok", "waiting on a channel", "was woken by Writer #2");
        assertThat(browser.evaluate("[...document.querySelectorAll('#card li button')]"
                        + ".map(line => [...line.childNodes].map(part => part.textContent).join(': ')).join('\\n')"))
                .isEqualTo("""
                        0 ns: ran on carrier-0 for 10 µs
                        10 µs: waited on a channel for 40 µs
                        50 µs: was woken by Writer #2
                        50 µs: waited for a processor for 30 µs
                        80 µs: ran on carrier-1 for 10 µs
                        90 µs: ended: ok""");
        browser.key("Escape");
        assertThat(browser.evaluate("document.getElementById('card').hidden")).isEqualTo(true);
        assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("rows");

        browser.key("?");
        assertThat(browser.evaluate("document.getElementById('keys').open")).isEqualTo(true);
        browser.key("Escape");
        browser.await("!document.getElementById('keys').open");
    }

    @Test
    void focusIsSeen() throws Exception {
        open(small());
        browser.evaluate("document.getElementById('help').focus()");
        browser.key("Tab");
        assertThat(browser.evaluate("getComputedStyle(canvas).outlineStyle")).isEqualTo("solid");
    }

    @Test
    void theMouseZoomsMovesAndOpensCards() throws Exception {
        open(small());
        double left = browser.number("canvas.getBoundingClientRect().left");
        double y = browser.number("canvas.getBoundingClientRect().top + middle(rows[rowOfTask[1]])");
        double whole = browser.number("view.to - view.from");
        browser.wheel(left + 600, y, -200);
        browser.await("view.to - view.from < " + whole * 0.9);
        double from = browser.number("view.from");
        browser.drag(left + 600, y, left + 500, y);
        assertThat(browser.number("view.from")).isGreaterThan(from);
        assertThat(browser.evaluate("document.getElementById('card').hidden")).isEqualTo(true);
        browser.click(left + 600, y);
        assertThat((String) browser.evaluate("document.getElementById('card').textContent"))
                .contains("Writer #2");
    }

    @Test
    void manyTasksAreFoldedAndFoundAllTheSame() throws Exception {
        open(SyntheticRecording.of(5, 2, 1_000, 20_000));
        assertThat(browser.number("rows.filter(r => r.kind === 'task').length")).isZero();
        double groups = browser.number("rows.filter(r => r.kind === 'group').length");
        assertThat(groups).isBetween(4.0, 200.0);
        browser.key("/");
        browser.type("#777");
        browser.key("Enter");
        browser.key("Escape");
        assertThat((String) browser.evaluate("rows[view.row].text")).endsWith("#777");
        assertThat(browser.number("rows.filter(r => r.kind === 'task').length")).isGreaterThanOrEqualTo(50);
        browser.evaluate("choose(rows.findIndex(r => r.kind === 'group' && view.open.has(r.id)))");
        browser.key("Enter");
        assertThat(browser.number("rows.filter(r => r.kind === 'task').length")).isZero();
    }

    @Test
    void aGroupsColourIsThatOfItsTasks() throws Exception {
        Events events = new Events();
        for (long task = 10; task < 310; task++) { // none of which ever runs
            events.start(0, task, 0);
        }
        open(events.recording(1_000_000, 0));
        BufferedImage picture = browser.screenshot();
        assertThat(pixel(picture, "group", 0, 500_000, 0)).isEqualTo(colour("RUNNABLE"));
        assertThat(pixel(picture, "group", 3, 100_000, 0)).isEqualTo(colour("RUNNABLE"));
    }

    @Test
    void whatWasLostIsSaidAndNamesAreOnlyText() throws Exception {
        open(new Events()
                .start(5, Events.HOSTILE, 0)
                .mount(10, Events.HOSTILE, 0)
                .recording(100, 1_234));
        assertThat((String) browser.evaluate("document.body.innerText"))
                .contains("1,234 earlier events were overwritten");
        assertThat((String) browser.evaluate("document.querySelector('#table tbody th').textContent"))
                .startsWith("<img");
        browser.evaluate("openCard(0)");
        assertThat((String) browser.evaluate("document.querySelector('#card h2').textContent"))
                .startsWith("<img");
        assertThat(browser.number("document.images.length")).isZero();
    }

    @Test
    void theTableSaysItWithoutAPicture() throws Exception {
        open(small());
        assertThat((String) browser.evaluate("document.querySelector('#table tbody').textContent"))
                .contains("Reader #1", "Writer #2", "Hog #3", "waiting on a channel", "not ended");
    }

    @Test
    void thePageAsksForNothingElse() throws Exception {
        open(small());
        assertThat(browser.number("performance.getEntriesByType('resource').length"))
                .isZero();
        assertThat((String) browser.evaluate("document.querySelector('meta[http-equiv]').content"))
                .startsWith("default-src 'none'");
    }

    @Test
    void anEmptyRecordingIsDrawnToo() throws Exception {
        open(new Events().recording(0, 0));
        browser.key("Tab");
        browser.evaluate("canvas.focus()");
        for (String key : new String[] {"+", "ArrowDown", "ArrowUp", "Enter", ".", "f", "0"}) {
            browser.key(key);
        }
        nextFrame();
    }

    @Test
    void aPhoneShowsTheSame() throws Exception {
        browser.size(390, 800);
        open(small());
        assertThat(browser.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(390);
        assertThat(pixel(browser.screenshot(), "task", 0, 30_000, 0)).isEqualTo(colour("CHANNEL"));
    }

    /** How fast it is, {@link TimelineSpeed} measures; a file of this size is a promise. */
    @Test
    @Timeout(600)
    void aMillionEventsAreAFileOfAtMost20Megabytes() throws Exception {
        open(SyntheticRecording.of(1, 4, 2_000, 1_000_000));
        assertThat(Files.size(folder.resolve("timeline.html"))).isLessThan(20 * MEGABYTE);
        assertThat(browser.number("model.from.length")).isGreaterThan(1_000_000);
    }

    @Test
    void theScriptStaysSmallEnoughToRead() {
        assertThat(Page.resource(TimelineHtml.class, "timeline.js").getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(40_000);
    }
}
