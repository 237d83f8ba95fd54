package dev.heddle.lab.timeline;

import dev.heddle.lab.timeline.TaskLine.Outcome;
import dev.heddle.trace.Lane;
import dev.heddle.trace.Recording;
import dev.heddle.trace.TraceEvent;
import dev.heddle.trace.TraceEvent.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a {@link Timeline}. It believes each event and doubts what it knew before: events may have been
 * overwritten, and of two that carriers record at the same time either may come first. So a task that is mounted leaves the lane it
 * was thought to be on, and whoever was thought to be on its lane leaves that.
 *
 * <pre>
 * START -> RUNNABLE                          UNMOUNT -> what its reason says; RUNNABLE if woken already
 * MOUNT -> RUNNING on its lane               HANDOFF: RUNNING -> HANDED_OFF, on its lane
 * WAKE: anything that waits -> RUNNABLE      END -> NONE
 * </pre>
 *
 * <p>A task that is seen first in the middle was at what its first event implies since the recording begins: one that is
 * unmounted ran, one that is woken waited.
 */
final class TimelineBuilder {
    private static final Outcome[] OUTCOMES = {Outcome.OK, Outcome.FAILED, Outcome.CANCELLED};

    private final Recording recording;

    /** The first event that is shown; those before only tell what tasks are at. */
    private final int first;

    private final long origin;

    /** How many events are not shown, be they overwritten or too old. */
    private final long lost;

    private final List<LaneLine> lanes = new ArrayList<>();
    private final Map<Integer, Integer> laneIndices = new HashMap<>();
    private final List<TaskLine> tasks = new ArrayList<>();
    private final Map<Long, TaskLine> taskByNumber = new HashMap<>();
    private final List<Arrow> arrows = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    /** Sends that nobody is known to have received, by channel; or receives whose send comes later in the recording. */
    private final Map<Long, Pending> pending = new HashMap<>();

    /** Where what is sent to a broadcast goes. */
    private final Map<Long, List<Long>> subscriptions = new HashMap<>();

    private static final class Pending {
        final ArrayDeque<Passed> sent = new ArrayDeque<>();
        final ArrayDeque<Passed> received = new ArrayDeque<>();
    }

    private record Passed(int task, long nanos) {}

    /** @param first index of the first event that is shown; an end of the recording begins with one that is not its first */
    TimelineBuilder(Recording recording, int first) {
        this.recording = recording;
        this.first = first;
        this.origin = recording.size() == 0 ? 0 : recording.nanos(first);
        this.lost = recording.lost() + first;
        for (Lane lane : recording.lanes()) {
            lane(lane.number(), lane.name());
        }
    }

    Timeline build() {
        for (int i = 0; i < recording.size(); i++) {
            if (i == first && first > 0) {
                forget();
            }
            accept(recording.event(i), Math.max(0, recording.nanos(i) - origin));
        }
        long end = recording.size() == 0 ? 0 : Math.max(0, recording.duration().toNanos() - origin);
        for (TaskLine task : tasks) {
            task.spans.finish(end);
        }
        for (LaneLine lane : lanes) {
            lane.spans().finish(end);
        }
        arrows.sort(Comparator.comparingLong(Arrow::sent));
        return new Timeline(
                recording.model(),
                recording.start().plusNanos(origin),
                end,
                lost,
                recording.size() - first,
                lanes,
                tasks,
                arrows,
                marks,
                recording.stacks());
    }

    /** Of what has happened so far, only what tasks are at is kept, as if it were so since the beginning. */
    private void forget() {
        List<TaskLine> before = List.copyOf(tasks);
        tasks.clear();
        taskByNumber.clear();
        arrows.clear();
        marks.clear();
        lanes.replaceAll(lane -> new LaneLine(lane.number(), lane.name(), new Spans()));
        for (TaskLine old : before) {
            if (hasEnded(old) || old.spans.size() == 0 || old.number() < 0) {
                continue; // of a thread that is no task only what it did is known
            }
            TaskLine task = new TaskLine(tasks.size(), old.number(), old.name());
            task.parent = old.parent;
            task.wokenAhead = old.wokenAhead;
            task.startedAt = old.startedAt;
            task.waitedAt = old.waitedAt;
            tasks.add(task);
            taskByNumber.put(task.number(), task);
            occupy(task, old.lane, 0, old.spans.last());
        }
        Passed longAgo = new Passed(Spans.NOBODY, 0);
        for (Pending passing : pending.values()) {
            for (int left = passing.sent.size(); left > 0; left--) {
                passing.sent.remove();
                passing.sent.add(longAgo);
            }
            passing.received.clear();
        }
    }

