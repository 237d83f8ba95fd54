package dev.heddle.lab.experiment;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.peer.Language;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A thread that makes many short system calls, each of which leaves the lock, alone and beside one that computes. */
final class Convoy implements Experiment {
    private static final Quantity RATE = new Quantity("calls per second", Unit.RATE);

    /** Surely this many times as slow beside a thread that computes is a convoy. */
    private static final double SLOWER = 5;

    private static final List<String> WHO = List.of("THREAD no lock", "THREAD global lock", "Python");

    @Override
    public Question question() {
        return Question.Q6;
    }

    @Override
    public String name() {
        return "convoy";
    }

    @Override
    public String measures() {
        return "a thread that makes short system calls, each of which leaves the lock, alone and beside one that computes";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        long nanos = scale.pick(20, 200, 1_000) * 1_000_000L;
        List<Cell> cells = new ArrayList<>();
        for (int hogs = 0; hogs <= 1; hogs++) {
            String suffix = hogs == 0 ? " alone" : " beside";
            cells.add(HeddleWork.cell("no lock" + suffix, Work.class, Model.THREAD, 2, nanos, hogs + 1));
            cells.add(HeddleWork.locked(
                    "THREAD global lock" + suffix, Work.class, Gil.INTERVAL_NANOS, 2, nanos, hogs + 1));
            cells.add(PeerWork.cell("Python" + suffix, Language.PYTHON, "convoy", nanos, hogs));
        }
        return cells;
    }

    @Override
    public boolean lastsGivenTime() {
        return true;
    }

    /** The calling thread, and the computing one. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "system calls for NANOS in THREADS, of which all but one compute";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            long nanos = args.number(0, "NANOS", 1);
            int threads = (int) args.number(1, "THREADS", 1);
            AtomicBoolean over = new AtomicBoolean();
            List<Task<?>> computing = new ArrayList<>();
            for (int i = 1; i < threads; i++) {
                computing.add(h.start(() -> {
                    long x = 1;
                    while (!over.get()) {
                        x = Turns.run(x, 1_000);
                        Heddle.checkpoint();
                    }
                    return x;
                }));
            }
            Task<Long> calling = h.start(() -> {
                long calls = 0;
                try (FileOutputStream nowhere = new FileOutputStream("/dev/null")) {
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < nanos) {
                        Heddle.blocking(() -> {
                            nowhere.write(1);
                            return null;
                        });
                        calls++;
                    }
                }
                over.set(true);
                return calls;
            });
            long calls = calling.join();
            for (Task<?> task : computing) {
                task.join();
            }
            return Outcome.of(RATE.name(), Math.round(calls * 1e9 / nanos));
        }
    }

    @Override
    public Quantity quantity() {
        return RATE;
    }

    @Override
    public Answer judge(Findings findings) {
        Sheet.Lines sheet = new Sheet.Lines("", "alone", "beside", "times as slow", "95% interval");
        List<String> convoys = new ArrayList<>();
        List<String> none = new ArrayList<>();
        List<String> unsure = new ArrayList<>();
        for (String who : WHO) {
            Optional<Estimate> slower = findings.ratio(who + " alone", who + " beside", RATE);
            if (slower.isEmpty()) {
                sheet.add(who, "-");
                continue;
            }
            Estimate ratio = slower.get();
            sheet.add(
                    who,
                    findings.median(who + " alone", RATE).map(Estimate::text).orElse(""),
                    findings.median(who + " beside", RATE).map(Estimate::text).orElse(""),
                    ratio.text(),
                    ratio.range());
            (ratio.isAbove(SLOWER) ? convoys : ratio.isBelow(SLOWER) ? none : unsure)
                    .add(who + " (" + ratio.text() + " times)");
        }
        String said =
                "A thread that often leaves the lock for a moment has to wait an interval each time to get it back from one"
                        + " that computes: so much slower were its calls under " + Phrases.list(convoys)
                        + ", and no convoy was shown under " + Phrases.list(none) + ".";
        if (!unsure.isEmpty()) {
            said += " Not sure: " + Phrases.list(unsure) + ".";
        }
        return new Answer(said, List.of(), sheet.done(), Picture.strip(findings, RATE, "System calls per second"));
    }

    @Override
    public String howToRead() {
        return "Each point is one run; higher is better, and the axis is logarithmic where they are far apart. Without a lock the"
                + " computing thread has a CPU of its own and disturbs little. Under a lock every call, however short, costs the"
                + " caller a switch interval.";
    }
}
