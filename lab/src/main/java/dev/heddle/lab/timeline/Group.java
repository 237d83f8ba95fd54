package dev.heddle.lab.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks that are shown in one row until somebody unfolds it.
 *
 * @param name what they are called
 * @param tasks who they are
 */
record Group(String name, List<TaskLine> tasks) {
    /** Up to this many tasks have a row each. */
    static final int UNGROUPED = 200;

    private static final int FEWEST = 50;
    private static final int MOST_GROUPS = 200;

    /** {@return the tasks in groups, by name and then in order; none if each can have a row of its own} */
    static List<Group> of(List<TaskLine> tasks) {
        if (tasks.size() <= UNGROUPED) {
            return List.of();
        }
        Map<String, List<TaskLine>> byName = new LinkedHashMap<>();
        for (TaskLine task : tasks) {
            byName.computeIfAbsent(stem(task.name()), stem -> new ArrayList<>()).add(task);
        }
        if (byName.size() > MOST_GROUPS / 2) {
            byName = Map.of("tasks", tasks); // each has a name of its own
        }
        int size = Math.max(FEWEST, (tasks.size() + MOST_GROUPS / 2 - 1) / (MOST_GROUPS / 2));
        List<Group> groups = new ArrayList<>();
        byName.forEach((name, all) -> {
            for (int from = 0; from < all.size(); from += size) {
                List<TaskLine> some = all.subList(from, Math.min(all.size(), from + size));
                groups.add(new Group(title(name, some), some));
            }
        });
        return groups;
    }

    private static String title(String name, List<TaskLine> tasks) {
        return tasks.size() == 1
                ? tasks.getFirst().label()
                : "%s #%d … #%d"
                        .formatted(
                                name, tasks.getFirst().number(), tasks.getLast().number());
    }

    private static String stem(String name) {
        int end = name.length();
        while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || " #-".indexOf(name.charAt(end - 1)) >= 0)) {
            end--;
        }
        return end == 0 ? name : name.substring(0, end);
    }
}
