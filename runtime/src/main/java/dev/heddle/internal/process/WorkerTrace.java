package dev.heddle.internal.process;

import dev.heddle.internal.process.Message.TraceKept;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.TracedParker;
import dev.heddle.trace.TraceEvent.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What a worker records: when the main thread executes a task, and where that waits. All in the main thread, but for {@link #woken} and
 * {@link #kept}.
 */
final class WorkerTrace implements Trace {
    /** So many bytes come before the events. */
    static final int HEADER = Long.BYTES;

    private final FlightTrace kept;

    private final Thread main = Thread.currentThread();

    /** The task that is executed, or 0. */
    private volatile long current;

    /** @param bytes how much memory to use */
    WorkerTrace(long bytes) {
        kept = new FlightTrace(bytes);
    }

    /** {@return how the main thread is to wait} */
    TracedParker parker() {
        return new TracedParker(kept, () -> current, 0);
    }

    /** A task begins. */
    void begin(long task) {
        current = task;
        kept.record(Event.MOUNT, task, 0);
    }

    /** Its code has ended. */
    void end() {
        if (current != 0) {
            kept.unmounted(current, 0, Reason.DONE);
            current = 0;
        }
    }

    /** An answer has come for a thread, which waits. */
    void woken(Thread thread) {
        long task = current;
        if (thread == main
                && task != 0
                && Thread.currentThread() != main) { // else it does not wait, but serves the link
            kept.record(Event.WAKE, task, 0);
        }
    }

    /** Whatever thread it comes from, it is about the task; of other threads of the job's nothing is recorded. */
    @Override
    public void record(Event event, long subject, long detail) {
        if (current != 0 && Thread.currentThread() == main) {
            kept.record(event, current, detail);
        }
    }

    /** {@return what is kept, for the parent} */
    TraceKept kept() {
        FlightTrace.Snapshot snapshot = kept.snapshot();
        List<long[]> runs = snapshot.runs();
        int words = runs.stream().mapToInt(run -> run.length + 1).sum();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + words * Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.putLong(kept.base());
        for (long[] run : runs) {
            bytes.putLong(run.length);
            bytes.asLongBuffer().put(run);
            bytes.position(bytes.position() + run.length * Long.BYTES);
        }
        return new TraceKept(snapshot.lost(), System.nanoTime(), bytes.array());
    }
}
