package dev.heddle.internal.process.worker;

import dev.heddle.internal.process.link.Message.TraceKept;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.Trace;
import dev.heddle.internal.trace.TracedParker;
import dev.heddle.trace.TraceEvent.Reason;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What a worker records: when the main thread executes a task, and where that waits. All in the main thread, but for {@link #woken} and
 * {@link #kept}.
 */
public final class WorkerTrace implements Trace {
    /** Instead of the length of a run: behind this come the stacks. */
    public static final long STACKS = -1;

    /** Longer ones are cut: UTF has room for 65,535 bytes, up to three for each. */
    private static final int LONGEST_FRAME = 1 << 14;

    private final FlightTrace kept;

    private final Thread main = Thread.currentThread();

    /** The task that is executed, or 0. */
    private volatile long current;

    /**
     * @param bytes how much memory to use
     * @param stacks whether to note where tasks wait
     */
    public WorkerTrace(long bytes, boolean stacks) {
        kept = new FlightTrace(bytes);
        kept.noteStacks(stacks);
    }

    /** {@return how the main thread is to wait} */
    public TracedParker parker() {
        return new TracedParker(kept, () -> current, 0);
    }

    /** A task begins. */
    public void begin(long task) {
        current = task;
        kept.record(Event.MOUNT, task, 0);
    }

    /** Its code has ended. */
    public void end() {
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
    public TraceKept kept() {
        FlightTrace.Snapshot snapshot = kept.snapshot();
        List<long[]> runs = snapshot.runs();
        int words = runs.stream().mapToInt(run -> run.length + 1).sum();
        byte[] stacks = bytes(snapshot.stacks());
        ByteBuffer bytes =
                ByteBuffer.allocate((1 + words) * Long.BYTES + stacks.length).order(ByteOrder.nativeOrder());
        bytes.putLong(kept.base());
        for (long[] run : runs) {
            bytes.putLong(run.length);
            bytes.asLongBuffer().put(run);
            bytes.position(bytes.position() + run.length * Long.BYTES);
        }
        bytes.put(stacks);
        return new TraceKept(snapshot.lost(), System.nanoTime(), bytes.array());
    }

    /** {@return the mark, how many there are, and for each how many frames it has, and those; nothing if there are none} */
    private static byte[] bytes(List<List<String>> stacks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!stacks.isEmpty()) {
            try {
                DataOutputStream out = new DataOutputStream(bytes);
                out.writeLong(STACKS); // the same in both orders of bytes
                out.writeInt(stacks.size());
                for (List<String> stack : stacks) {
                    out.writeByte(stack.size());
                    for (String frame : stack) {
                        out.writeUTF(frame.substring(0, Math.min(frame.length(), LONGEST_FRAME)));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory throws none
            }
        }
        return bytes.toByteArray();
    }
}
