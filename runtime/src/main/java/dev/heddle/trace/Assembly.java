package dev.heddle.trace;

import dev.heddle.Model;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.Traced;
import dev.heddle.internal.trace.WorkerEvents;
import dev.heddle.trace.TraceEvent.Kind;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a {@link Recording} of what the threads have written down, each for itself: brings that in order, finds out which task each
 * thread executed and where, and leaves out what is too old.
 *
 * <p>Two things that happen at nearly one moment, on two threads, may be written down in the wrong order, and are put right: a task
 * that goes on elsewhere before the carrier that it left has come to write that down; and a task that is woken, or wakes itself, to
 * yield, before it has left.
 */
final class Assembly {
    private final FlightTrace.Snapshot of;
    private final Model model;
    private final Traced heddle;
    private final long from;

    /** Events in order: which run, and where in it. */
    private long[][] runs = new long[0][];

    private int[] runOf = new int[0];
    private int[] at = new int[0];
    private int size;

    /** Runs with the events of a worker, and its number. */
    private final Map<Integer, WorkerEvents> workerOfRun = new HashMap<>();

    /** Numbers of stacks: all processes have their own, and the recording one for each place. */
    private final Map<List<String>, Integer> stacks = new LinkedHashMap<>();

    private final Map<Long, Long> taskOfThread = new HashMap<>();
    private final TreeMap<Long, String> names = new TreeMap<>();

    /** Details of UNMOUNTs by the MOUNTs that they come before. */
    private final Map<Integer, Long> earlier = new HashMap<>();

    private final BitSet left = new BitSet();

    // While events are written: what is so at the time of the event.
    private final Map<Long, Integer> laneOf = new HashMap<>();
    private final Map<Integer, Long> taskOn = new HashMap<>();
    private final Map<Long, Long> wokenBy = new HashMap<>();
    private final Map<Integer, Integer> lockedBefore = new HashMap<>();
    private final TreeSet<Integer> lanes = new TreeSet<>();
    private Events events = new Events(0);
    private long dropped;
    private boolean begun;

    /**
     * @param of what was written down
     * @param heddle whose
     * @param keepNanos how much of it to keep
     */
    Assembly(FlightTrace.Snapshot of, Traced heddle, long keepNanos) {
        this.of = of;
        this.heddle = heddle;
        this.model = heddle.model();
        this.from = Math.max(of.horizon(), Math.max(0, of.now() - keepNanos));
    }

    Recording recording() {
        merge();
        bind();
        findLate();
        events = new Events(size);
        for (int i = 0; i < size; i++) {
            if (!left.get(i) && FlightTrace.nanos(first(i)) <= of.now()) {
                write(i);
            }
        }
        begin();
        heddle.pollers().forEach(thread -> names.put(-thread, "poller"));
        List<Lane> named = lanes.stream()
                .map(lane -> new Lane(lane, heddle.laneName(lane)))
                .toList();
        long lost = of.lost()
                + dropped
                + of.workers().stream().mapToLong(WorkerEvents::lost).sum();
        return new Recording(
                model,
                of.start().plusNanos(from),
                Duration.ofNanos(of.now() - from),
                named,
                TaskNames.of(names),
                events,
                lost,
                List.copyOf(stacks.keySet()));
    }

    // ---- order

    /** A run as far as it has not been merged. */
    private record Rest(int run, int at, long first) implements Comparable<Rest> {
        @Override
        public int compareTo(Rest other) {
            int byTime = Long.compare(FlightTrace.nanos(first), FlightTrace.nanos(other.first));
            return byTime != 0 ? byTime : Integer.compare(run, other.run);
        }
    }

    private void merge() {
        List<long[]> all = new ArrayList<>(of.runs());
        for (WorkerEvents worker : of.workers()) {
            workerOfRun.put(all.size(), worker);
            all.add(worker.words());
        }
        runs = all.toArray(long[][]::new);
        int total = all.stream().mapToInt(run -> run.length / FlightTrace.WORDS).sum();
        runOf = new int[total];
        at = new int[total];
        PriorityQueue<Rest> rests = new PriorityQueue<>();
        for (int run = 0; run < runs.length; run++) {
            if (runs[run].length > 0) {
                rests.add(new Rest(run, 0, runs[run][0]));
            }
        }
        for (Rest rest = rests.poll(); rest != null; rest = rests.poll()) {
            long[] words = runs[rest.run];
            Rest next = rests.peek();
            int i = rest.at;
            do {
                runOf[size] = rest.run;
                at[size++] = i;
                i += FlightTrace.WORDS;
            } while (i < words.length && (next == null || FlightTrace.nanos(words[i]) < FlightTrace.nanos(next.first)));
            if (i < words.length) {
                rests.add(new Rest(rest.run, i, words[i]));
            }
        }
    }

