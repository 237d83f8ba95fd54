package dev.heddle.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.lab.report.RunsComparison.Line;
import dev.heddle.lab.report.RunsComparison.NotAnswersException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RunsComparisonTest {
    private static String run(String standing, String unit, double... values) {
        String samples = Arrays.stream(values)
                .mapToObj(value -> "{\"nanos\":" + value + ",\"facts\":{\"n\":" + value + "}}")
                .collect(Collectors.joining(","));
        return """
                {"schema":"heddle-answers/1","experiments":[{"name":"e","timed":true,"standing":"%s","unit":"%s",
                "quantity":"%s","cells":[{"label":"c","family":"C","runs":"it","samples":[%s]}]}]}
                """.formatted(standing, unit, unit.equals("rate") ? "n" : "time", samples);
    }

    private static Line one(String first, String second) throws NotAnswersException {
        List<Line> lines = RunsComparison.compare(first, second);
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    @Test
    void whatTakesHalfTheTimeIsFaster() throws Exception {
        String slow = run("answered", "time", 100, 101, 102, 99, 100);
        String fast = run("answered", "time", 50, 51, 49, 50, 50);
        assertThat(one(slow, fast).says()).isEqualTo("faster");
        assertThat(one(slow, fast).times()).isEqualTo(2);
        assertThat(one(fast, slow).says()).isEqualTo("slower");
        assertThat(one(slow, slow).says()).isEqualTo("no difference shown");
    }

    @Test
    void ofARateMoreIsFaster() throws Exception {
        String few = run("answered", "rate", 100, 101, 102, 99, 100);
        String many = run("answered", "rate", 200, 201, 199, 200, 200);
        assertThat(one(few, many).says()).isEqualTo("faster");
        assertThat(one(many, few).says()).isEqualTo("slower");
    }

    @Test
    void whatIsWithinTheNoiseIsNoDifference() throws Exception {
        assertThat(one(run("answered", "time", 90, 100, 110), run("answered", "time", 95, 99, 120))
                        .says())
                .isEqualTo("no difference shown");
        assertThat(one(run("answered", "time", 100, 100, 100), run("answered", "time", 98, 98, 98))
                        .says())
                .isEqualTo("no difference shown");
    }

    @Test
    void aNoisyRunIsNotCompared() throws Exception {
        Line line = one(run("answered", "time", 100), run("noisy", "time", 50));
        assertThat(line.says()).isEqualTo("cannot be compared");
        assertThat(line.why()).isEqualTo("the second run was noisy");
        assertThat(RunsComparison.text(List.of(line))).contains("0 are faster", "1 cannot be compared.");
    }

    /** Else it would be Heddle that seems to have become slower. */
    @Test
    void whereProgramsInCDifferItIsTheMachine() throws Exception {
        String before = run("answered", "time", 100, 100, 100, 100, 100);
        String after = run("answered", "time", 125, 125, 125, 125, 125);
        assertThat(RunsComparison.text(RunsComparison.compare(before, after)))
                .endsWith(
                        "The machine was slower then: programs in C, which know nothing of Heddle, were 0.80 times as fast in"
                                + " the second run.\n");
        assertThat(RunsComparison.text(RunsComparison.compare(after, before))).contains("The machine was faster then");
        assertThat(RunsComparison.text(RunsComparison.compare(before, before))).doesNotContain("The machine");
        String ours = "\"family\":\"GREEN\"";
        String theirs = "\"family\":\"C\"";
        assertThat(RunsComparison.text(
                        RunsComparison.compare(before.replace(theirs, ours), after.replace(theirs, ours))))
                .contains("1 slower")
                .doesNotContain("The machine");
    }

    @Test
    void anotherFileIsNamed() {
        assertThatThrownBy(() -> RunsComparison.compare("{}", "{}"))
                .isInstanceOf(NotAnswersException.class)
                .hasMessageContaining("the first file should have the schema heddle-answers/1");
        assertThatThrownBy(() -> RunsComparison.compare(run("answered", "time", 1), "no"))
                .hasMessageContaining("the second file holds no JSON of a run: name two files");
    }
}
