package dev.heddle.lab.report;

import dev.heddle.lab.Outcome;
import dev.heddle.lab.experiment.Answer;
import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Cell;
import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.experiment.Conclusion;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Experiment;
import dev.heddle.lab.experiment.Findings;
import dev.heddle.lab.experiment.Measured;
import dev.heddle.lab.experiment.Picture;
import dev.heddle.lab.experiment.Picture.Column;
import dev.heddle.lab.experiment.Picture.Curve;
import dev.heddle.lab.experiment.Picture.Point;
import dev.heddle.lab.experiment.Question;
import dev.heddle.lab.experiment.Scale;
import dev.heddle.lab.experiment.Schedule;
import dev.heddle.lab.experiment.Sheet;
import dev.heddle.lab.experiment.Sheet.Entry;
import dev.heddle.lab.experiment.Subject;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.Rows;
import dev.heddle.lab.measure.WarmUp;
import dev.heddle.lab.report.Answers.Circumstances;
import java.util.List;
import java.util.Optional;

/** Answers as if something had been measured: one with columns, one with lines. */
final class AnswersOfNobody {
    private AnswersOfNobody() {}

    static Answers answers() {
        Picture strip = new Picture.Strip(
                "columns",
                dev.heddle.lab.experiment.Unit.TIME,
                List.of(
                        new Column("THREAD", Family.THREAD, List.of(1e6, 2e6, 3e6), 2e6, 1e6, 3e6),
                        new Column("go", Family.GO, List.of(2e6), 2e6, 2e6, 2e6)));
        Picture curves = new Picture.Curves(
                "lines",
                "processors",
                dev.heddle.lab.experiment.Unit.TIMES,
                List.of(
                        new Curve("GREEN", Family.GREEN, List.of(new Point(1, 1, 0.9, 1.1), new Point(2, 2, 1.9, 2.1))),
                        new Curve("go", Family.GO, List.of(new Point(1, 1, 1, 1), new Point(2, 1.8, 1.7, 1.9)))));
        return new Answers(
                new Circumstances("2026-01-01T00:00:00Z", "heddle 1", "2 CPUs", List.of(), "usual", 42),
                List.of(conclusion("one", strip), conclusion("number two", curves)));
    }

    private static Conclusion conclusion(String name, Picture picture) {
        Sheet sheet = new Sheet(
                List.of("", "seen"),
                List.of(List.of(new Entry("<row>", ""), new Entry("yes </script>", "looked twice"))),
                List.of("a note"));
        Answer answer =
                new Answer("It is <so>.", List.of(new Belief("It is not so", false, "it was seen")), sheet, picture);
        Experiment experiment = new Said(name, answer);
        Measured row = new Measured(
                new Cell("THREAD", Family.THREAD, new Nothing()),
                Jvm.NONE,
                WarmUp.NONE,
                List.of(Rows.sample(10, 0, Outcome.of("seen", 3))),
                Optional.empty(),
                List.of(),
                Optional.of("install <it>"),
                false);
        Findings findings = new Findings(List.of(row), new Scale(Scale.Size.SMALLEST, 2), 42);
        return new Conclusion(
                experiment, findings, new Schedule(List.of(List.of(0))), Standing.ANSWERED, "It is <so>.", answer, 7);
    }

    private record Nothing() implements Subject {
        @Override
        public Running start() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String describe() {
            return "nothing";
        }
    }

    private record Said(String name, Answer answer) implements Experiment {
        @Override
        public Question question() {
            return Question.Q8;
        }

        @Override
        public String measures() {
            return "what it measures";
        }

        @Override
        public List<Cell> cells(Scale scale) {
            return List.of();
        }

        @Override
        public Answer judge(Findings findings) {
            return answer;
        }

        @Override
        public String howToRead() {
            return "From left to right.";
        }
    }
}
