package dev.heddle.lab.experiment;

import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.Lint;
import dev.heddle.lab.measure.Quality;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.WarmUp;
import java.util.List;
import java.util.Optional;

/**
 * A cell with what was measured of it.
 *
 * @param cell the cell
 * @param jvm the JVM that was measured, or {@link Jvm#NONE}
 * @param warmUp the repetitions that do not count
 * @param samples those that do, in the order of measurement; none if it is missing
 * @param quality how far its times can be believed, if there are some
 * @param lints what explains its times, and can be mended
 * @param missing why there are no samples: what is to be installed, or how it failed
 * @param failed whether it failed, rather than lacking something
 */
public record Measured(
        Cell cell,
        Jvm jvm,
        WarmUp warmUp,
        List<Sample> samples,
        Optional<Quality> quality,
        List<Lint.Warning> lints,
        Optional<String> missing,
        boolean failed) {
    /** {@return whether there is something to judge} */
    public boolean isThere() {
        return !samples.isEmpty();
    }

    /** {@return the label of the cell} */
    public String label() {
        return cell.label();
    }

    /** {@return the values of a quantity in all samples that have it} */
    double[] values(Quantity quantity) {
        return samples.stream()
                .mapToDouble(quantity::of)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }
}
