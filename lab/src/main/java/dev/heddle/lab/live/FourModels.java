package dev.heddle.lab.live;

import dev.heddle.Model;
import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.measure.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The present workload and settings under each model, one after the other, since at the same time they would disturb each other: some
 * seconds each, of which the first do not count. For one thread, but for {@link #told}, which is for those who hold the lock that
 * guards changes.
 */
final class FourModels {
    private static final Duration WARM_UP = Duration.ofMillis(1_500);
    private static final Duration MEASURED = Duration.ofSeconds(3);

    private static final List<Model> MODELS = List.of(Model.values());

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private boolean stopped;

    // Of the present turn.
    private long begun;
    private boolean counts;
    private long cpuBefore;
    private long[] before = new long[Board.BUCKETS];
    private final long[] rounds = new long[Board.BUCKETS];
    private long deadlocks;

    /** {@return whether there is a model left, or one at work} */
    boolean isUnderWay() {
        return !stopped && rows.size() < MODELS.size();
    }

    /** {@return the model whose turn it is} */
    Model model() {
        return MODELS.get(rows.size());
    }

    /** It is not gone on with; what has been measured stays. */
    void stop() {
        stopped = true;
    }

    /**
     * Called again and again while the model has its turn.
     *
     * @return whether its turn is over
     */
    boolean look(Session session) {
        long now = System.nanoTime();
        if (begun == 0) {
            if (session.rounds() == 0) {
                return false; // workers are started, say
            }
            begun = now;
        }
        long length = (counts ? MEASURED : WARM_UP).toNanos();
        if (now - begun < length) {
            return false;
        }
        if (counts) {
            add(session);
            finish(session, now - begun);
            return true;
        }
        counts = true;
        begun = now;
        before = session.counts();
        cpuBefore = cpuNanos();
        return false;
    }

    /** The session stands still, and another one takes its place in the same turn. */
    void standsStill(Session session) {
        deadlocks++;
        add(session);
        before = new long[Board.BUCKETS];
    }

    private void add(Session session) {
        if (counts) {
            long[] now = session.counts();
            for (int i = 0; i < rounds.length; i++) {
                rounds[i] += now[i] - before[i];
            }
        }
    }

    private void finish(Session session, long nanos) {
        long all = 0;
        for (long some : rounds) {
            all += some;
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("model", model().name());
        long throughput = Math.round(all * 1e9 / nanos);
        long p99 = Watched.quantile(rounds, all, 0.99);
        sentences.add("%s %s rounds/s, p99 %s".formatted(model(), Units.count(throughput), Units.time((double) p99)));
        row.put("throughput", throughput);
        row.put("p50Nanos", Watched.quantile(rounds, all, 0.5));
        row.put("p99Nanos", p99);
        row.put("cpusBusy", Math.round(100.0 * (cpuNanos() - cpuBefore) / nanos) / 100.0);
        row.put("osThreads", processes().mapToLong(ProcFs::threads).sum());
        row.put("rssBytes", processes().mapToLong(ProcFs::rssBytes).sum());
        Map<String, Long> figures = new LinkedHashMap<>(session.figures());
        if (deadlocks > 0) {
            figures.put("deadlocks", deadlocks);
        }
        row.put("figures", figures);
        rows.add(row);
        begun = 0;
        counts = false;
        deadlocks = 0;
        Arrays.fill(rounds, 0);
    }

    /** This process and its workers. */
    private static Stream<Long> processes() {
        return Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .map(ProcessHandle::pid);
    }

    private static long cpuNanos() {
        return processes().mapToLong(ProcFs::cpuNanos).sum();
    }

    /** {@return the models that have been measured, and which is at work} */
    Map<String, Object> told() {
        return Map.of("running", isUnderWay() ? model().name() : "", "rows", List.copyOf(rows));
    }

    /** {@return what was measured, as a sentence} */
    String sentence() {
        return String.join("; ", sentences);
    }
}
