package dev.heddle.lab.report;

import static dev.heddle.lab.measure.Rows.finding;
import static dev.heddle.lab.measure.Rows.result;
import static dev.heddle.lab.measure.Rows.row;
import static dev.heddle.lab.measure.Rows.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Units;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.jr.ob.JSON;

class ReportTest {
    private static final Outcome OUTCOME =
            Outcome.of("digest", "abc").with("files", 3).withLatencies(1_000, 2_000, 3_000);
    private static final Result RESULT = result(
            table(
                    "digest",
                    row(Model.GREEN, 0, OUTCOME, 10, 10, 10, 10),
                    row(Model.FIBER, 0.3, OUTCOME, 20, 20, 20, 21)),
            table("counter", finding(Model.THREAD, -1, 0, 2_000), finding(Model.FIBER, 0, 0, 0)));

    @ParameterizedTest
    @CsvSource({
        "999, 999 ns",
        "1500, 1.50 us",
        "99960, 100 us",
        "312_000_000, 312 ms",
        "1_240_000_000, 1.24 s",
        "-1, n/a"
    })
    void timesHaveThreeDigitsAndAUnit(String nanos, String text) {
        assertThat(Units.time(Double.parseDouble(nanos.replace("_", "")))).isEqualTo(text);
    }

    @Test
    void whatEveryRowFoundIsSaidOnce() {
        Grid grid = Grid.of(RESULT.tables().getFirst());
        assertThat(grid.notes())
                .contains("digest: abc in every row", "files: 3 in every row", "garbage collector: Serial");
        assertThat(grid.headers()).doesNotContain("digest").contains("latency p50", "p99");
    }

    @Test
    void whatDiffersHasAColumn() {
        Grid grid = Grid.of(RESULT.tables().get(1));
        assertThat(grid.headers()).endsWith("final value");
        assertThat(grid.rows()).extracting(List::getLast).containsExactly("-1 - 2,000", "0");
    }

    @Test
    void anUnsureRowHasAStarAndANote() {
        Grid grid = Grid.of(RESULT.tables().getFirst());
        assertThat(grid.rows()).extracting(List::getFirst).containsExactly("GREEN", "FIBER *");
        assertThat(grid.notes()).anyMatch(note -> note.startsWith("* FIBER, 1: disturbed: other programs had"));
    }

    @Test
    void columnsAreAligned() {
        String text = TextReport.table(RESULT.tables().getFirst(), UnaryOperator.identity());
        List<String> lines = text.lines().toList();
        assertThat(lines.get(0)).isEqualTo("digest some <args>  does \"it\"");
        assertThat(lines.get(1)).startsWith("  model    procs   median");
        assertThat(lines.get(2)).hasSameSizeAs(lines.get(1)).startsWith("  GREEN        2  10.0 ms");
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonHasWhatItsDescriptionSays() throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(JsonReport.pretty(RESULT));
        assertThat(json).containsOnlyKeys("schema", "ending", "failure", "context", "workloads");
        List<Map<String, Object>> workloads = (List<Map<String, Object>>) json.get("workloads");
        List<Map<String, Object>> rows =
                (List<Map<String, Object>>) workloads.getFirst().get("rows");
        assertThat(rows.getFirst())
                .containsOnlyKeys(
                        "model",
                        "processors",
                        "collector",
                        "jvmFlags",
                        "unavailable",
                        "quality",
                        "qualityReason",
                        "lints",
                        "warmUps",
                        "repetitions",
                        "timeNanos",
                        "cpuNanos",
                        "contextSwitches",
                        "peakRssBytes",
                        "osThreads",
                        "tasksAtOnce",
                        "foreignShare",
                        "latencyNanos",
                        "facts")
                .containsEntry("model", "GREEN")
                .containsEntry("quality", "good")
                .containsEntry("facts", Map.of("digest", "abc", "files", 3));
        assertThat((Map<String, Object>) rows.getFirst().get("timeNanos"))
                .containsEntry("median", 10_000_000)
                .containsOnlyKeys("median", "low", "high", "min", "max", "all");
        assertThat((Map<String, Object>) rows.getFirst().get("latencyNanos"))
                .containsEntry("count", 12)
                .containsEntry("p50", 2_000)
                .containsEntry("p99", 3_000);
        assertThat(rows.get(1)).containsEntry("quality", "doubtful");
        List<Map<String, Object>> counter =
                (List<Map<String, Object>>) workloads.get(1).get("rows");
        assertThat(counter.getFirst()).containsEntry("facts", Map.of("final value", Map.of("min", -1, "max", 2_000)));
        assertThat((Map<String, Object>) workloads.get(1).get("verdict")).containsEntry("kind", "finding");
    }

    @Test
    void csvQuotesWhatNeedsIt() {
        Result odd = result(table("a,\"b\"", row(Model.GREEN, 10, 10)));
        assertThat(CsvReport.text(odd).lines().skip(1))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("\"a,\"\"b\"\"\",some <args>,GREEN,2,1,10000000,");
    }

    @Test
    void thePageCarriesItsDataWhateverTheyHold() {
        String page = HtmlReport.page(RESULT); // args and the command hold <args> and </script>
        assertThat(page).contains("\\u003c/script>").contains("&lt;args&gt;").doesNotContain("<args>");
        assertThat(page.split("</script>", -1)).hasSize(4);
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContainPattern("(src|href)\\s*=\\s*[\"']|@import|url\\(");
        assertThat(page).doesNotContain("/*report", "/*uplot", "<!--content", "/*data");
    }
}