    private long first(int i) {
        return runs[runOf[i]][at[i]];
    }

    private Trace.Event event(int i) {
        return FlightTrace.event(first(i));
    }

    private long subject(int i) {
        return runs[runOf[i]][at[i] + 1];
    }

    private long detail(int i) {
        return runs[runOf[i]][at[i] + 2];
    }

    private int worker(int i) {
        WorkerEvents events = workerOfRun.get(runOf[i]);
        return events == null ? TraceEvent.NO_LANE : events.worker();
    }

    // ---- who is who

    private void bind() {
        heddle.forEachBegun(taskOfThread::put);
        for (int i = 0; i < size; i++) {
            switch (event(i)) {
                case START ->
                    names.put(subject(i), of.names().getOrDefault(FlightTrace.name(detail(i)), "task " + subject(i)));
                case BEGAN -> taskOfThread.put(detail(i), subject(i));
                case END -> {
                    if (FlightTrace.thread(detail(i)) != 0) {
                        taskOfThread.put(FlightTrace.thread(detail(i)), subject(i));
                    }
                }
                default -> {}
            }
        }
    }

    /** {@return the task that a subject stands for} */
    private long task(int i) {
        long subject = subject(i);
        return model == Model.PROCESS ? subject : taskOfThread.getOrDefault(subject, -subject);
    }

    private long taskOf(long thread) {
        return model == Model.PROCESS ? 0 : taskOfThread.getOrDefault(thread, 0L);
    }

    private int lane(int i) {
        return worker(i) >= 0 ? worker(i) : FlightTrace.lane(detail(i));
    }

    /** Finds those that have gone on elsewhere before they had left, as it seems. */
    private void findLate() {
        Map<Long, Integer> on = new HashMap<>();
        Map<Long, Integer> tooEarly = new HashMap<>();
        for (int i = 0; i < size; i++) {
            if (event(i) == Trace.Event.MOUNT) {
                Integer before = on.put(task(i), lane(i));
                if (before != null && before != lane(i)) {
                    tooEarly.put(task(i), i);
                }
            } else if (event(i) == Trace.Event.UNMOUNT) {
                Integer now = on.get(task(i));
                Integer mount = tooEarly.remove(task(i));
                if (mount != null && now != null && now != lane(i)) {
                    earlier.put(mount, detail(i));
                    left.set(i);
                } else {
                    on.remove(task(i));
                }
            }
        }
    }

    // ---- writing

    private void write(int i) {
        long nanos = FlightTrace.nanos(first(i));
        long task = task(i);
        if (nanos >= from) {
            begin(); // before this event changes what is so
        }
        switch (event(i)) {
            case START -> {
                long parent = taskOf(FlightTrace.starter(detail(i)));
                add(nanos, Kind.START, subject(i), laneOf.getOrDefault(parent, TraceEvent.NO_LANE), parent);
            }
            case BEGAN -> {}
            case MOUNT -> mount(i, nanos, task);
            case UNMOUNT -> unmount(nanos, task, lane(i), FlightTrace.reason(detail(i)));
            case WAKE -> {
                long known = taskOf(detail(i));
                long waker = known == task ? 0 : known; // it has seen itself that its time is over
                if (laneOf.containsKey(task)) {
                    wokenBy.putIfAbsent(task, waker);
                } else {
                    wake(nanos, task, waker);
                }
            }
            case END -> {
                long ended = subject(i);
                int lane = laneOf.getOrDefault(ended, TraceEvent.NO_LANE);
                add(nanos, Kind.END, ended, lane, FlightTrace.outcome(detail(i)));
            }
            case STEAL -> add(nanos, Kind.STEAL, 0, (int) subject(i), detail(i));
            case HANDOFF -> {
                int lane = (int) detail(i);
                add(nanos, Kind.HANDOFF, taskOn.getOrDefault(lane, 0L), lane, subject(i));
            }
            case LOCK_TAKEN -> lock(i, nanos, Kind.LOCK_TAKEN);
            case LOCK_DROPPED -> lock(i, nanos, Kind.LOCK_DROPPED);
            case SEND -> passed(i, nanos, Kind.SEND);
            case RECEIVE -> passed(i, nanos, Kind.RECEIVE);
            case STARTED_AT -> at(i, nanos, Kind.STARTED_AT, subject(i));
            case WAITS_AT -> at(i, nanos, Kind.WAITS_AT, task);
            case SUBSCRIBE -> {
                long by = taskOf(subject(i));
                add(nanos, Kind.SUBSCRIBE, by, laneOf.getOrDefault(by, TraceEvent.NO_LANE), detail(i));
            }
            case WORKER_START -> add(nanos, Kind.WORKER_START, 0, (int) detail(i), subject(i));
            case WORKER_EXIT -> add(nanos, Kind.WORKER_EXIT, 0, (int) subject(i), detail(i));
        }
    }

