package dev.heddle.lab.experiment;

import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.WarmUp;
import java.util.List;
import java.util.Optional;

/** Rows as if they had been measured. */
final class MeasuredRows {
    private MeasuredRows() {}

    static Measured of(String label, List<Sample> samples) {
        return new Measured(
                new Cell(label, Family.C, new FrameTest.Broken(Kind.FAILED)),
                Jvm.NONE,
                WarmUp.NONE,
                samples,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false);
    }
}
