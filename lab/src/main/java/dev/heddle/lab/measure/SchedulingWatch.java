package dev.heddle.lab.measure;

import dev.heddle.GlobalLockStats;
import dev.heddle.Heddle;
import dev.heddle.Stats;
import dev.heddle.lab.Queues;
import dev.heddle.lab.measure.Scheduling.LockUse;
import dev.heddle.lab.measure.Scheduling.QueueUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at a heddle and its channels while one repetition runs.
 *
 * <p>To ask a heddle for its statistics takes as long as it has tasks, so one that takes long is asked seldom: at most a
 * hundredth of the time is spent on it, and who has many tasks for less than that is not seen.
 *
 * <p>One thread makes it and, when no look is going on any more, takes the result; another looks.
 */
final class SchedulingWatch {
    private static final int SHARE = 100;

    private final Heddle heddle;
    private final Queues queues;
    private final long intervalNanos;
    private final Stats before;
    private final Map<Queues.Named, int[]> seen = new LinkedHashMap<>(); // looks, full, empty
    private long mostLive;
    private long notBefore;
    private long ready;
    private int looks;

    /** @param intervalNanos the switch interval of the heddle's global lock; 0 for none */
    SchedulingWatch(Heddle heddle, Queues queues, long intervalNanos) {
        this.heddle = heddle;
        this.queues = queues;
        this.intervalNanos = intervalNanos;
        before = heddle.stats();
        notBefore = System.nanoTime();
    }

    void look() {
        long start = System.nanoTime();
        if (start - notBefore >= 0) {
            Stats now = heddle.stats();
            mostLive = Math.max(mostLive, now.started() - now.completed());
            long end = System.nanoTime();
            notBefore = end + SHARE * (end - start);
        }
        for (Queues.Named queue : queues.watched()) {
            if (!queue.channel().isClosed()) {
                int size = queue.channel().size();
                int[] counts = seen.computeIfAbsent(queue, q -> new int[3]);
                counts[0]++;
                counts[1] += size >= queue.channel().capacity() ? 1 : 0;
                counts[2] += size == 0 ? 1 : 0;
            }
        }
        ready += ProcFs.ready() - 1; // without the thread that looks
        looks++;
    }

    /** @param forcedSwitches of the same repetition */
    Scheduling result(long forcedSwitches) {
        Stats after = heddle.stats();
        long tasks = after.started() - before.started();
        List<QueueUse> uses = new ArrayList<>();
        seen.forEach((queue, counts) ->
                uses.add(new QueueUse(queue.name(), queue.channel().capacity(), counts[0], counts[1], counts[2])));
        return new Scheduling(
                tasks,
                // One that was over before anybody looked was there all the same.
                Math.max(mostLive, Math.min(tasks, 1)),
                forcedSwitches,
                looks == 0 ? Sample.UNKNOWN : (double) ready / looks,
                after.handoffs() - before.handoffs(),
                lock(before.lock(), after.lock()),
                List.copyOf(uses));
    }

    private LockUse lock(GlobalLockStats before, GlobalLockStats after) {
        return new LockUse(
                intervalNanos,
                after.holds() - before.holds(),
                after.forcedSwitches() - before.forcedSwitches(),
                after.held().minus(before.held()).toNanos(),
                after.waited().minus(before.waited()).toNanos());
    }
}