    private void at(int i, long nanos, Kind kind, long task) {
        WorkerEvents ofWorker = workerOfRun.get(runOf[i]);
        List<List<String>> known = ofWorker == null ? of.stacks() : ofWorker.stacks();
        if (detail(i) >= 0 && detail(i) < known.size()) {
            List<String> frames = known.get((int) detail(i));
            int stack = nanos < from ? 0 : stacks.computeIfAbsent(frames, unknown -> stacks.size());
            add(nanos, kind, task, laneOf.getOrDefault(task, TraceEvent.NO_LANE), stack);
        }
    }

    private void passed(int i, long nanos, Kind kind) {
        long task = task(i);
        wokenBy.remove(task); // it was woken for that, and had not left
        add(nanos, kind, task, laneOf.getOrDefault(task, TraceEvent.NO_LANE), detail(i));
    }

    private void mount(int i, long nanos, long task) {
        Long departure = earlier.get(i);
        Integer before = laneOf.get(task);
        if (departure != null && before != null) {
            unmount(nanos, task, before, FlightTrace.reason(departure));
        }
        int lane = lane(i);
        laneOf.put(task, lane);
        taskOn.put(lane, task);
        Integer locked = lockedBefore.remove(lane);
        if (locked != null) {
            events.setTask(locked, task);
        }
        add(nanos, Kind.MOUNT, task, lane, 0);
    }

    private void unmount(long nanos, long task, int lane, int reason) {
        laneOf.remove(task);
        taskOn.remove(lane, task);
        add(nanos, Kind.UNMOUNT, task, lane, reason);
        Long waker = wokenBy.remove(task);
        if (waker != null && TraceEvent.reason(reason) != Reason.YIELD) {
            wake(nanos, task, waker);
        }
    }

    private void wake(long nanos, long task, long waker) {
        add(nanos, Kind.WAKE, task, laneOf.getOrDefault(waker, TraceEvent.NO_LANE), waker);
    }

    private void lock(int i, long nanos, Kind kind) {
        if (subject(i) >= 0) {
            add(nanos, kind, task(i), laneOf.getOrDefault(task(i), TraceEvent.NO_LANE), detail(i));
            return;
        }
        int lane = (int) -subject(i);
        Long task = taskOn.get(lane);
        if (task == null && kind == Kind.LOCK_TAKEN && nanos >= from) {
            lockedBefore.put(lane, events.size() + (begun ? 0 : taskOn.size())); // it is taken for the next one there
        }
        add(nanos, kind, task == null ? 0 : task, lane, detail(i));
    }

    private void add(long nanos, Kind kind, long task, int lane, long detail) {
        if (nanos < from) {
            dropped += nanos < of.horizon() ? 1 : 0;
            return;
        }
        append(nanos - from, kind, task, lane, detail);
    }

    /** What runs at the beginning begins to run there. */
    private void begin() {
        if (!begun) {
            begun = true;
            taskOn.forEach((lane, task) -> append(0, Kind.MOUNT, task, lane, 0));
        }
    }

    private void append(long nanos, Kind kind, long task, int lane, long detail) {
        if (lane >= 0) {
            lanes.add(lane);
        }
        events.add(nanos, kind, task, lane, detail);
    }
}
