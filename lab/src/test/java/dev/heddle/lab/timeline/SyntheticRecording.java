package dev.heddle.lab.timeline;

import dev.heddle.Model;
import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What a scheduler with some carriers might have recorded: tasks that start each other, run, and wait for everything there is. The
 * same seed gives the same events.
 */
final class SyntheticRecording {
    private static final List<String> NAMES = List.of("Reader", "Digest", "Server.handle", "Writer");
    private static final Reason[] REASONS = {
        Reason.CHANNEL,
        Reason.CHANNEL,
        Reason.CHANNEL,
        Reason.YIELD,
        Reason.LOCK,
        Reason.IO,
        Reason.SLEEP,
        Reason.JOIN,
        Reason.GLOBAL_LOCK,
        Reason.BLOCKED,
        Reason.OTHER
    };
    private static final int CHANNELS = 4;

    private final SplittableRandom random;
    private final int tasks;
    private final int size;
    private final List<TraceEvent> events = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final ArrayDeque<Long> ready = new ArrayDeque<>();
    private final Map<Long, Long> receives = new HashMap<>();
    private final Map<Long, Integer> laps = new HashMap<>();
    private final long[] running;
    private long now;
    private long started;
    private long order;

    /** Something that will happen: the task on the carrier stops, or, where that is -1, the task is woken. */
    private record Due(long nanos, long order, int carrier, long task, Reason reason) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(order, other.order);
        }
    }

    private SyntheticRecording(long seed, int carriers, int tasks, int size) {
        this.random = new SplittableRandom(seed);
        this.running = new long[carriers];
        this.tasks = tasks;
        this.size = size;
    }

    /** {@return a recording of about so many events} */
    static Recording of(long seed, int carriers, int tasks, int events) {
        return new SyntheticRecording(seed, carriers, tasks, events).record(events);
    }

    private Recording record(int most) {
        start(0);
        while (events.size() < most && !(due.isEmpty() && ready.isEmpty())) {
            for (int c = 0; c < running.length && !ready.isEmpty(); c++) {
                if (running[c] == 0) {
                    mount(c, ready.remove());
                }
            }
            Due next = due.remove();
            now = next.nanos;
            if (next.carrier >= 0) {
                stop(next);
            } else {
                wake(next.task);
            }
        }
        List<Lane> lanes = new ArrayList<>();
        for (int c = 0; c < running.length; c++) {
            lanes.add(new Lane(c, "green-1-carrier-" + c));
        }
        Map<Long, String> names = new HashMap<>();
        for (long t = 1; t <= started; t++) {
            names.put(t, NAMES.get((int) (t % NAMES.size())));
        }
        return Recording.of(Model.GREEN, Instant.EPOCH, Duration.ofNanos(now + 1), lanes, names, events, 0);
    }

    private void start(long parent) {
        if (started < tasks) {
            started++;
            event(Kind.START, started, parent == 0 ? TraceEvent.NO_LANE : carrierOf(parent), parent);
            ready.add(started);
        }
    }

    private void mount(int carrier, long task) {
        running[carrier] = task;
        now += 120;
        event(Kind.MOUNT, task, carrier, 0);
        Long channel = receives.remove(task);
        if (channel != null) {
            event(Kind.RECEIVE, task, carrier, channel);
        }
        int lap = laps.merge(task, 1, Integer::sum);
        long share = Math.max(3, size / (tasks * 4L));
        boolean over = random.nextLong(2 * share) == 0 && lap > share;
        Reason reason = over ? Reason.DONE : REASONS[random.nextInt(REASONS.length)];
        due.add(new Due(now + exponential(40_000), order++, carrier, task, reason));
    }

    @SuppressWarnings("EnumOrdinal") // what an UNMOUNT has
    private void stop(Due run) {
        start(run.task);
        if (run.reason == Reason.CHANNEL && random.nextBoolean()) {
            event(Kind.SEND, run.task, run.carrier, run.task % CHANNELS);
        }
        if (run.reason == Reason.DONE) {
            event(Kind.END, run.task, run.carrier, random.nextInt(10) == 0 ? 1 : 0);
        }
        if (run.reason == Reason.BLOCKED) {
            event(Kind.HANDOFF, run.task, run.carrier, run.carrier);
        }
        now += 80;
        event(Kind.UNMOUNT, run.task, run.carrier, run.reason.ordinal());
        running[run.carrier] = 0;
        if (run.reason == Reason.YIELD) {
            ready.add(run.task);
        } else if (run.reason != Reason.DONE) {
            due.add(new Due(now + exponential(50_000.0 * tasks / running.length), order++, -1, run.task, run.reason));
            if (run.reason == Reason.CHANNEL) {
                receives.put(run.task, run.task % CHANNELS);
            }
        }
    }

    private void wake(long task) {
        int carrier = random.nextInt(running.length);
        long waker = running[carrier];
        event(Kind.WAKE, task, waker == 0 ? TraceEvent.NO_LANE : carrier, waker);
        ready.add(task);
    }

    private int carrierOf(long task) {
        for (int c = 0; c < running.length; c++) {
            if (running[c] == task) {
                return c;
            }
        }
        return TraceEvent.NO_LANE;
    }

    private long exponential(double mean) {
        return 1 + (long) (-Math.log(1 - random.nextDouble()) * mean);
    }

    private void event(Kind kind, long task, int lane, long detail) {
        events.add(new TraceEvent(now, kind, task, lane, detail));
    }
}
