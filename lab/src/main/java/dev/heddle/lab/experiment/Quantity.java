package dev.heddle.lab.experiment;

import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.measure.Sample;

/**
 * Something that each sample has a value of.
 *
 * @param name the name of the fact that holds it, or {@code time}
 * @param unit in what it is measured
 */
public record Quantity(String name, Unit unit) {
    /** How long the repetition took. */
    public static final Quantity TIME = new Quantity("time", Unit.TIME);

    /** {@return its value, or NaN if the sample does not have it} */
    double of(Sample sample) {
        if (equals(TIME)) {
            return sample.nanos();
        }
        for (Fact fact : sample.facts()) {
            if (fact.name().equals(name) && fact.value() instanceof Number number) {
                return number.doubleValue();
            }
        }
        return Double.NaN;
    }
}