    private void accept(TraceEvent event, long now) {
        switch (event.kind()) {
            case START -> start(event, now);
            case MOUNT -> mount(task(event), lane(event.lane()), now);
            case UNMOUNT -> unmount(seen(event, State.RUNNING), event, now);
            case WAKE -> wake(seen(event, State.OTHER), event, now);
            case END -> end(seen(event, State.RUNNING), event, now);
            case HANDOFF -> handoff(event, now);
            case LOCK_TAKEN -> lockTaken(event, now);
            case LOCK_DROPPED -> {} // what the task does next has an event of its own
            case SEND -> send(seen(event, State.RUNNING), event.detail(), now);
            case RECEIVE -> receive(seen(event, State.RUNNING), event.detail(), now);
            case STEAL -> mark(Mark.Kind.STEAL, event, now);
            case WORKER_START -> mark(Mark.Kind.WORKER_START, event, now);
            case WORKER_EXIT -> mark(Mark.Kind.WORKER_EXIT, event, now);
            case STARTED_AT -> noted(event, (task, stack) -> task.startedAt = stack);
            case WAITS_AT -> noted(event, (task, stack) -> task.waitedAt = stack);
            case SUBSCRIBE ->
                subscriptions
                        .computeIfAbsent(TraceEvent.broadcast(event.detail()), b -> new ArrayList<>())
                        .add(TraceEvent.subscription(event.detail()));
        }
    }

    /** Where a task is known to have been, of which there is more. */
    private void noted(TraceEvent event, ObjIntConsumer<TaskLine> where) {
        TaskLine task = taskByNumber.get(event.task());
        if (task != null && !recording.stack(event).isEmpty()) {
            where.accept(task, (int) event.detail());
        }
    }

    private void start(TraceEvent event, long now) {
        TaskLine task = task(event);
        task.startSeen = true;
        task.parent = event.detail();
        if (task.spans.size() == 0) { // else its carrier was faster in recording that it runs
            state(task, now, State.RUNNABLE, Spans.NOBODY);
        }
        TaskLine parent = taskByNumber.get(event.detail());
        arrows.add(new Arrow(Arrow.Kind.SPAWN, parent == null ? Spans.NOBODY : parent.index(), now, task.index(), now));
    }

    private void mount(TaskLine task, int lane, long now) {
        if (hasEnded(task)) {
            return;
        }
        leave(task, now);
        vacate(lane, now);
        task.switches++;
        task.wokenAhead = false;
        occupy(task, lane, now, State.RUNNING);
    }

    private void unmount(TaskLine task, TraceEvent event, long now) {
        Reason reason = event.reason();
        if (hasEnded(task)) {
            leave(task, now);
            return;
        }
        if (reason == Reason.BLOCKED) {
            occupy(task, task.lane, now, State.HANDED_OFF);
            return;
        }
        leave(task, now);
        State next = switch (reason) {
            case YIELD -> State.RUNNABLE;
            case CHANNEL -> State.CHANNEL;
            case JOIN -> State.JOIN;
            case SLEEP -> State.SLEEP;
            case LOCK -> State.LOCK;
            case GLOBAL_LOCK -> State.GLOBAL_LOCK;
            case IO -> State.IO;
            case DONE -> State.NONE;
            case BLOCKED, OTHER -> State.OTHER;
        };
        boolean waits = next.use() == State.Use.IDLE;
        state(task, now, waits && task.wokenAhead ? State.RUNNABLE : next, Spans.NOBODY);
        task.wokenAhead = false;
    }

    private void wake(TaskLine task, TraceEvent event, long now) {
        if (hasEnded(task)) {
            return;
        }
        State state = task.spans.last();
        switch (state) {
            case RUNNING -> task.wokenAhead = true;
            case RUNNABLE -> {} // it knows
            default -> {
                leave(task, now);
                state(task, now, State.RUNNABLE, Spans.NOBODY);
            }
        }
        TaskLine waker = taskByNumber.get(event.detail());
        if (waker != task && state != State.RUNNABLE) {
            int from = waker == null ? Spans.NOBODY : waker.index();
            arrows.add(new Arrow(Arrow.Kind.WAKE, from, now, task.index(), now));
        }
    }

    private void end(TaskLine task, TraceEvent event, long now) {
        leave(task, now);
        state(task, now, State.NONE, Spans.NOBODY);
        task.outcome = event.detail() >= 0 && event.detail() < OUTCOMES.length
                ? OUTCOMES[(int) event.detail()]
                : Outcome.FAILED;
    }

    private void handoff(TraceEvent event, long now) {
        int lane = lane(event.lane());
        mark(Mark.Kind.HANDOFF, event, now);
        TaskLine task = event.task() == 0 ? on(lane) : taskByNumber.get(event.task());
        if (task != null && task.spans.last() == State.RUNNING) {
            occupy(task, task.lane, now, State.HANDED_OFF);
        }
    }

