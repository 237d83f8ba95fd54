package dev.heddle.lab.experiment;

import dev.heddle.lab.experiment.Scale.Size;
import java.util.List;

/** Runs experiments at their smallest size. */
final class Smallest {
    static final Scale SCALE = new Scale(Size.SMALLEST, Runtime.getRuntime().availableProcessors());

    private Smallest() {}

    static Conclusion run(Experiment experiment) throws InterruptedException {
        return new Laboratory(SCALE, 11, line -> {}).run(experiment);
    }

    /** Rows that say why they are missing; a machine without gcc or go has some. */
    static List<String> missing(Conclusion conclusion) {
        return conclusion.findings().rows().stream()
                .filter(row -> row.missing().isPresent())
                .map(row -> row.label() + ": " + row.missing().get())
                .toList();
    }

    /** The values of a fact in the row of this label. */
    static double[] values(Conclusion conclusion, String label, String fact) {
        return conclusion.findings().row(label).orElseThrow().values(new Quantity(fact, Unit.COUNT));
    }
}
