package dev.heddle.lab.live;

import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.measure.ProcFs.MachineTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened within the last second: rounds, how long they took, and how busy each CPU was. For one thread. */
final class Watched {
    /** How many samples make a second. */
    private static final int SAMPLES = 10;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(long nanos, long[] counts, List<MachineTime> cpus) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * {@return what is seen now}
     *
     * @param counts rounds so far, see {@link Board}
     */
    Map<String, Object> look(long[] counts) {
        Sample now = new Sample(System.nanoTime(), counts, ProcFs.processors());
        samples.addLast(now);
        if (samples.size() > SAMPLES + 1) {
            samples.removeFirst();
        }
        Sample then = samples.getFirst();
        long[] recent = new long[counts.length];
        long rounds = 0;
        for (int i = 0; i < counts.length; i++) {
            recent[i] = counts[i] - then.counts()[i];
            rounds += recent[i];
        }
        double seconds = (now.nanos() - then.nanos()) / 1e9;
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("throughput", seconds > 0 ? Math.round(rounds / seconds) : 0);
        seen.put("p50Nanos", quantile(recent, rounds, 0.5));
        seen.put("p99Nanos", quantile(recent, rounds, 0.99));
        seen.put("maxNanos", quantile(recent, rounds, 1));
        seen.put("cpus", busy(then.cpus(), now.cpus()));
        return seen;
    }

    /** Of what comes is nothing known yet, as when another heddle has been opened. */
    void forget() {
        samples.clear();
    }

    /** {@return the time that a part of all rounds did not exceed, or 0 if there were none} */
    static long quantile(long[] counts, long all, double part) {
        if (all == 0) {
            return 0;
        }
        long left = (long) Math.ceil(part * all);
        int bucket = -1;
        while (left > 0 && bucket < counts.length - 1) {
            left -= counts[++bucket];
        }
        return Board.upTo(bucket);
    }

    private static List<Long> busy(List<MachineTime> then, List<MachineTime> now) {
        List<Long> percents = new ArrayList<>();
        for (int i = 0; i < Math.min(then.size(), now.size()); i++) {
            long total = now.get(i).total() - then.get(i).total();
            long used = now.get(i).used() - then.get(i).used();
            percents.add(total <= 0 ? 0 : Math.round(100.0 * used / total));
        }
        return percents;
    }
}
