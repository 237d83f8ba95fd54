package dev.heddle.lab.timeline;

import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All about one task.
 *
 * @param label its name and number
 * @param lines facts: who started it, when, how it ended
 * @param busy nanoseconds that it had an OS thread
 * @param scheduled nanoseconds that it could have gone on, and waited for a processor
 * @param idle nanoseconds that it waited for anything else
 * @param byState the same by state, without those that it never was at
 * @param switches how often it came onto a lane
 */
public record TaskCard(
        String label,
        List<String> lines,
        long busy,
        long scheduled,
        long idle,
        Map<State, Long> byState,
        long switches) {

    /** {@return the card of a task of the timeline} */
    public static TaskCard of(Timeline timeline, TaskLine task) {
        Map<State, Long> byState = task.spans.nanosByState();
        Map<State.Use, Long> uses = new EnumMap<>(State.Use.class);
        byState.forEach((state, nanos) -> uses.merge(state.use(), nanos, Long::sum));
        return new TaskCard(
                task.label(),
                facts(timeline, task),
                uses.getOrDefault(State.Use.BUSY, 0L),
                uses.getOrDefault(State.Use.SCHEDULED, 0L),
                uses.getOrDefault(State.Use.IDLE, 0L),
                byState,
                task.switches());
    }

    private static List<String> facts(Timeline timeline, TaskLine task) {
        List<String> lines = new ArrayList<>();
        if (task.startSeen()) {
            lines.add("started at " + Units.time((double) task.spans.from(0)) + starter(timeline, task));
        } else {
            lines.add("started before the recording begins");
        }
        lines.add(
                task.outcome() == TaskLine.Outcome.UNFINISHED
                        ? "had not ended when the recording ends"
                        : "ended at " + Units.time((double) task.ended()) + ": "
                                + task.outcome().words());
        place(timeline, "started at ", task.startedAt(), lines);
        place(timeline, "last waited at ", task.waitedAt(), lines);
        return lines;
    }

    private static void place(Timeline timeline, String what, int stack, List<String> lines) {
        if (stack != TaskLine.NOWHERE) {
            lines.add(what + String.join(", called by ", timeline.stacks().get(stack)));
        }
    }

    private static String starter(Timeline timeline, TaskLine task) {
        return timeline.find(task.parent())
                .map(parent -> " by " + parent.label())
                .orElse("");
    }
}
