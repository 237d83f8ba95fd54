package dev.heddle.lab.report;

import static dev.heddle.lab.measure.Rows.finding;
import static dev.heddle.lab.measure.Rows.result;
import static dev.heddle.lab.measure.Rows.row;
import static dev.heddle.lab.measure.Rows.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.lab.Browser;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens reports from disk in a real browser and looks at what it made of them. */
class ChromiumTest {
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

    /** The page as the browser has it after its scripts have run, without these. */
    private static String dom(String page) throws IOException {
        browser.go(Files.writeString(folder.resolve("report.html"), page).toUri());
        String dom = (String) browser.evaluate("document.documentElement.outerHTML");
        return dom.replaceAll("(?s)<(script|style)[ >].*?</\\1>", "");
    }

    private static int count(String pattern, String text) {
        return (int) Pattern.compile(pattern).matcher(text).results().count();
    }

    @Test
    void everyPlotIsDrawn() throws Exception {
        String dom = dom(HtmlReport.page(result(
                table("digest", row(Model.GREEN, 10, 11, 12), row(Model.FIBER, 20, 21, 20)),
                table("far apart", row(Model.PROCESS, 4_000, 5_000), row(Model.GREEN, 10, 11)), // logarithmic
                table("one", row(Model.THREAD, 10)),
                table("counter", finding(Model.THREAD, -1, 0, 2_000), finding(Model.FIBER, 0, 0, 0)))));
        assertThat(dom).doesNotContain("script-error");
        assertThat(count("data-drawn=\"\\d\"", dom)).isEqualTo(4);
        assertThat(count("<canvas", dom)).isEqualTo(4);
        assertThat(dom).contains("Logarithmic axis.");
    }

    @Test
    void aTableWithoutMeasurementsHasNoPlotAndNoError() throws Exception {
        Row missing = new Row(
                Model.GREEN,
                2,
                Jvm.NONE,
                0,
                List.of(),
                Optional.of("no flag"),
                Optional.empty(),
                Optional.empty(),
                List.of());
        String dom = dom(HtmlReport.page(result(table("digest", missing))));
        assertThat(dom).doesNotContain("script-error", "<canvas").contains("GREEN is not available here: no flag");
    }

    /** The test before would be worth nothing if it could not fail. */
    @Test
    void anErrorInTheScriptShows() throws Exception {
        Result result = result(table("digest", row(Model.GREEN, 10, 11)));
        assertThat(dom(HtmlReport.page(result).replace("drawAll(draw);\n", "drawAll(draw);\nnoSuchThing();\n")))
                .contains("script-error", "noSuchThing");
    }

    @Test
    void onPaperAPictureIsLightAndNoWiderThanIt() throws Exception {
        String onPaper = "[document.querySelector('.plot canvas').clientWidth <= 700, css('ink')]";
        browser.size(1500, 900);
        browser.dark(true);
        try {
            dom(HtmlReport.page(result(table("digest", row(Model.GREEN, 10, 11), row(Model.FIBER, 20, 21)))));
            assertThat(browser.evaluate("String(" + onPaper + ")")).isEqualTo("false,#e6e4df");
            assertThat(browser.print(onPaper)).isEqualTo("true,#1f2328");
            assertThat(browser.evaluate("String(" + onPaper + ")")).isEqualTo("false,#e6e4df");
        } finally {
            browser.dark(false);
        }
    }

    @Test
    void everyPictureOfTheAnswersIsDrawn() throws Exception {
        String dom = dom(AnswersHtml.page(AnswersOfNobody.answers()));
        assertThat(dom).doesNotContain("script-error");
        assertThat(count("data-drawn=\"\\d\"", dom)).isEqualTo(2);
        assertThat(count("<canvas", dom)).isEqualTo(2);
        assertThat(dom).contains("Whiskers are 95% intervals.", "Each point is one measurement.");
        assertThat(count("<section>", dom)).isEqualTo(1);
        assertThat(dom).contains("The evidence for each cell", "looked twice");
    }
}
