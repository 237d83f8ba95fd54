package dev.heddle.internal;

import dev.heddle.Stats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of {@link dev.heddle.Heddle#dump}: tasks that do the same at the same place share an entry. */
final class HeddleDump {
    /** How many tasks an entry names. */
    private static final int NAMED = 10;

    private final StringBuilder text = new StringBuilder();
    private final List<Sighting> sightings;

    private HeddleDump(List<TaskCore<?>> tasks) {
        sightings = tasks.stream()
                .map(Sighting::of)
                .sorted((a, b) -> Long.compare(a.task().id(), b.task().id()))
                .toList();
    }

    /** What tasks have in common that share an entry. */
    private record Entry(String doing, List<StackTraceElement> stack) {}

    /** {@return all of it; this runs the garbage collector, if a task might wait for ever} */
    static String of(HeddleCore heddle) {
        Unreachable unreachable = Unreachable.in(heddle); // first: what we see of the tasks would keep them reachable
        return new HeddleDump(heddle.liveTasks()).all(heddle, unreachable);
    }

    /** {@return all but what takes the garbage collector} */
    static String withoutCollecting(HeddleCore heddle) {
        return new HeddleDump(heddle.liveTasks()).all(heddle, null);
    }

    /** {@return who waits for what} */
    static String waitGraph(HeddleCore heddle) {
        HeddleDump dump = new HeddleDump(heddle.liveTasks());
        Map<String, List<Sighting>> same = dump.sightings.stream()
                .collect(Collectors.groupingBy(Sighting::doing, LinkedHashMap::new, Collectors.toList()));
        same.forEach((doing, who) -> dump.text
                .append(System.lineSeparator())
                .append("  ")
                .append(names(who))
                .append(' ')
                .append(doing));
        return dump.text.toString();
    }

    private String all(HeddleCore heddle, @Nullable Unreachable unreachable) {
        Stats stats = heddle.stats();
        line("%s: %d processors; tasks: %d live, %d started, %d failed"
                .formatted(heddle, stats.processors(), sightings.size(), stats.started(), stats.failed()));
        heddle.describeThreads().forEach(this::line);
        tasks();
        cycles();
        if (unreachable != null) {
            line("");
            line(unreachable.toString());
        }
        return text.toString();
    }

    private void tasks() {
        Map<Entry, List<Sighting>> entries = sightings.stream()
                .collect(Collectors.groupingBy(
                        s -> new Entry(s.doing(), s.stack()), LinkedHashMap::new, Collectors.toList()));
        entries.forEach((entry, who) -> {
            line("");
            line(names(who) + " " + entry.doing);
            entry.stack.forEach(frame -> line("    at " + frame));
        });
    }

    /** Tasks that join each other in a circle: each joins one, so to follow the joins from every task finds all. */
    private void cycles() {
        Map<TaskCore<?>, TaskCore<?>> joins = new HashMap<>();
        for (Sighting s : sightings) {
            if (s.joined() != null) {
                joins.put(s.task(), s.joined());
            }
        }
        Set<TaskCore<?>> seen = new HashSet<>();
        for (Sighting s : sightings) {
            List<TaskCore<?>> path = new ArrayList<>();
            TaskCore<?> at = s.task();
            while (at != null && seen.add(at)) {
                path.add(at);
                at = joins.get(at);
            }
            int start = at == null ? -1 : path.indexOf(at);
            if (start >= 0) {
                line("");
                line("a cycle, in which each waits for the next to end: "
                        + path.subList(start, path.size()).stream()
                                .map(task -> "task " + task.id())
                                .collect(Collectors.joining(", "))
                        + ", task " + path.get(start).id());
            }
        }
    }

    /** {@return "task 7", or "3 tasks (7, 8, 9), each"} */
    private static String names(List<Sighting> who) {
        List<Long> ids = who.stream().map(s -> s.task().id()).toList();
        return ids.size() == 1 ? "task " + ids.getFirst() : ids.size() + " tasks (" + list(ids) + "), each";
    }

    /** {@return the first of the numbers, and how many more there are} */
    static String list(List<Long> ids) {
        String first = ids.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return ids.size() <= NAMED ? first : first + " and " + (ids.size() - NAMED) + " more";
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
