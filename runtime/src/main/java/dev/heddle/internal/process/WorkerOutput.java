package dev.heddle.internal.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Passes on what a worker writes, line by line, and keeps the last lines for the report of its death. */
final class WorkerOutput implements Runnable {
    private static final int KEPT = 20;

    private final BufferedReader reader;
    private final Consumer<String> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<String> last = new ArrayDeque<>(); // guarded by lock

    /**
     * @param reader of the worker's standard output or standard error
     * @param sink gets the lines
     */
    WorkerOutput(BufferedReader reader, Consumer<String> sink) {
        this.reader = reader;
        this.sink = sink;
    }

    /** Reads until the worker, and whoever inherited what it writes to, has closed it. */
    @Override
    public void run() {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                pass(line);
            }
        } catch (IOException e) {
            keep("(what it wrote could not be read further: " + e + ")");
        }
    }

    /** The sink may be a user's: whatever it throws, the worker must not wait for a reader that is gone. */
    private void pass(String line) {
        try {
            sink.accept(line);
        } catch (RuntimeException | Error e) {
            Thread me = Thread.currentThread();
            me.getUncaughtExceptionHandler().uncaughtException(me, e);
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
