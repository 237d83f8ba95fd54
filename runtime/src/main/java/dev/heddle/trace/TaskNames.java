package dev.heddle.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Names of tasks, most of which share one with others. */
final class TaskNames {
    /** Ascending. */
    private final long[] tasks;

    /** For each task the index of its name. */
    private final int[] of;

    private final List<String> names;

    /**
     * @param tasks numbers of tasks, ascending
     * @param of for each of them the index of its name
     * @param names the names
     */
    TaskNames(long[] tasks, int[] of, List<String> names) {
        this.tasks = tasks;
        this.of = of;
        this.names = List.copyOf(names);
    }

    static TaskNames of(SortedMap<Long, String> given) {
        long[] tasks = new long[given.size()];
        int[] of = new int[given.size()];
        List<String> names = new ArrayList<>();
        Map<String, Integer> indices = new HashMap<>();
        int i = 0;
        for (Map.Entry<Long, String> entry : given.entrySet()) {
            tasks[i] = entry.getKey();
            of[i++] = indices.computeIfAbsent(entry.getValue(), name -> {
                names.add(name);
                return names.size() - 1;
            });
        }
        return new TaskNames(tasks, of, names);
    }

    /** {@return what a task is called} */
    String name(long task) {
        int at = Arrays.binarySearch(tasks, task);
        if (at >= 0) {
            return names.get(of[at]);
        }
        return task < 0 ? "thread " + -task : "task " + task;
    }

    int size() {
        return tasks.length;
    }

    long task(int i) {
        return tasks[i];
    }

    int index(int i) {
        return of[i];
    }

    List<String> names() {
        return names;
    }
}
