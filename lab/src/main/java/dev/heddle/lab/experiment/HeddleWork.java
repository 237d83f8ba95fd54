package dev.heddle.lab.experiment;

import dev.heddle.Model;
import dev.heddle.lab.Workload;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Runner;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Spec;
import java.util.Arrays;
import java.util.List;

/**
 * A workload under one of Heddle's models, in a runner: a JVM that measures it and nothing else, as {@code compare} does.
 *
 * @param spec what the runner measures
 */
record HeddleWork(Spec spec) implements Subject {
    /**
     * @param type the workload: a public class with a public constructor without parameters
     * @param args numbers, as the workload's arguments
     */
    static HeddleWork of(Class<? extends Workload> type, Model model, int processors, long... args) {
        List<String> words = Arrays.stream(args).mapToObj(String::valueOf).toList();
        return new HeddleWork(new Spec(type.getName(), words, model, processors, Jvm.flagsPassedOn()));
    }

    /** A cell whose label begins with the model. */
    static Cell cell(String suffix, Class<? extends Workload> type, Model model, int processors, long... args) {
        String label = suffix.isEmpty() ? model.name() : model.name() + " " + suffix;
        return new Cell(label, Cell.Family.valueOf(model.name()), of(type, model, processors, args));
    }

    /** A cell of THREAD, the model that is as CPython's threads are, with a global lock of so long an interval. */
    static Cell locked(String label, Class<? extends Workload> type, long lockNanos, int processors, long... args) {
        Spec spec = of(type, Model.THREAD, processors, args).spec();
        return new Cell(
                label,
                Cell.Family.THREAD,
                new HeddleWork(
                        new Spec(spec.workload(), spec.args(), spec.model(), processors, spec.jvmFlags(), lockNanos)));
    }

    @Override
    public String describe() {
        return spec.workload().substring(spec.workload().lastIndexOf('.') + 1) + " " + String.join(" ", spec.args())
                + " under " + spec.model() + " with processors(" + spec.processors() + ")"
                + (spec.lockNanos() > 0 ? " and a global lock of " + spec.lockNanos() + " ns" : "");
    }

    @Override
    public Running start() throws MeasureException {
        Runner runner;
        try {
            runner = new Runner(spec, List.of(), Model.PROCESS);
        } catch (IllegalStateException e) {
            throw new MeasureException(Kind.UNAVAILABLE, "no runner can be started: " + e.getMessage(), "");
        }
        return new Running() {
            @Override
            public Jvm await() throws MeasureException, InterruptedException {
                return runner.awaitOpen().jvm();
            }

            @Override
            public Sample measure() throws MeasureException, InterruptedException {
                return runner.measure();
            }

            @Override
            public void close() {
                runner.close();
            }
        };
    }
}
