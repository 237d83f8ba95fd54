package dev.heddle.internal.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Passes a worker's standard error on, line by line, and keeps the last lines for the report of its death. */
final class ErrorOutput implements Runnable {
    private static final int KEPT = 20;

    private final BufferedReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<String> last = new ArrayDeque<>(); // guarded by lock

    /** @param process the worker */
    ErrorOutput(Process process) {
        reader = process.errorReader();
    }

    /** Reads until the worker, and whoever inherited its standard error, has closed it. */
    @Override
    public void run() {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                System.err.println(line);
            }
        } catch (IOException e) {
            keep("(standard error could not be read further: " + e + ")");
        }
    }

    private void keep(String line) {
        lock.lock();
        try {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.add(line);
        } finally {
            lock.unlock();
        }
    }

    /** {@return the last lines so far, the latest last} */
    List<String> lastLines() {
        lock.lock();
        try {
            return List.copyOf(last);
        } finally {
            lock.unlock();
        }
    }
}
