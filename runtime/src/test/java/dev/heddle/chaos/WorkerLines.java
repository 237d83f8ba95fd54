package dev.heddle.chaos;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** What workers have said last, to be told if something is wrong; those that die say much. */
final class WorkerLines {
    private static final int LINES_MAX = 200;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> last = new ArrayDeque<>();

    void add(String worker, String line) {
        lock.lock();
        try {
            last.add(worker + ": " + line);
            if (last.size() > LINES_MAX) {
                last.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return String.join(System.lineSeparator(), last);
        } finally {
            lock.unlock();
        }
    }
}
