package dev.heddle.lab.experiment;

import dev.heddle.FiberBacking;
import dev.heddle.Model;
import dev.heddle.lab.experiment.Answer.Belief;
import dev.heddle.lab.experiment.Sheet.Entry;
import dev.heddle.lab.peer.Language;
import dev.heddle.lab.peer.Peer;
import dev.heddle.lab.probe.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What units of concurrency are, found out from outside: of Heddle's models, or of what other languages create. */
final class Probes implements Experiment {
    /** Heddle's tasks wait on as many workers as the prober wants units; more are no use, since there are no CPUs for them. */
    private static final int WORKERS = 8;

    private static final Quantity CPUS = new Quantity(ProbeWork.CPUS, Unit.TIMES);

    private final Question question;

    private Probes(Question question) {
        this.question = question;
    }

    /** {@return of Heddle's models} */
    static Probes ofModels() {
        return new Probes(Question.Q4);
    }

    /** {@return of C, CPython and Go} */
    static Probes ofPeers() {
        return new Probes(Question.Q5);
    }

    @Override
    public Question question() {
        return question;
    }

    @Override
    public String name() {
        return question == Question.Q4 ? "probes" : "peer probes";
    }

    @Override
    public String measures() {
        return (question == Question.Q4 ? "what tasks of each model are" : "what these calls create")
                + ", found out from outside and by behaviour, never by name";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        int cpus = scale.several();
        return question == Question.Q4
                ? List.of(
                        ProbeWork.cell("PROCESS", Model.PROCESS, WORKERS, FiberBacking.CONTINUATION),
                        ProbeWork.cell("THREAD", Model.THREAD, cpus, FiberBacking.CONTINUATION),
                        ProbeWork.cell("GREEN", Model.GREEN, cpus, FiberBacking.CONTINUATION),
                        ProbeWork.cell("FIBER", Model.FIBER, 1, FiberBacking.CONTINUATION),
                        ProbeWork.cell("FIBER on OS threads", Model.FIBER, 1, FiberBacking.OS_THREAD))
                : List.of(
                        ProbeWork.cell("pthread_create()", new Peer(Language.C, "probe"), 0),
                        ProbeWork.cell("Python threading.Thread()", new Peer(Language.PYTHON, "probe"), 1),
                        ProbeWork.cell("Python multiprocessing.Process()", new Peer(Language.PYTHON, "probe"), 2),
                        ProbeWork.cell("go, GOMAXPROCS 1", new Peer(Language.GO, "probe"), 1),
                        ProbeWork.cell("go, GOMAXPROCS 2", new Peer(Language.GO, "probe"), cpus));
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 1, 3);
    }

    @Override
    public boolean isTimed() {
        return false; // the prober itself says that it is not sure where others had the CPUs
    }

    @Override
    public Answer judge(Findings findings) {
        List<String> headers = new ArrayList<>(List.of(""));
        for (Trait trait : Trait.values()) {
            headers.add(trait.question());
        }
        headers.add("so it creates");
        Sheet.Lines sheet = new Sheet.Lines(headers.toArray(String[]::new));
        Map<String, List<String>> byKind = new LinkedHashMap<>();
        for (Measured row : findings.rows()) {
            if (!row.isThere()) {
                sheet.add(row.label(), "-");
                continue;
            }
            List<Entry> entries = new ArrayList<>(List.of(new Entry(row.label(), "")));
            for (Trait trait : Trait.values()) {
                entries.add(new Entry(fact(row, ProbeWork.answer(trait)), fact(row, ProbeWork.evidence(trait))));
            }
            String kind = fact(row, ProbeWork.KIND);
            entries.add(new Entry(kind, ""));
            sheet.add(entries);
            byKind.computeIfAbsent(kind, k -> new ArrayList<>()).add(row.label());
        }
        List<String> said = new ArrayList<>();
        byKind.forEach((kind, labels) -> said.add(
                kind.equals("not sure")
                        ? "what is created by " + Phrases.list(labels) + " is not sure"
                        : Phrases.list(labels) + (labels.size() == 1 ? " creates " : " create ") + kind));
        String sentences = question == Question.Q4
                ? "They differ in who runs them, what they share, and who can stop them: found out by behaviour, "
                        + Phrases.list(said) + "."
                : "Found out by behaviour, " + Phrases.list(said) + ".";
        return new Answer(
                sentences,
                beliefs(findings),
                sheet.done(),
                Picture.strip(findings, CPUS, "How many CPUs two CPU-bound units used at the same time"));
    }

    /** If the samples differ, nothing is sure. */
    private static String fact(Measured row, String name) {
        List<String> values = row.samples().stream()
                .flatMap(sample -> sample.facts().stream())
                .filter(fact -> fact.name().equals(name))
                .map(fact -> String.valueOf(fact.value()))
                .toList();
        boolean evidence = name.endsWith("evidence");
        return evidence || values.stream().distinct().count() == 1 ? values.getFirst() : "not sure";
    }

    private List<Belief> beliefs(Findings findings) {
        return question == Question.Q4
                ? belief(findings, "FIBER", Trait.MANAGED, "fibers are managed by the OS").stream()
                        .toList()
                : belief(findings, "go, GOMAXPROCS 2", Trait.CONCURRENT, "goroutines are not truly concurrent")
                        .map(b -> new Belief(b.saying(), !b.holds(), b.evidence()))
                        .stream()
                        .toList();
    }

    private static Optional<Belief> belief(Findings findings, String label, Trait trait, String saying) {
        return findings.row(label)
                .filter(row -> !fact(row, ProbeWork.answer(trait)).equals("not sure"))
                .map(row -> new Belief(
                        saying,
                        fact(row, ProbeWork.answer(trait)).equals("yes"),
                        fact(row, ProbeWork.evidence(trait))));
    }

    @Override
    public String howToRead() {
        return "The table says what was seen; rest the pointer on a cell, or open the list below, for the evidence. The picture"
                + " shows how many CPUs two units that only compute used at the same time: near 2 they ran side by side, near"
                + " 1 they took turns.";
    }
}
