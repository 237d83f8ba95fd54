package dev.heddle.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

class AnswersReportTest {
    private static final Answers ANSWERS = AnswersOfNobody.answers();

    @Test
    void thePageCarriesItsDataWhateverTheyHold() {
        String page = AnswersHtml.page(ANSWERS);
        assertThat(page).contains("&lt;so&gt;", "yes &lt;/script&gt;").doesNotContain("<so>", "<row>", "<it>");
        assertThat(page.split("</script>", -1)).hasSize(4);
        assertThat(page)
                .contains("default-src 'none'")
                .doesNotContainPattern("(src|href)\\s*=\\s*[\"']|@import|url\\(");
        assertThat(page).doesNotContain("/*report", "/*uplot", "<!--content", "<!--title", "/*data");
        assertThat(page).contains("<code>./heddle answers 'number two' --seed 42</code>");
    }

    @Test
    void theTextHasTheAnswerTheTableAndTheNotes() {
        String text = AnswersText.text(ANSWERS.conclusions().getFirst(), UnaryOperator.identity());
        assertThat(text.lines().toList())
                .containsExactly(
                        "  one: what it measures",
                        "  It is <so>.",
                        "  \"It is not so\": not so here, it was seen.",
                        "                    seen",
                        "    <row>  yes </script>",
                        "    a note",
                        "    THREAD: install <it>");
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonHasEverySample() throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(AnswersJson.pretty(ANSWERS));
        assertThat(json)
                .containsOnlyKeys("schema", "context", "experiments")
                .containsEntry("schema", "heddle-answers/1");
        Map<String, Object> first = ((List<Map<String, Object>>) json.get("experiments")).getFirst();
        assertThat(first)
                .containsOnlyKeys(
                        "question",
                        "asks",
                        "name",
                        "measures",
                        "timed",
                        "quantity",
                        "unit",
                        "command",
                        "standing",
                        "answer",
                        "beliefs",
                        "foreignShare",
                        "nanos",
                        "schedule",
                        "table",
                        "notes",
                        "cells")
                .containsEntry("question", "Q8")
                .containsEntry("standing", "answered")
                .containsEntry("schedule", List.of(List.of(0)));
        Map<String, Object> cell = ((List<Map<String, Object>>) first.get("cells")).getFirst();
        assertThat(cell).containsEntry("label", "THREAD").containsEntry("missing", "install <it>");
        assertThat((List<Map<String, Object>>) cell.get("samples"))
                .hasSize(1)
                .allSatisfy(sample -> assertThat(sample)
                        .containsEntry("nanos", 10_000_000)
                        .containsEntry("facts", Map.of("seen", 3)));
    }
}
