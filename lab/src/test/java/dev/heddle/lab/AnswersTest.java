package dev.heddle.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** {@code heddle answers} from its command line to its files. */
class AnswersTest {
    @TempDir
    Path folder;

    /** What the smallest size shows is no answer. */
    private static void assertMeasured(Heddles.Ended ended) {
        assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(Main.INVALID);
    }

    @Test
    @SuppressWarnings("unchecked")
    void oneQuestionIsPrintedWrittenAndMeasuredAgain() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "answers", "resize", "--smallest", "--seed", "7", "--json", "a.json");
        assertMeasured(ended);
        assertThat(ended.err()).isEmpty(); // no progress in a pipe
        assertThat(ended.out())
                .contains("seed 7", "Q8  What does GOMAXPROCS(n) change?", "resize: ", "No answer", "with 1 again")
                .endsWith("Report: " + folder.toRealPath().resolve("heddle-answers.html") + "\n");
        assertThat(folder.resolve("heddle-answers.html"))
                .content()
                .contains("<code>./heddle answers resize --smallest --seed 7</code>");

        Map<String, Object> first = json("a.json");
        assertMeasured(Heddles.run(
                folder, "answers", "resize", "--smallest", "--seed", "7", "--json", "b.json", "-o", "b.html"));
        Map<String, Object> second = json("b.json");
        assertThat(second.get("schedule")).isEqualTo(first.get("schedule"));
        assertThat((List<Map<String, Object>>) second.get("cells"))
                .extracting(cell -> cell.get("label"), cell -> cell.get("runs"))
                .containsExactlyElementsOf(((List<Map<String, Object>>) first.get("cells"))
                        .stream()
                                .map(cell -> org.assertj.core.groups.Tuple.tuple(cell.get("label"), cell.get("runs")))
                                .toList());
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> json(String file) throws Exception {
        Map<String, Object> json = JSON.std.mapFrom(Files.readString(folder.resolve(file)));
        assertThat(json).containsEntry("schema", "heddle-answers/1");
        return ((List<Map<String, Object>>) json.get("experiments")).getFirst();
    }

    @Test
    void wrongUseIsASentence() throws Exception {
        Heddles.Ended ended = Heddles.run(folder, "answers", "Q9");
        assertThat(ended.code()).isEqualTo(Main.USAGE);
        assertThat(ended.err())
                .startsWith("heddle: there is no question or experiment 'Q9' among Q1, Q2")
                .hasLineCount(1);
        assertThat(Heddles.run(folder, "answers", "-o", "no/such/x.html").err())
                .contains("cannot write no/such/x.html");
        assertThat(folder.resolve("heddle-answers.html")).doesNotExist();
    }

    @Test
    void twoRunsAreCompared() throws Exception {
        assertMeasured(Heddles.run(folder, "answers", "resize", "--smallest", "--seed", "7", "--json", "a.json"));
        assertMeasured(
                Heddles.run(folder, "answers", "switch interval", "--smallest", "--seed", "7", "-o", "two.html"));
        assertThat(folder.resolve("two.html"))
                .content()
                .contains("<code>./heddle answers 'switch interval' --smallest --seed 7</code>");
        Heddles.Ended ended = Heddles.run(folder, "compare-runs", "a.json", "a.json");
        assertMeasured(ended);
        assertThat(ended.out()).contains("resize", "GREEN", "the first run was ", "4 cannot be compared.");
        Heddles.Ended wrong = Heddles.run(folder, "compare-runs", "a.json", "heddle-answers.html");
        assertThat(wrong.code()).isEqualTo(Main.USAGE);
        assertThat(wrong.err())
                .startsWith("heddle: the second file holds no JSON of a run: name two files")
                .hasLineCount(1);
    }
}
