package dev.heddle.lab.experiment;

import dev.heddle.FiberBacking;
import dev.heddle.Model;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Outcome.Fact;
import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.Latencies;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.measure.Scheduling;
import dev.heddle.lab.peer.Peer;
import dev.heddle.lab.probe.HeddleProbe;
import dev.heddle.lab.probe.Prober;
import dev.heddle.lab.probe.Profile;
import dev.heddle.lab.probe.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program whose units are probed. A sample has what was found as facts: for each trait its answer, and its evidence.
 *
 * @param model Heddle's model, if it is one
 * @param peer the program in another language, if it is that
 * @param args of the program
 */
record ProbeWork(Optional<Model> model, Optional<Peer> peer, List<String> args) implements Subject {
    static final String KIND = "kind";
    static final String CPUS = "CPUs used by two units";

    static Cell cell(String label, Model model, int processors, FiberBacking backing) {
        return new Cell(
                label,
                Family.valueOf(model.name()),
                new ProbeWork(
                        Optional.of(model), Optional.empty(), List.of(String.valueOf(processors), backing.name())));
    }

    static Cell cell(String label, Peer peer, int arg) {
        return new Cell(
                label,
                Family.valueOf(peer.language().name()),
                new ProbeWork(Optional.empty(), Optional.of(peer), List.of(String.valueOf(arg))));
    }

    /** {@return the fact that holds a trait's answer} */
    static String answer(Trait trait) {
        return trait.question();
    }

    /** {@return the fact that holds a trait's evidence} */
    static String evidence(Trait trait) {
        return trait.question() + " evidence";
    }

    @Override
    public String describe() {
        return "probe of "
                + model.map(Model::name)
                        .orElseGet(() -> peer.orElseThrow().language() + " program "
                                + peer.orElseThrow().name())
                + " " + String.join(" ", args);
    }

    private List<String> command() throws MeasureException {
        return model.isPresent()
                ? HeddleProbe.command(
                        model.get(), Integer.parseInt(args.getFirst()), FiberBacking.valueOf(args.getLast()))
                : Stream.concat(peer.orElseThrow().command().stream(), args.stream())
                        .toList();
    }

    @Override
    public Running start() throws MeasureException {
        List<String> command = command();
        return new Running() {
            @Override
            public Jvm await() {
                return Jvm.NONE;
            }

            @Override
            public Sample measure() throws MeasureException, InterruptedException {
                long start = System.nanoTime();
                Profile profile = Prober.probe(command);
                Outcome outcome = Outcome.of(KIND, profile.kind());
                for (Trait trait : Trait.values()) {
                    outcome = outcome.with(
                                    answer(trait), profile.of(trait).says().text())
                            .with(evidence(trait), profile.of(trait).evidence());
                }
                List<Fact> facts = new ArrayList<>(outcome.facts());
                facts.add(new Fact(CPUS, profile.cpusOfTwo(), false));
                return new Sample(
                        System.nanoTime() - start,
                        Sample.UNKNOWN,
                        Sample.UNKNOWN,
                        Sample.UNKNOWN,
                        Sample.UNKNOWN,
                        0,
                        0,
                        facts,
                        new Latencies(),
                        Scheduling.UNKNOWN);
            }

            @Override
            public void close() {}
        };
    }
}
