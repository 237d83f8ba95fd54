package dev.heddle.lab.measure;

import static dev.heddle.lab.measure.Rows.SEED;
import static dev.heddle.lab.measure.Rows.finding;
import static dev.heddle.lab.measure.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Model;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.measure.Verdict.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Row FAST = row(Model.GREEN, 10, 10.1, 10.2, 10, 10.1, 10.2);
    private static final Row ALIKE = row(Model.THREAD, 10.1, 10.1, 10.2, 10.3, 10.1, 10);
    private static final Row SLOW = row(Model.FIBER, 20, 20.2, 20.4, 20, 20.2, 20.4);
    private static final Row NOISY = row(Model.PROCESS, 10, 30, 10, 30, 10, 30);
    private static final Row DISTURBED = row(Model.PROCESS, 0.7, Outcome.NOTHING, 9, 9, 9, 9, 9, 9);

    private static Verdict of(Row... rows) {
        return Verdict.of(List.of(rows), SEED);
    }

    @Test
    void theFastestIsNamedWithItsRatioToTheNext() {
        Verdict verdict = of(SLOW, FAST);
        assertThat(verdict.kind()).isEqualTo(Kind.WINNER);
        assertThat(verdict.fastest()).containsExactly("GREEN");
        assertThat(verdict.ratio()).isBetween(1.95, 2.05);
        assertThat(verdict.ratioInterval().low()).isLessThanOrEqualTo(verdict.ratio());
        assertThat(verdict.ratioInterval().high()).isGreaterThanOrEqualTo(verdict.ratio());
        assertThat(verdict.sentence()).startsWith("GREEN is fastest: 2.0").contains("times as fast as FIBER");
    }

    @Test
    void whereIntervalsOverlapNobodyWins() {
        Verdict verdict = of(FAST, ALIKE);
        assertThat(verdict.kind()).isEqualTo(Kind.NO_DIFFERENCE);
        assertThat(verdict.sentence()).isEqualTo("No difference shown between GREEN and THREAD.");
    }

    @Test
    void twoMayLeadTogether() {
        Verdict verdict = of(SLOW, FAST, ALIKE);
        assertThat(verdict.kind()).isEqualTo(Kind.NO_DIFFERENCE);
        assertThat(verdict.fastest()).containsExactlyInAnyOrder("GREEN", "THREAD");
        assertThat(verdict.sentence()).contains("which lead", "FIBER");
    }

    @Test
    void anUnsureRowIsLeftOutAndNamed() {
        Verdict verdict = of(SLOW, FAST, NOISY);
        assertThat(verdict.kind()).isEqualTo(Kind.WINNER);
        assertThat(verdict.sentence()).endsWith("left out: PROCESS (noisy).");
    }

    @Test
    void withOneRowLeftNoWinnerIsNamed() {
        Verdict verdict = of(FAST, NOISY);
        assertThat(verdict.kind()).isEqualTo(Kind.UNSURE);
        assertThat(verdict.sentence()).isEqualTo("No winner is named: PROCESS (noisy).");
        assertThat(verdict.isInvalid()).isFalse();
    }

    @Test
    void whereEveryRowIsInvalidSoIsTheVerdict() {
        Verdict verdict = of(DISTURBED, row(Model.THREAD, 0.6, Outcome.NOTHING, 8, 8, 8, 8, 8, 8));
        assertThat(verdict.isInvalid()).isTrue();
        assertThat(verdict.sentence()).contains("every row (disturbed)");
    }

    @Test
    void aSingleRowIsNoComparison() {
        assertThat(of(FAST).kind()).isEqualTo(Kind.NOTHING_TO_COMPARE);
        assertThat(of(FAST).sentence()).contains("Only GREEN was measured");
    }

    @Test
    void aModelThatIsNotAvailableDoesNotTakePart() {
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
        assertThat(of(missing, SLOW).kind()).isEqualTo(Kind.NOTHING_TO_COMPARE);
        assertThat(of(missing).isInvalid()).isTrue();
    }

    @Test
    void aFindingIsReportedAndTimesAreNotRanked() {
        Verdict verdict = of(finding(Model.THREAD, -5_000, 0, 7_000), finding(Model.FIBER, 0, 0, 0));
        assertThat(verdict.kind()).isEqualTo(Kind.FINDING);
        assertThat(verdict.sentence())
                .isEqualTo("Final value: THREAD from -5,000 to 7,000 (not 0 in 2 of 3 runs); FIBER 0 always.");
    }

    @Test
    void theNumberOfProcessorsTellsRowsOfOneModelApart() {
        Row one = new Row(
                Model.GREEN,
                1,
                FAST.jvm(),
                1,
                SLOW.samples(),
                Optional.empty(),
                SLOW.summary(),
                SLOW.quality(),
                List.of());
        assertThat(of(one, FAST).sentence())
                .startsWith("GREEN with 2 is fastest")
                .contains("GREEN with 1");
    }
}
