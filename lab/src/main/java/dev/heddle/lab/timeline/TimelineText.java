package dev.heddle.lab.timeline;

import dev.heddle.lab.measure.Units;
import dev.heddle.trace.Recording;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A timeline as text, for terminals and the logs of CI: columns are tasks, rows are time, from top to bottom. A cell has the state
 * that took most of its time. Where there are more tasks than columns, a column is several.
 */
public final class TimelineText {
    /** Rows have the same power of two of nanoseconds each, so there are between half as many and so many. */
    private static final int MOST_ROWS = 48;

    private static final int TIME_WIDTH = 9;
    private static final int NARROWEST = 40;

    /** What is left for words at the end of a line. */
    private static final int NOTES_WIDTH = 28;

    private static final String MORE = " ...";

    private final Timeline timeline;
    private final Appendable out;
    private final int width;
    private final boolean unicode;

    private TimelineText(Timeline timeline, Appendable out, int width, boolean unicode) {
        this.timeline = timeline;
        this.out = out;
        this.width = Math.max(NARROWEST, width);
        this.unicode = unicode;
    }

    /**
     * Prints the recording, with blocks and lines if the stream can encode them, else in ASCII.
     *
     * @param width the columns of the terminal, at least 40
     */
    public static void print(Recording recording, PrintStream out, int width) {
        boolean unicode = out.charset().newEncoder().canEncode("█░▓│→");
        try {
            print(recording, (Appendable) out, width, unicode);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // which a PrintStream keeps to itself
        }
    }

    /**
     * Prints the recording.
     *
     * @param width the columns that a line may have, at least 40
     * @param unicode whether blocks and lines can be printed; else it is ASCII
     * @throws IOException of {@code out}
     */
    public static void print(Recording recording, Appendable out, int width, boolean unicode) throws IOException {
        new TimelineText(Timeline.of(recording), out, width, unicode).print();
    }

    /** Some tasks in one column. */
    private record Column(String head, Levels levels) {}

    private void print() throws IOException {
        line("%s, %s: %s events, %s lanes, %s tasks%s"
                .formatted(
                        timeline.model(),
                        Units.time((double) timeline.end()),
                        Units.grouped(timeline.events()),
                        Units.grouped(timeline.lanes().size()),
                        Units.grouped(timeline.tasks().size()),
                        timeline.lost() == 0
                                ? ""
                                : "; " + Units.grouped(timeline.lost()) + " earlier events were overwritten"));
        if (timeline.tasks().isEmpty()) {
            return;
        }
        List<Column> columns = columns();
        int cell =
                columns.stream().mapToInt(column -> column.head.length()).max().orElse(1) + 1;
        StringBuilder head = new StringBuilder(" ".repeat(TIME_WIDTH + 1));
        columns.forEach(column -> head.append(padded(column.head, cell)));
        line(head.toString());
        List<List<String>> notes = notes(columns.getFirst().levels);
        State[] above = new State[columns.size()];
        Arrays.fill(above, State.NONE);
        Levels any = columns.getFirst().levels;
        for (int row = 0; row < rows(any); row++) {
            StringBuilder line = new StringBuilder("%9s ".formatted(Units.time((double) row * (1L << any.shift(0)))));
            for (int c = 0; c < columns.size(); c++) {
                State state = columns.get(c).levels.dominant(0, row);
                line.append(padded(sign(state, above[c]), cell));
                above[c] = state;
            }
            line(line + fitted(notes.get(row), width - line.length()));
        }
        legend();
    }

    /** A bin that would begin where the recording ends is no row. */
    private int rows(Levels levels) {
        boolean empty = levels.bins(0) > 1 && (long) (levels.bins(0) - 1) << levels.shift(0) >= timeline.end();
        return levels.bins(0) - (empty ? 1 : 0);
    }

    private List<Column> columns() {
        List<TaskLine> tasks = timeline.tasks();
        int space = width - TIME_WIDTH - 1 - NOTES_WIDTH;
        int single = head(tasks.getLast()).length() + 1;
        if (tasks.size() * single <= space) {
            return tasks.stream().map(task -> column(head(task), List.of(task))).toList();
        }
        int most = Math.max(1, space / (2 * single + 1));
        int each = (tasks.size() + most - 1) / most;
        List<Column> columns = new ArrayList<>();
        for (int from = 0; from < tasks.size(); from += each) {
            List<TaskLine> some = tasks.subList(from, Math.min(tasks.size(), from + each));
            columns.add(
                    column(head(some.getFirst()) + "-" + Math.abs(some.getLast().number()), some));
        }
        return columns;
    }

