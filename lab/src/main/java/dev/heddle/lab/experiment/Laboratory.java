package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.lab.experiment.Conclusion.Standing;
import dev.heddle.lab.experiment.Scale.Size;
import dev.heddle.lab.measure.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs experiments, one after the other. All cells of an experiment are started and warmed up; then come the rounds of its
 * {@link Schedule}, with one cell at work at a time; then the experiment judges what was found, and it is looked at whether
 * that can be believed.
 *
 * <p>For one thread.
 */
public final class Laboratory {
    /** Other programs having more than this share of the machine make what is timed no answer. */
    static final double NOISY = 0.25;

    private final Scale scale;
    private final long seed;
    private final Progress progress;

    /**
     * @param scale how much to do
     * @param seed of the order and the bootstrap
     * @param progress told what is being done
     */
    public Laboratory(Scale scale, long seed, Progress progress) {
        this.scale = scale;
        this.seed = seed;
        this.progress = progress;
    }

    /**
     * Runs one experiment.
     *
     * @param experiment which
     * @return what came of it
     * @throws InterruptedException if the calling thread was interrupted
     */
    public Conclusion run(Experiment experiment) throws InterruptedException {
        long start = System.nanoTime();
        List<Cell> cells = experiment.cells(scale);
        Schedule schedule = Schedule.of(cells.size(), experiment.rounds(scale), seed, experiment.name());
        List<CellRun> runs = cells.stream().map(CellRun::new).toList();
        try {
            show(experiment, "starting");
            runs.forEach(CellRun::start);
            for (CellRun run : runs) {
                run.await();
            }
            if (experiment.isTimed()) {
                for (CellRun run : runs) {
                    show(experiment, "warming up " + run.label());
                    run.warmUp(experiment.lastsGivenTime());
                }
            }
            int round = 0;
            for (List<Integer> order : schedule.rounds()) {
                round++;
                for (int index : order) {
                    show(
                            experiment,
                            "round " + round + " of " + schedule.rounds().size() + ", "
                                    + runs.get(index).label());
                    runs.get(index).measure();
                }
            }
        } finally {
            show(experiment, "closing");
            close(runs);
        }
        List<Measured> rows = new ArrayList<>();
        for (CellRun run : runs) {
            rows.add(run.measured(seed, scale.cpus()));
        }
        return conclude(experiment, new Findings(rows, scale, seed), schedule, System.nanoTime() - start);
    }

    /** At the same time, since each of their processes takes a while to end. */
    private static void close(List<CellRun> runs) {
        try (Heddle heddle = Heddle.builder(Model.THREAD).open()) {
            runs.forEach(run -> heddle.start(run::close));
        }
    }

    static Conclusion conclude(Experiment experiment, Findings findings, Schedule schedule, long nanos) {
        Answer answer = experiment.judge(findings);
        Standing standing = standing(experiment, findings);
        String sentences = switch (standing) {
            case ANSWERED -> answer.sentences();
            case NOISY ->
                String.format(
                        Locale.ROOT,
                        "No answer, since the machine was noisy: other programs had %.0f%% of it. Run it again when they"
                                + " have ended.",
                        findings.foreignShare() * 100);
            case TOO_SMALL ->
                "No answer, since so little was measured that chance decides what it shows. Run it without --smallest.";
            case NOTHING -> "No answer, since nothing could be measured; the notes say why.";
            case FAILED -> "No answer, since something failed that should have worked; the notes say what.";
        };
        // What is no answer says nothing about beliefs either.
        Answer shown = standing == Standing.ANSWERED
                ? answer
                : new Answer(answer.sentences(), List.of(), answer.sheet(), answer.picture());
        return new Conclusion(experiment, findings, schedule, standing, sentences, shown, nanos);
    }

    private static Standing standing(Experiment experiment, Findings findings) {
        if (findings.rows().stream().anyMatch(Measured::failed)) {
            return Standing.FAILED;
        }
        if (findings.present().isEmpty()) {
            return Standing.NOTHING;
        }
        if (experiment.isTimed() && findings.foreignShare() > NOISY) {
            return Standing.NOISY;
        }
        return findings.scale().size() == Size.SMALLEST ? Standing.TOO_SMALL : Standing.ANSWERED;
    }

    private void show(Experiment experiment, String what) {
        progress.show(experiment.question() + " " + experiment.name() + ": " + what);
    }
}
