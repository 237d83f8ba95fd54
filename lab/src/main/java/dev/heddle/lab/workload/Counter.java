package dev.heddle.lab.workload;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Sink;
import dev.heddle.Source;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The classic race, left as it is: one task adds 1 a million times, another subtracts 1 as often, from one plain field
 * without any lock. It reports what it finds and asserts nothing, since chance decides.
 */
public final class Counter implements Workload {
    private static final long DEFAULT_TIMES = 1_000_000;

    /** Plain, which is the point: neither volatile nor atomic. */
    private static int value;

    @Override
    public String describe() {
        return "adds 1 and subtracts 1 in two tasks, N times each, on one plain field; other than 0, updates were lost"
                + " (N: 1,000,000)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        args.requireAtMost(1);
        long times = args.number(0, "N", DEFAULT_TIMES);
        value = 0;
        // So that the two overlap they wait for each other before they start; with one processor a waiting task of the
        // PROCESS model would
        // keep the other from starting, and nothing could overlap in any case.
        boolean together = h.processors() > 1;
        Channel<String> toAdder = h.channel(1);
        Channel<String> toSubtracter = h.channel(1);
        List<Task<Long>> tasks = List.of(
                h.start(() -> count(times, +1, together, toSubtracter, toAdder)),
                h.start(() -> count(times, -1, together, toAdder, toSubtracter)));
        Set<Long> addressSpaces = new HashSet<>(Tasks.joinAll(tasks));
        addressSpaces.add(ProcessHandle.current().pid());
        return Outcome.NOTHING.finding("final value", value).with("address spaces", addressSpaces.size());
    }

    private static long count(long times, int step, boolean together, Sink<String> other, Source<String> mine)
            throws InterruptedException {
        if (together) {
            other.send("ready");
            mine.receive();
        }
        for (long i = 0; i < times; i++) {
            value += step;
            // Without the fences the compiler may add all at once at the end of the loop. They forbid only that: on x86
            // they are no instruction, and nowhere do they make the update atomic. The pause makes the loop last some
            // ten milliseconds, long enough for the two tasks to meet.
            VarHandle.acquireFence();
            Thread.onSpinWait();
            VarHandle.releaseFence();
        }
        return ProcessHandle.current().pid();
    }
}
