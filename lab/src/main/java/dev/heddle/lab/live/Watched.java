package dev.heddle.lab.live;

import dev.heddle.lab.measure.ProcFs;
import dev.heddle.lab.measure.ProcFs.MachineTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What happened within the last second: rounds, how long they took, how busy each CPU was, and with others. For one thread. */
final class Watched {
    /** How many samples make a second. */
    private static final int SAMPLES = 10;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(long nanos, long[] counts, List<MachineTime> cpus, long ownNanos) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** This process and those below it; to find them is too dear for every look. */
    private List<Long> own = List.of();

    private int looks;

    /**
     * {@return what is seen now}
     *
     * @param counts rounds so far, see {@link Board}
     */
    Map<String, Object> look(long[] counts) {
        Sample now = new Sample(System.nanoTime(), counts, ProcFs.processors(), ownNanos());
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
        seen.put("otherCpus", seconds > 0 ? others(then, now) / seconds : 0);
        return seen;
    }

    private long ownNanos() {
        if (looks++ % SAMPLES == 0) {
            ProcessHandle self = ProcessHandle.current();
            own = Stream.concat(Stream.of(self), self.descendants())
                    .map(ProcessHandle::pid)
                    .toList();
        }
        return own.stream().mapToLong(ProcFs::cpuNanos).sum();
    }

    /** {@return how many seconds of processor time other programs had} At least as many: a worker may have come, or gone. */
    private static double others(Sample then, Sample now) {
        long used = 0;
        for (int i = 0; i < Math.min(then.cpus().size(), now.cpus().size()); i++) {
            used += now.cpus().get(i).used() - then.cpus().get(i).used();
        }
        long mine = Math.max(0, now.ownNanos() - then.ownNanos());
        return Math.max(0, used - mine) / 1e9;
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
