package dev.heddle.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.lab.Outcome;
import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Scale.Size;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Rows;
import dev.heddle.lab.measure.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every experiment has in common, and what the laboratory makes of one, whatever it measures. */
class FrameTest {
    private static final Scale SCALE = new Scale(Size.USUAL, 2);

    static List<Experiment> all() {
        return Experiments.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void anExperimentDescribesItself(Experiment experiment) {
        assertThat(experiment.name()).matches("[a-z][a-z ]*");
        assertThat(experiment.measures()).doesNotEndWith(".").hasSizeBetween(20, 200);
        assertThat(experiment.howToRead()).endsWith(".").hasSizeGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("all")
    void thePlanIsTheSameAgain(Experiment experiment) {
        for (Size size : Size.values()) {
            Scale scale = new Scale(size, 2);
            List<Cell> cells = experiment.cells(scale);
            assertThat(experiment.cells(scale))
                    .extracting(Cell::label)
                    .containsExactlyElementsOf(cells.stream().map(Cell::label).toList());
            assertThat(experiment.cells(scale))
                    .extracting(cell -> cell.subject().describe())
                    .containsExactlyElementsOf(cells.stream()
                            .map(cell -> cell.subject().describe())
                            .toList());
            assertThat(cells).extracting(Cell::label).doesNotHaveDuplicates();
        }
    }

    /** With no tool and no model there is nothing to judge, and nothing must break. */
    @ParameterizedTest
    @MethodSource("all")
    void whereEverythingIsMissingThereIsNoAnswer(Experiment experiment) {
        List<Measured> rows = experiment.cells(SCALE).stream()
                .map(cell -> {
                    CellRun run = new CellRun(new Cell(cell.label(), cell.family(), new Broken(Kind.UNAVAILABLE)));
                    run.start();
                    return run.measured(1, 2);
                })
                .toList();
        Conclusion conclusion =
                Laboratory.conclude(experiment, new Findings(rows, SCALE, 1), new Schedule(List.of()), 0);
        assertThat(conclusion.standing()).isEqualTo(Standing.NOTHING);
        assertThat(conclusion.sentences()).startsWith("No answer");
    }

    @Test
    void namesAreUnique() {
        assertThat(Experiments.all()).extracting(Experiment::name).doesNotHaveDuplicates();
        assertThat(Experiments.all()).extracting(Experiment::question).isSorted();
    }

    @Test
    void theSameSeedGivesTheSameOrderAndAnotherSeedAnother() {
        Schedule schedule = Schedule.of(6, 20, 7, "a");
        assertThat(Schedule.of(6, 20, 7, "a")).isEqualTo(schedule);
        assertThat(Schedule.of(6, 20, 8, "a")).isNotEqualTo(schedule);
        assertThat(Schedule.of(6, 20, 7, "b")).isNotEqualTo(schedule);
        assertThat(schedule.rounds())
                .hasSize(20)
                .allSatisfy(order -> assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5));
        assertThat(new HashSet<>(schedule.rounds())).hasSizeGreaterThan(10);
    }

    @Test
    void theOrderOfTheScheduleIsTheOrderOfMeasurement() throws Exception {
        List<String> log = new ArrayList<>();
        Trial trial = new Trial(true, List.of(counting("a", log), counting("b", log), counting("c", log)));
        Conclusion conclusion = new Laboratory(SCALE, 5, line -> {}).run(trial);
        List<String> expected = new ArrayList<>(List.of("a", "a", "a", "b", "b", "b", "c", "c", "c")); // warming up
        for (List<Integer> round : Schedule.of(3, 4, 5, "trial").rounds()) {
            round.forEach(index -> expected.add(List.of("a", "b", "c").get(index)));
        }
        assertThat(log).containsExactlyElementsOf(expected);
        assertThat(conclusion.findings().rows())
                .allSatisfy(row -> assertThat(row.samples()).hasSize(4));
        assertThat(conclusion.standing()).isEqualTo(Standing.ANSWERED);
        assertThat(conclusion.sentences()).isEqualTo("It is so.");
    }

    @Test
    void aCellThatLacksSomethingIsARowAndTheOthersGoOn() throws Exception {
        List<String> log = new ArrayList<>();
        Trial trial =
                new Trial(false, List.of(new Cell("b", Family.GO, new Broken(Kind.UNAVAILABLE)), counting("a", log)));
        Conclusion conclusion = new Laboratory(SCALE, 5, line -> {}).run(trial);
        assertThat(conclusion.standing()).isEqualTo(Standing.ANSWERED);
        assertThat(conclusion.findings().rows().getFirst().missing()).contains("broken as asked for");
        assertThat(conclusion.findings().present()).hasSize(1);
        assertThat(log).hasSize(4);
    }

    @Test
    void aCellThatFailsMakesNoAnswer() throws Exception {
        Trial trial = new Trial(
                false,
                List.of(new Cell("b", Family.GO, new Broken(Kind.WRONG_RESULT)), counting("a", new ArrayList<>())));
        Conclusion conclusion = new Laboratory(SCALE, 5, line -> {}).run(trial);
        assertThat(conclusion.standing()).isEqualTo(Standing.FAILED);
        assertThat(conclusion.sentences()).contains("something failed");
    }

    /** Times say nothing on a machine that others use; what was found out otherwise stands. */
    @Test
    void onANoisyMachineWhatIsTimedHasNoAnswer() {
        for (boolean timed : new boolean[] {true, false}) {
            List<Sample> samples =
                    List.of(Rows.sample(10, 0.4, Outcome.NOTHING), Rows.sample(11, 0.4, Outcome.NOTHING));
            Conclusion conclusion = Laboratory.conclude(
                    new Trial(timed, List.of()),
                    new Findings(List.of(MeasuredRows.of("a", samples)), SCALE, 1),
                    new Schedule(List.of()),
                    0);
            assertThat(conclusion.standing()).isEqualTo(timed ? Standing.NOISY : Standing.ANSWERED);
            assertThat(conclusion.sentences()).contains(timed ? "noisy: other programs had 40%" : "It is so.");
        }
    }

    /** Chance decides what the smallest size shows, so that it is no answer, and says nothing of a belief. */
    @Test
    void theSmallestSizeRunsEverythingAndConcludesNothing() throws Exception {
        for (boolean timed : new boolean[] {true, false}) {
            List<String> log = new ArrayList<>();
            Conclusion conclusion = new Laboratory(new Scale(Size.SMALLEST, 2), 5, line -> {})
                    .run(new Trial(timed, List.of(counting("a", log))));
            assertThat(log).hasSizeGreaterThanOrEqualTo(4);
            assertThat(conclusion.standing()).isEqualTo(Standing.TOO_SMALL);
            assertThat(conclusion.sentences()).startsWith("No answer").doesNotContain("It is so.");
            assertThat(conclusion.answer().beliefs()).isEmpty();
        }
    }

    @Test
    void turnsCannotBeLeftOut() {
        assertThat(Turns.checksum(3, 1_000)).isEqualTo(Turns.run(1, 1_000) + Turns.run(2, 1_000) + Turns.run(3, 1_000));
        Set<Long> ends = new HashSet<>();
        for (int turns = 0; turns < 100; turns++) {
            ends.add(Turns.run(1, turns));
        }
        assertThat(ends).hasSize(100);
    }

    private static Cell counting(String label, List<String> log) {
        return new Cell(label, Family.C, new Subject() {
            @Override
            public Running start() {
                return new Running() {
                    @Override
                    public Jvm await() {
                        return Jvm.NONE;
                    }

                    @Override
                    public Sample measure() {
                        log.add(label);
                        return Rows.sample(10, 0, Outcome.NOTHING);
                    }

                    @Override
                    public void close() {}
                };
            }

            @Override
            public String describe() {
                return label;
            }
        });
    }

    record Broken(Kind kind) implements Subject {
        @Override
        public Running start() throws MeasureException {
            throw new MeasureException(kind, "broken as asked for", "");
        }

        @Override
        public String describe() {
            return "broken";
        }
    }

    /** An experiment on given cells. */
    private record Trial(boolean isTimed, List<Cell> given) implements Experiment {
        @Override
        public Question question() {
            return Question.Q1;
        }

        @Override
        public String name() {
            return "trial";
        }

        @Override
        public String measures() {
            return "nothing";
        }

        @Override
        public List<Cell> cells(Scale scale) {
            return given;
        }

        @Override
        public int rounds(Scale scale) {
            return 4;
        }

        @Override
        public Answer judge(Findings findings) {
            return new Answer(
                    "It is so.",
                    List.of(),
                    new Sheet.Lines("").done(),
                    Picture.strip(findings, Quantity.TIME, "nothing"));
        }

        @Override
        public String howToRead() {
            return "Not at all.";
        }
    }
}
