package dev.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of {@code bench/run}: what is met, what is not, and what nobody can say. */
class ResultsTest {
    private static final List<Shape> PING_PONG =
            List.of(Table.GREEN.shape("ping-pong")); // at most 0.4 of the JDK and 1.0 of Go

    @ParameterizedTest
    @CsvSource({
        "40, 100, 40, 0, met", // a bar that is just reached is met
        "41, 100, 50, 1, NOT MET",
        "40, 100, 39, 1, NOT MET",
        "40, Infinity, 50, 0, met", // the JDK never did it
        "Infinity, 100, 50, 1, NOT MET",
    })
    void aRatioIsMetUpToItsBar(double heddle, double jdk, double go, int exitCode, String verdict) {
        Results results = new Results(Table.GREEN);
        results.add(Competitor.HEDDLE, Map.of("ping-pong", heddle));
        results.add(Competitor.JDK, Map.of("ping-pong", jdk));
        results.add(Competitor.GO, Map.of("ping-pong", go));

        assertThat(results.exitCode(PING_PONG)).isEqualTo(exitCode);
        assertThat(lastLine(results, PING_PONG)).contains("| " + verdict);
    }

    @Test
    void theMedianOfTheProcessesDecides() {
        Results results = results(40, 100);
        results.add(Competitor.HEDDLE, Map.of("ping-pong", 1000.0));
        results.add(Competitor.HEDDLE, Map.of("ping-pong", 30.0));
        results.add(Competitor.GO, Map.of("ping-pong", 80.0));

        assertThat(lastLine(results, PING_PONG).replaceAll(" +", " "))
                .isEqualTo(
                        "| ping-pong | ns/round trip | 40.00 | | 100 | 0.400 | <= 0.4 | 80.00 | 0.500 | <= 1 | met |");
    }

    @Test
    void withoutGoItsBarsCannotBeChecked() {
        Results results = results(40, 100);
        results.absent(Competitor.GO, "go is not installed");

        assertThat(results.exitCode(PING_PONG)).isEqualTo(2);
        assertThat(lastLine(results, PING_PONG)).contains("go is not installed", "not measured");
    }

    @Test
    void aBarThatIsMissedIsMissedWithoutGoToo() {
        Results results = results(41, 100);
        results.absent(Competitor.GO, "go is not installed");

        assertThat(results.exitCode(PING_PONG)).isEqualTo(1);
    }

    @Test
    void oneProcessThatFailsSpoilsTheShape() {
        Results results = results(40, 100);
        results.add(Competitor.GO, Map.of("ping-pong", 80.0));
        results.failed(Competitor.HEDDLE, PING_PONG.getFirst());

        assertThat(results.exitCode(PING_PONG)).isEqualTo(2);
        assertThat(lastLine(results, PING_PONG)).contains("failed", "not measured");
    }

    @Test
    void aHangOfHeddleIsNoInformation() {
        List<Shape> hog = List.of(Table.GREEN.shape("ping-pong-hog")); // has no bar
        Results results = new Results(Table.GREEN);
        assertThat(results.exitCode(hog)).isZero();

        results.failed(Competitor.HEDDLE, hog.getFirst());
        assertThat(results.exitCode(hog)).isEqualTo(2);
    }

    @Test
    void aBarOnTheNumberItselfNeedsNoPeer() {
        List<Shape> ticker = List.of(Table.GREEN.shape("hogged-ticker"));
        Results results = new Results(Table.GREEN);
        results.failed(Competitor.JDK, ticker.getFirst());
        results.add(Competitor.HEDDLE, Map.of("hogged-ticker", 25.0));

        assertThat(results.exitCode(ticker)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.8, 0", "0.79, 1"})
    void aNumberOfWhichMoreIsBetterMayBeNoLess(double throughput, int exitCode) {
        List<Shape> crowd = List.of(Table.CHANNELS.shape("crowd"));
        Results results = new Results(Table.CHANNELS);
        results.add(Competitor.HEDDLE, Map.of("crowd-throughput", throughput, "crowd-longest-wait", 100.0));

        assertThat(results.exitCode(crowd)).isEqualTo(exitCode);
        assertThat(results.table(crowd)).contains("| >= 0.8 |");
    }

    @Test
    void whoTakesNoPartHasNoNumberAndHasNotFailed() {
        List<Shape> bytes = List.of(Table.CHANNELS.shape("unused-bytes"));
        Results results = new Results(Table.CHANNELS);
        for (Competitor competitor :
                List.of(Competitor.HEDDLE, Competitor.JDK, Competitor.GO, Competitor.JOX, Competitor.KOTLIN)) {
            results.add(competitor, Map.of("unused-bytes", 200.0));
        }

        assertThat(results.exitCode(bytes)).isZero();
        assertThat(lastLine(results, bytes))
                .doesNotContain("failed")
                .endsWith("|              |              | met     |");
    }

    @ParameterizedTest
    @CsvSource({"10, 60, 0", "11, 60, 1"})
    void sixTimesAsFastIsASixthOfTheTime(double heddle, double python, int exitCode) {
        List<Shape> tasks = List.of(Table.PROCESSES.shape("single-tasks"));
        Results results = new Results(Table.PROCESSES);
        results.add(Competitor.HEDDLE, Map.of("single-tasks", heddle));
        results.add(Competitor.PYTHON, Map.of("single-tasks", python));

        assertThat(results.exitCode(tasks)).isEqualTo(exitCode);
        assertThat(lastLine(results, tasks)).contains("| <= 0.167 |");
    }

    private static Results results(double heddle, double jdk) {
        Results results = new Results(Table.GREEN);
        results.add(Competitor.HEDDLE, Map.of("ping-pong", heddle));
        results.add(Competitor.JDK, Map.of("ping-pong", jdk));
        return results;
    }

    private static String lastLine(Results results, List<Shape> shapes) {
        return results.table(shapes).lines().toList().getLast();
    }
}
