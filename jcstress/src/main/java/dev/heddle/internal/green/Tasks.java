package dev.heddle.internal.green;

import java.util.Queue;

/** Tasks that show as their number, and queues of them as theirs; an empty queue as "-", a lost task as "?". */
final class Tasks {
    private static final Runnable[] TASKS = {
        new Task(0), new Task(1), new Task(2), new Task(3), new Task(4), new Task(5)
    };

    private record Task(int number) implements Runnable {
        @Override
        public void run() {}

        @Override
        public String toString() {
            return String.valueOf(number);
        }
    }

    private Tasks() {}

    static Runnable task(int number) {
        return TASKS[number];
    }

    static String show(Runnable task) {
        return task == null ? "-" : task.toString();
    }

    static String drain(Queue<Runnable> queue) {
        StringBuilder shown = new StringBuilder();
        queue.forEach(shown::append);
        queue.clear();
        return shown.isEmpty() ? "-" : shown.toString();
    }

    /** For the owner of the queue. */
    static String drain(RunQueue queue) {
        StringBuilder shown = new StringBuilder();
        while (queue.size() > 0) {
            Runnable task = queue.poll();
            shown.append(task == null ? "?" : task.toString());
        }
        return shown.isEmpty() ? "-" : shown.toString();
    }
}