    private Column column(String head, List<TaskLine> tasks) {
        return new Column(head, Levels.of(tasks.stream().map(task -> task.spans).toList(), timeline.end(), MOST_ROWS));
    }

    /** Threads that are no tasks have negative numbers. */
    private static String head(TaskLine task) {
        return task.number() < 0 ? "t" + -task.number() : "#" + task.number();
    }

    /** A wait has its letter once, and below that a line for as long as it takes. */
    private String sign(State state, State above) {
        if (state.use() == State.Use.IDLE && state == above) {
            return unicode ? "│" : "|";
        }
        String sign = unicode
                ? switch (state) {
                    case RUNNING -> "█";
                    case HANDED_OFF -> "▓";
                    case RUNNABLE -> "░";
                    case NONE, GLOBAL_LOCK, LOCK, CHANNEL, IO, JOIN, SLEEP, OTHER -> String.valueOf(state.sign());
                }
                : String.valueOf(state.sign());
        return state.use() == State.Use.BUSY || state == State.RUNNABLE ? sign + sign : sign;
    }

    /** What tasks did to each other in the time of each row. */
    private List<List<String>> notes(Levels rows) {
        List<List<String>> notes = new ArrayList<>();
        for (int row = 0; row < rows(rows); row++) {
            notes.add(new ArrayList<>());
        }
        for (Arrow arrow : timeline.arrows()) {
            if (arrow.from() != Spans.NOBODY) {
                String verb = switch (arrow.kind()) {
                    case SPAWN -> " starts ";
                    case WAKE -> " wakes ";
                    case SEND -> unicode ? " → " : " -> ";
                };
                notes.get((int) Math.min(arrow.sent() >> rows.shift(0), notes.size() - 1))
                        .add(head(timeline.tasks().get(arrow.from()))
                                + verb
                                + head(timeline.tasks().get(arrow.to())));
            }
        }
        for (TaskLine task : timeline.tasks()) {
            if (task.outcome() != TaskLine.Outcome.UNFINISHED) {
                notes.get((int) Math.min(task.ended() >> rows.shift(0), notes.size() - 1))
                        .add(head(task) + " ends: " + task.outcome().words());
            }
        }
        return notes;
    }

    /** As many of the notes as there is space for. */
    private static String fitted(List<String> notes, int space) {
        StringBuilder text = new StringBuilder();
        for (String note : notes) {
            String next = (text.isEmpty() ? " " : ", ") + note;
            if (text.length() + next.length() + MORE.length() > space) {
                return text + MORE;
            }
            text.append(next);
        }
        return text.toString();
    }

    private void legend() throws IOException {
        Map<State, Long> nanos = new EnumMap<>(State.class);
        for (TaskLine task : timeline.tasks()) {
            task.spans.nanosByState().forEach((state, own) -> nanos.merge(state, own, Long::sum));
        }
        double all = nanos.values().stream().mapToLong(Long::longValue).sum();
        wrapped(nanos.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s %s %.1f%%",
                        sign(entry.getKey(), State.NONE),
                        entry.getKey().words(),
                        100 * entry.getValue() / all))
                .toList());
        if (timeline.tasks().size() <= 30) {
            wrapped(timeline.tasks().stream()
                    .collect(Collectors.groupingBy(TaskLine::name, LinkedHashMap::new, Collectors.toList()))
                    .entrySet()
                    .stream()
                    .map(named ->
                            named.getValue().stream().map(TimelineText::head).collect(Collectors.joining(" ")) + " "
                                    + named.getKey())
                    .toList());
            if (!timeline.stacks().isEmpty()) {
                for (TaskLine task : timeline.tasks()) {
                    line(head(task)
                            + place(" started at ", task.startedAt())
                            + place(" last waited at ", task.waitedAt()));
                }
            }
        }
    }

    /** The frame that says most; all are in the other forms. */
    private String place(String what, int stack) {
        return stack == TaskLine.NOWHERE
                ? ""
                : what + timeline.stacks().get(stack).getFirst();
    }

    private void wrapped(List<String> parts) throws IOException {
        StringBuilder line = new StringBuilder();
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + 3 + part.length() > width) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : "   ").append(part);
        }
        line(line.toString());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private void line(String text) throws IOException {
        String stripped = text.stripTrailing();
        out.append(stripped.length() > width ? stripped.substring(0, width) : stripped)
                .append('\n');
    }
}
