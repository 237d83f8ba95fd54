package dev.heddle.internal.process;

import dev.heddle.internal.process.link.CorruptFrameException;
import dev.heddle.internal.process.link.Message.TraceKept;
import dev.heddle.internal.process.worker.WorkerTrace;
import dev.heddle.internal.trace.FlightTrace;
import dev.heddle.internal.trace.WorkerEvents;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the workers of a heddle have recorded, as far as it has come: each sends all it keeps when it is asked, and once more before it
 * ends in order. What a worker had recorded that was killed is lost, but for what it was asked before.
 *
 * <p>Events come by the clock of the worker. On Linux {@link System#nanoTime} is one clock for all processes; elsewhere the
 * difference is measured by a message's way, and wrong by as long as that takes.
 *
 * <p>Invariant: all is guarded by {@link #lock}. It is taken last.
 */
final class WorkerTraces {
    private static final boolean ONE_CLOCK = "Linux".equals(System.getProperty("os.name"));

    /** How long to wait for answers: a worker whose machine is busy may take its time. */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long base;
    private final long mostWords;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();

    /** By the number of the worker, in the order in which they came. */
    private final Map<Integer, List<WorkerEvents>> kept = new LinkedHashMap<>();

    private final Set<Integer> asked = new HashSet<>();
    private long words;
    private long lost;

    /**
     * @param base when the time of the events is 0
     * @param bytes how much to keep
     */
    WorkerTraces(long base, long bytes) {
        this.base = base;
        this.mostWords = bytes / Long.BYTES;
    }

    /**
     * A worker has sent what it keeps.
     *
     * @throws CorruptFrameException if that makes no sense
     */
    void came(int worker, TraceKept message) {
        List<WorkerEvents> events = read(worker, message);
        lock.lock();
        try {
            remove(worker);
            kept.put(worker, events);
            words += size(events);
            while (words > mostWords && kept.size() > 1) { // the oldest, and never the one that has just come
                int oldest = kept.keySet().iterator().next();
                lost += size(kept.getOrDefault(oldest, List.of())) / FlightTrace.WORDS;
                remove(oldest);
            }
            asked.remove(worker);
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void remove(int worker) {
        List<WorkerEvents> removed = kept.remove(worker);
        words -= removed == null ? 0 : size(removed);
    }

    private static long size(List<WorkerEvents> events) {
        return events.stream().mapToLong(run -> run.words().length).sum();
    }

    /** A worker has ended, and will not answer. */
    void gone(int worker) {
        lock.lock();
        try {
            asked.remove(worker);
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return what there is, after the workers have answered or some seconds have passed}
     *
     * @param workers who are asked
     */
    List<WorkerEvents> ask(Collection<Worker> workers) {
        for (Worker worker : workers) {
            lock.lock();
            try {
                asked.add(worker.number);
            } finally {
                lock.unlock();
            }
            if (!worker.askForTrace()) {
                gone(worker.number);
            }
        }
        boolean interrupted = false;
        lock.lock();
        try {
            long left = ANSWER_NANOS;
            while (left > 0 && !asked.isEmpty()) {
                try {
                    left = answered.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = 0;
                }
            }
            asked.clear();
            List<WorkerEvents> all = new ArrayList<>();
            kept.values().forEach(all::addAll);
            all.add(new WorkerEvents(0, new long[0], lost, List.of()));
            return all;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<WorkerEvents> read(int worker, TraceKept message) {
        long now = System.nanoTime();
        List<long[]> runs = new ArrayList<>();
        List<List<String>> stacks = List.of();
        ByteBuffer bytes = ByteBuffer.wrap(message.events()).order(ByteOrder.nativeOrder());
        try {
            long shift = bytes.getLong() + (ONE_CLOCK ? 0 : now - message.clock()) - base;
            while (bytes.hasRemaining()) {
                long length = bytes.getLong();
                if (length == WorkerTrace.STACKS) {
                    stacks = stacks(bytes);
                    break;
                }
                if (length < 0 || length > bytes.remaining() / Long.BYTES || length % FlightTrace.WORDS != 0) {
                    throw new CorruptFrameException("a run of " + length + " words of events");
                }
                long[] events = new long[(int) length];
                bytes.asLongBuffer().get(events);
                bytes.position(bytes.position() + events.length * Long.BYTES);
                for (int i = 0; i < events.length; i += FlightTrace.WORDS) {
                    events[i] = checked(events[i], shift, now - base);
                }
                runs.add(events);
            }
        } catch (BufferUnderflowException e) {
            throw new CorruptFrameException("events that end too early");
        }
        List<WorkerEvents> all = new ArrayList<>();
        for (long[] events : runs) {
            all.add(new WorkerEvents(worker, events, all.isEmpty() ? Math.max(0, message.lost()) : 0, stacks));
        }
        return all;
    }

    private static List<List<String>> stacks(ByteBuffer bytes) {
        List<List<String>> stacks = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                List<String> frames = new ArrayList<>();
                for (int left = in.readUnsignedByte(); left > 0; left--) {
                    frames.add(in.readUTF());
                }
                stacks.add(frames);
            }
        } catch (IOException e) {
            throw new CorruptFrameException("stacks that cannot be read");
        }
        return stacks;
    }

    /** {@return the first word of an event by our clock} No event is later than now. */
    private static long checked(long first, long shift, long now) {
        if (!FlightTrace.isOfTask(first)) {
            throw new CorruptFrameException("an event that no worker records");
        }
        return FlightTrace.at(first, Math.clamp(FlightTrace.nanos(first) + shift, 0, now));
    }
}