    /** A thread that waited for the global lock goes on where it is, without a mount of its own. */
    private void lockTaken(TraceEvent event, long now) {
        TaskLine task = taskByNumber.get(event.task());
        if (task != null && task.spans.last() == State.GLOBAL_LOCK && event.lane() >= 0) {
            vacate(lane(event.lane()), now);
            occupy(task, lane(event.lane()), now, State.RUNNING);
        }
    }

    /**
     * Channels are queues, so the first that is received is the first that was sent. A receive may be recorded before its send, but
     * only where nothing was lost can that be told from the receive of something sent before the recording. Each subscription has
     * what is sent to its broadcast from then on.
     */
    private void send(TaskLine task, long to, long now) {
        for (long channel : subscriptions.getOrDefault(to, List.of(to))) {
            sendTo(channel, task, now);
        }
    }

    private void sendTo(long channel, TaskLine task, long now) {
        Pending passing = pending.computeIfAbsent(channel, c -> new Pending());
        Passed receive = passing.received.poll();
        if (receive == null) {
            passing.sent.add(new Passed(task.index(), now));
        } else {
            arrows.add(new Arrow(
                    Arrow.Kind.SEND, task.index(), Math.min(now, receive.nanos), receive.task, receive.nanos));
        }
    }

    private void receive(TaskLine task, long channel, long now) {
        Pending passing = pending.computeIfAbsent(channel, c -> new Pending());
        Passed sent = passing.sent.poll();
        if (sent != null) {
            if (sent.task != Spans.NOBODY) {
                arrows.add(new Arrow(Arrow.Kind.SEND, sent.task, sent.nanos, task.index(), now));
            }
        } else if (lost == 0) {
            passing.received.add(new Passed(task.index(), now));
        }
    }

    private void mark(Mark.Kind kind, TraceEvent event, long now) {
        marks.add(new Mark(kind, now, lane(event.lane()), event.detail()));
    }

    // ---- who is where ----

    private void occupy(TaskLine task, int lane, long now, State state) {
        task.lane = lane;
        state(task, now, state, lane);
        if (lane != Spans.NOBODY) {
            lanes.get(lane).spans().begin(now, state, task.index());
        }
    }

    /** The task leaves the lane that it is on. */
    private void leave(TaskLine task, long now) {
        if (task.lane != Spans.NOBODY && on(task.lane) == task) {
            lanes.get(task.lane).spans().begin(now, State.NONE, Spans.NOBODY);
        }
        task.lane = Spans.NOBODY;
    }

    /** Whoever is on the lane leaves it; if that was not known, it waits for nobody knows what. */
    private void vacate(int lane, long now) {
        TaskLine task = on(lane);
        if (task != null) {
            leave(task, now);
            if (task.spans.last() == State.RUNNING) {
                state(task, now, State.OTHER, Spans.NOBODY);
            } else if (task.spans.last() == State.HANDED_OFF) {
                state(task, now, State.HANDED_OFF, Spans.NOBODY);
            }
        }
    }

    private void state(TaskLine task, long now, State state, int lane) {
        task.spans.begin(now, state, lane);
    }

    private static boolean hasEnded(TaskLine task) {
        return task.outcome != Outcome.UNFINISHED;
    }

    private @Nullable TaskLine on(int lane) {
        if (lane == Spans.NOBODY) {
            return null;
        }
        Spans spans = lanes.get(lane).spans();
        int task = spans.size() == 0 ? Spans.NOBODY : spans.other(spans.size() - 1);
        return task == Spans.NOBODY ? null : tasks.get(task);
    }

    // ---- first sights ----

    private TaskLine task(TraceEvent event) {
        return taskByNumber.computeIfAbsent(event.task(), number -> {
            TaskLine task = new TaskLine(tasks.size(), number, recording.taskName(number));
            tasks.add(task);
            return task;
        });
    }

    /** {@return the task of the event; if it was not seen before, it was at this since the recording began} */
    private TaskLine seen(TraceEvent event, State before) {
        TaskLine known = taskByNumber.get(event.task());
        if (known != null) {
            return known;
        }
        TaskLine task = task(event);
        int lane = before == State.RUNNING ? lane(event.lane()) : Spans.NOBODY;
        if (lane != Spans.NOBODY) {
            Spans stays = lanes.get(lane).spans();
            if (on(lane) != null) {
                return task; // two cannot have been there: since when it ran is unknown
            }
            long since = stays.size() == 0 ? 0 : stays.from(stays.size() - 1);
            occupy(task, lane, since, State.RUNNING);
        } else {
            state(task, 0, before, Spans.NOBODY);
        }
        return task;
    }

    private int lane(int number) {
        return number < 0 ? Spans.NOBODY : lane(number, "lane " + number);
    }

    private int lane(int number, String name) {
        return laneIndices.computeIfAbsent(number, n -> {
            lanes.add(new LaneLine(n, name, new Spans()));
            return lanes.size() - 1;
        });
    }
}
