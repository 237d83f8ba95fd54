package dev.heddle.lab.timeline;

import dev.heddle.lab.measure.Units;
import java.util.ArrayList;
import java.util.List;

/** What happened to a task, in sentences. The page tells the same with the same words. */
public final class Story {
    private Story() {}

    /** {@return a line for each thing that happened to the task, which begins with the time} */
    public static List<String> of(Timeline timeline, TaskLine task) {
        List<String> story = new ArrayList<>();
        List<Arrow> arriving = timeline.arriving(task);
        int next = 0;
        for (int i = 0; i < task.spans.size(); i++) {
            Spans.Span span = task.spans.get(i);
            while (next < arriving.size() && arriving.get(next).arrived() <= span.from()) {
                Arrow arrow = arriving.get(next++);
                if (arrow.kind() == Arrow.Kind.WAKE) {
                    story.add(line(arrow.arrived(), "was woken by " + name(timeline, arrow.from())));
                }
            }
            if (span.state() != State.NONE) {
                String where = span.other() == Spans.NOBODY
                        ? ""
                        : " on " + timeline.lanes().get(span.other()).name();
                story.add(
                        line(span.from(), span.state().story() + where + " for " + Units.time((double) span.nanos())));
            }
        }
        if (task.outcome() != TaskLine.Outcome.UNFINISHED) {
            story.add(line(task.ended(), "ended: " + task.outcome().words()));
        }
        return story;
    }

    private static String line(long nanos, String what) {
        return Units.time((double) nanos) + "  " + what;
    }

    private static String name(Timeline timeline, int task) {
        return task == Spans.NOBODY
                ? "a thread that is no task"
                : timeline.tasks().get(task).label();
    }
}
