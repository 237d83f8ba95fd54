package dev.heddle.lab.timeline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/**
 * A timeline as the page reads it, see {@code load} in timeline.js: a header in JSON, and behind it columns of {@link Packed} numbers.
 *
 * <pre>
 * header                           text
 * per task                         name, number (signed), parent (index + 1), outcome, 1 if its start was seen, switches;
 *                                  if there are stacks, those where it was started and waited last (index + 1, 0 for none)
 * per lane, then per task          how many spans; if any, the first start
 *   per span                       state; 1 + (lane or task), 0 for none
 *   per span                       duration
 * per group                        per task its index, less the one before (signed)
 * per arrow                        kind, from + 1, sent less the one before, to, arrived less sent (signed)
 * per mark                         kind, lane + 1, time less the one before, detail (signed)
 * per row that has levels          number of levels, shift of the finest, most tasks at once in a bin, in thousandths
 *   per level                      number of bins
 *   per bin                        bits of the states in it; for each its share of the most, in 255ths
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // the page carries the names that belong to the numbers
final class TimelineData {
    /** A row with more spans than this has levels; drawing so many is no trouble. */
    private static final int EXACT = 512;

    /** A bin of the finest level has about as many spans in it. */
    private static final int SPANS_PER_BIN = 4;

    private static final int FEWEST_BINS = 1 << 10;
    private static final int MOST_BINS = 1 << 17;

    /** The row that stands for all tasks, in the picture of the whole. */
    private static final int ALL = -1;

    private final Timeline timeline;
    private final List<Group> groups;
    private final Packed out = new Packed();

    private TimelineData(Timeline timeline) {
        this.timeline = timeline;
        this.groups = Group.of(timeline.tasks());
    }

    /** {@return the data, deflated, in base64} */
    static String of(Timeline timeline) {
        return new TimelineData(timeline).pack().deflated();
    }

    private Packed pack() {
        List<Spans> rows = new ArrayList<>();
        timeline.lanes().forEach(lane -> rows.add(lane.spans()));
        timeline.tasks().forEach(task -> rows.add(task.spans));
        List<Row> leveled = leveled(rows);
        Map<String, Integer> names = new LinkedHashMap<>();
        timeline.tasks().forEach(task -> names.putIfAbsent(task.name(), names.size()));
        out.text(header(names.keySet(), leveled));
        timeline.tasks().forEach(task -> task(task, names.getOrDefault(task.name(), 0)));
        rows.forEach(this::spans);
        groups.forEach(this::group);
        arrows();
        marks();
        leveled.forEach(row -> levels(Levels.of(row.spans, timeline.end(), row.bins)));
        return out;
    }

    /**
     * @param id {@link #ALL}; the index of a lane or, behind the lanes, of a task; behind the tasks, of a group
     * @param bins of the finest level, at most
     */
    private record Row(int id, List<Spans> spans, int bins) {}

    private List<Row> leveled(List<Spans> rows) {
        List<Row> leveled = new ArrayList<>();
        leveled.add(
                new Row(ALL, timeline.tasks().stream().map(task -> task.spans).toList(), 2 * FEWEST_BINS));
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).size() > EXACT) {
                leveled.add(new Row(i, List.of(rows.get(i)), bins(rows.get(i).size())));
            }
        }
        for (int g = 0; g < groups.size(); g++) {
            List<Spans> spans =
                    groups.get(g).tasks().stream().map(task -> task.spans).toList();
            leveled.add(new Row(
                    rows.size() + g,
                    spans,
                    bins(spans.stream().mapToInt(Spans::size).sum())));
        }
        return leveled;
    }

    private static int bins(int spans) {
        return Math.clamp(2L * Integer.highestOneBit(spans / SPANS_PER_BIN), FEWEST_BINS, MOST_BINS);
    }

    private String header(Iterable<String> names, List<Row> leveled) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("model", timeline.model().toString());
        header.put(
                "began",
                ChronoUnit.MICROS.between(Instant.EPOCH, timeline.began())); // nanoseconds are no exact numbers there
        header.put("end", timeline.end());
        header.put("lost", timeline.lost());
        header.put(
                "states",
                Arrays.stream(State.values())
                        .map(state -> Map.of(
                                "name", state.name(),
                                "words", state.words(),
                                "story", state.story(),
                                "use", state.use().name()))
                        .toList());
        header.put(
                "outcomes",
                Arrays.stream(TaskLine.Outcome.values())
                        .map(TaskLine.Outcome::words)
                        .toList());
        header.put(
                "marks", Arrays.stream(Mark.Kind.values()).map(Mark.Kind::words).toList());
        header.put("names", names);
        header.put("stacks", timeline.stacks());
        header.put("tasks", timeline.tasks().size());
        header.put("lanes", timeline.lanes().stream().map(LaneLine::name).toList());
        header.put(
                "groups",
                groups.stream()
                        .map(group -> Map.of(
                                "name", group.name(), "size", group.tasks().size()))
                        .toList());
        header.put("arrows", timeline.arrows().size());
        header.put("marked", timeline.marks().size());
        header.put("leveled", leveled.stream().map(Row::id).toList());
        return JSON.std.asString(header);
    }

    private void task(TaskLine task, int name) {
        out.number(name);
        out.signed(task.number());
        out.number(
                timeline.find(task.parent()).map(parent -> parent.index() + 1).orElse(0));
        out.number(task.outcome().ordinal());
        out.number(task.startSeen() ? 1 : 0);
        out.number(task.switches());
        if (!timeline.stacks().isEmpty()) {
            out.number(task.startedAt() + 1);
            out.number(task.waitedAt() + 1);
        }
    }

    private void spans(Spans spans) {
        out.number(spans.size());
        if (spans.size() == 0) {
            return;
        }
        out.number(spans.from(0));
        for (int i = 0; i < spans.size(); i++) {
            out.put(spans.state(i).number());
            out.number(spans.other(i) + 1);
        }
        for (int i = 0; i < spans.size(); i++) {
            out.number(spans.to(i) - spans.from(i));
        }
    }

    private void group(Group group) {
        int before = 0;
        for (TaskLine task : group.tasks()) {
            out.signed(task.index() - before);
            before = task.index();
        }
    }

    private void arrows() {
        long before = 0;
        for (Arrow arrow : timeline.arrows()) {
            out.put(arrow.kind().ordinal());
            out.number(arrow.from() + 1);
            out.number(arrow.sent() - before);
            out.number(arrow.to());
            out.signed(arrow.arrived() - arrow.sent());
            before = arrow.sent();
        }
    }

    private void marks() {
        long before = 0;
        for (Mark mark : timeline.marks()) {
            out.put(mark.kind().ordinal());
            out.number(mark.lane() + 1);
            out.number(mark.nanos() - before);
            out.signed(mark.detail());
            before = mark.nanos();
        }
    }

    private void levels(Levels levels) {
        double most = levels.most();
        out.number(levels.count());
        out.number(levels.shift(0));
        out.number(Math.round(most * 1000));
        for (int level = 0; level < levels.count(); level++) {
            out.number(levels.bins(level));
            double full = most * (1L << levels.shift(level));
            for (int bin = 0; bin < levels.bins(level); bin++) {
                int bits = 0;
                for (State state : State.values()) {
                    if (levels.nanos(level, bin, state) > 0) {
                        bits |= 1 << state.number();
                    }
                }
                out.number(bits);
                for (State state : State.values()) {
                    long nanos = levels.nanos(level, bin, state);
                    if (nanos > 0) {
                        // What is there shows, were it ever so short.
                        out.put(Math.clamp(Math.round(255 * nanos / full), 1, 255));
                    }
                }
            }
        }
    }
}
