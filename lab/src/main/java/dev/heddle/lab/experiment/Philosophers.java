package dev.heddle.lab.experiment;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Mutex;
import dev.heddle.SharedLongs;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Dijkstra's dining philosophers: five tasks around five mutexes, and each needs the two beside it. If each takes its left one
 * first they can all wait for ever; if each takes the one with the lower number first they cannot.
 */
final class Philosophers implements Experiment {
    private static final int SEATS = 5;
    private static final long MEALS = 10;
    private static final long LEFT_FIRST = 1;
    private static final long LOWER_FIRST = 2;

    /** How long nobody may eat until they count as standing still. */
    private static final long STILL_MILLIS = 1_000;

    /** How long a philosopher waits, at the first meal only, for all others to hold a fork as well. */
    private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final Quantity EATEN = new Quantity("meals", Unit.COUNT);

    @Override
    public Question question() {
        return Question.Q3;
    }

    @Override
    public String name() {
        return "dining philosophers";
    }

    @Override
    public String measures() {
        return "five tasks around five locks, each of which needs two of them for " + MEALS
                + " meals; how many are eaten";
    }

    @Override
    public List<Cell> cells(Scale scale) {
        List<Cell> cells = new ArrayList<>();
        for (Model model : Model.values()) {
            cells.add(HeddleWork.cell("left first", Work.class, model, SEATS, LEFT_FIRST));
            cells.add(HeddleWork.cell("lower first", Work.class, model, SEATS, LOWER_FIRST));
        }
        return cells;
    }

    @Override
    public int rounds(Scale scale) {
        return scale.pick(1, 2, 7);
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    /** The dinner. */
    public static final class Work implements Workload {
        @Override
        public String describe() {
            return "five philosophers who take forks in an ORDER";
        }

        @Override
        public Outcome run(Heddle h, Args args) throws Exception {
            boolean lowerFirst = args.number(0, "ORDER", LEFT_FIRST) == LOWER_FIRST;
            List<Mutex> forks = new ArrayList<>();
            for (int seat = 0; seat < SEATS; seat++) {
                forks.add(h.mutex());
            }
            SharedLongs meals = h.sharedLongs(1);
            SharedLongs holding = h.sharedLongs(1);
            Channel<Boolean> seated = h.channel(SEATS);
            List<Task<?>> philosophers = new ArrayList<>();
            for (int seat = 0; seat < SEATS; seat++) {
                int left = seat;
                int right = (seat + 1) % SEATS;
                Mutex first = forks.get(lowerFirst ? Math.min(left, right) : left);
                Mutex second = forks.get(lowerFirst ? Math.max(left, right) : right);
                philosophers.add(h.start(() -> dine(first, second, seated, holding, meals)));
            }
            for (int seat = 0; seat < SEATS; seat++) {
                seated.receive(); // a worker may have to be started first
            }
            boolean still = false;
            long eaten = 0;
            while (!still && eaten < SEATS * MEALS) {
                long before = eaten;
                still = !allEndWithin(philosophers, STILL_MILLIS) && meals.getAcquire(0) == before;
                eaten = meals.getAcquire(0);
            }
            if (still) {
                philosophers.forEach(Task::kill);
                for (Task<?> philosopher : philosophers) {
                    awaitEnd(philosopher);
                }
            }
            return Outcome.of(EATEN.name(), eaten).with("stood still", still ? 1 : 0);
        }

        private static void dine(
                Mutex first, Mutex second, Channel<Boolean> seated, SharedLongs holding, SharedLongs meals)
                throws InterruptedException {
            seated.send(true);
            for (long meal = 0; meal < MEALS; meal++) {
                first.lock();
                try {
                    if (meal == 0) {
                        // By chance it happens sooner or later that all hold one fork; here it is waited for.
                        holding.getAndAdd(0, 1);
                        long end = System.nanoTime() + TOGETHER_NANOS;
                        while (holding.getAcquire(0) < SEATS && System.nanoTime() - end < 0) {
                            Thread.sleep(1);
                        }
                    }
                    second.lock();
                    try {
                        meals.getAndAdd(0, 1);
                    } finally {
                        second.unlock();
                    }
                } finally {
                    first.unlock();
                }
            }
        }

        /** Waits in the heddle, so that the owner of fibers runs them. */
        private static boolean allEndWithin(List<Task<?>> tasks, long millis)
                throws InterruptedException, ExecutionException {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            for (Task<?> task : tasks) {
                try {
                    task.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    return false;
                }
            }
            return true;
        }

        /** It has been killed: that it failed is no news. */
        private static void awaitEnd(Task<?> task) throws InterruptedException {
            try {
                task.get();
            } catch (ExecutionException | CancellationException e) {
                return;
            }
        }
    }

    @Override
    public Answer judge(Findings findings) {
        Quantity still = new Quantity("stood still", Unit.COUNT);
        Sheet.Lines sheet = new Sheet.Lines("", "meals eaten", "of", "stood still");
        List<String> stood = new ArrayList<>();
        List<String> spared = new ArrayList<>();
        List<String> mended = new ArrayList<>();
        List<String> stillBroken = new ArrayList<>();
        for (Measured row : findings.rows()) {
            double[] values = row.values(still);
            if (values.length == 0) {
                sheet.add(row.label(), "-");
                continue;
            }
            long times = Arrays.stream(values).filter(v -> v != 0).count();
            sheet.add(
                    row.label(),
                    findings.median(row, EATEN).map(Estimate::text).orElse(""),
                    String.valueOf(SEATS * MEALS),
                    times + " of " + values.length);
            String model = row.cell().family().name();
            if (row.label().endsWith("lower first")) {
                (times == 0 ? mended : stillBroken).add(model);
            } else {
                (times > 0 ? stood : spared).add(model);
            }
        }
        String said = "Because tasks wait for each other: where each takes its left lock first, all stood still under "
                + Phrases.list(stood)
                + (spared.isEmpty() ? "" : ", by luck not under " + Phrases.list(spared))
                + ". Where each takes the lower-numbered lock first, "
                + (stillBroken.isEmpty()
                        ? "all ate under " + Phrases.list(mended)
                        : "they still stood still under " + Phrases.list(stillBroken))
                + ": no model protects from a deadlock, an order of locks does.";
        return new Answer(
                said,
                List.of(),
                sheet.done(),
                Picture.strip(findings, EATEN, "Meals eaten in each run; " + SEATS * MEALS + " is everybody's fill"));
    }

    @Override
    public String howToRead() {
        return "Each point is one dinner; " + SEATS * MEALS
                + " meals mean that everybody ate. A dinner that stands still has few"
                + " or none, since all hold one fork and wait for another. Nobody can wait in a circle if everyone takes"
                + " locks in the same order.";
    }
}
