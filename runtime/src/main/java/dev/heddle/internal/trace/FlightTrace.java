package dev.heddle.internal.trace;

import dev.heddle.internal.vthread.VirtualThreads;
import dev.heddle.trace.Recorder;
import dev.heddle.trace.TraceEvent.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the latest events in bounded memory: what is behind a {@link Recorder}.
 *
 * <p>Problem: some hundred nanoseconds pass between two events of a carrier, and whoever records them may be the scheduler under a
 * green thread, which must not wait; there may be one thread or ten thousand, that come and go; and the memory is bounded. Rejected: a
 * ring for each thread, of which ten thousand threads have ten thousand, and a busy carrier no more than an idle one; one ring for
 * all, whose position would be the most contended word of the heddle; to record task ids, which the scheduler would have to look up
 * at each switch. Approach: memory is cut into {@link Chunk chunks}. A thread fills one of its own, without any contention, and
 * takes the next when it is full: a new one as long as there may be more, and then the one that was filled first of all. So what is
 * dropped is the oldest, whose ever it is. Events have ids of threads, and whoever reads them finds out the tasks.
 *
 * <p>Which {@link Writer} is a thread's own is looked up in a table by the thread's id: that of the OS thread, since it is that
 * which nobody else can be while an event is recorded. A place in the table whose thread has ended is taken over, with the chunk that
 * is being filled. A thread whose place belongs to another one that lives uses one of some shared writers, whichever is not in use,
 * by compare-and-set. Should all be in use again and again, since their users have lost their CPU, the event is dropped and counted.
 *
 * <p>The races that matter are that of a reader with a chunk that is used again, see there, and of a reader with a chunk that
 * goes from a writer to the queue of full ones: all chunks there ever were are in a list of their own, which readers use. An
 * event of a busy thread may be dropped before an older one of a thread that does little; so the reader also drops what is older
 * than the newest that was dropped, its {@link Snapshot#horizon}. A chunk that it has read already may have been used again before
 * it comes to the next; so it also drops what is later than its beginning. In between nothing is missing.
 *
 * <p>Invariants: a chunk is in use by one writer, or in {@link #full}. All of a chunk but what readers do is its writer's.
 */
public final class FlightTrace implements Trace {
    /** Words of an event, as a run has them. */
    public static final int WORDS = Chunk.WORDS;

    /** Bytes of an event. */
    static final int BYTES = Chunk.WORDS * Long.BYTES;

    /** Places in the table of writers; a power of 2. */
    private static final int PLACES = 128;

    /** Writers for those who have no place. */
    private static final int SHARED = 8;

    /** How often all shared writers are tried. */
    private static final int ROUNDS = 64;

    private static final int NAME_BITS = 20;

    private static final Event[] EVENTS = Event.values();

    /** Set by {@link Recorder}, which alone can tell. */
    private static volatile @Nullable Function<Recorder, FlightTrace> access;

    private final long base = System.nanoTime();
    private final Instant start = Instant.now();
    private final long bytes;
    private final int chunkEvents;
    private final int mostChunks;

    private final AtomicReferenceArray<@Nullable Writer> places = new AtomicReferenceArray<>(PLACES);
    private final AtomicReferenceArray<Writer> shared = new AtomicReferenceArray<>(SHARED);

    /** Every chunk there is. */
    private final Collection<Chunk> chunks = new ConcurrentLinkedQueue<>();

    private final AtomicInteger chunkCount = new AtomicInteger();
    private final Queue<Chunk> full = new ConcurrentLinkedQueue<>();
    private final AtomicLong generations = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong horizon = new AtomicLong();

    /** Numbers of workers by their process ids. */
    private final Map<Long, Long> workers = new ConcurrentHashMap<>();

    private final Map<String, Integer> names = new ConcurrentHashMap<>();
    private final AtomicInteger nameCount = new AtomicInteger();
    private final ClassValue<Integer> nameOfJob = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> job) {
            return names.computeIfAbsent(nameOf(job), name -> nameCount.getAndIncrement()) & ((1 << NAME_BITS) - 1);
        }
    };

    private final AtomicBoolean used = new AtomicBoolean();

    /** Null if stacks are not wanted. Written before it is used. */
    private @Nullable Stacks stacks;

    private volatile @Nullable Traced heddle;

    /** @param bytes the most memory for events */
    public FlightTrace(long bytes) {
        this.bytes = bytes;
        long events = bytes / BYTES;
        chunkEvents = Math.clamp(events / (4L * PLACES), 32, 2048);
        mostChunks = (int) Math.min(Integer.MAX_VALUE, Math.max(events / chunkEvents, PLACES + SHARED + 2));
        for (int i = 0; i < SHARED; i++) {
            shared.set(i, new Writer(null, null));
        }
    }

    // ---- the way from a Recorder

    /** Called once by the class {@link Recorder}. */
    public static void access(Function<Recorder, FlightTrace> how) {
        access = how;
    }

    /**
     * {@return what records for it, for one heddle, which is the caller's}
     *
     * @param recorder a recorder
     * @throws IllegalStateException if it has one already
     */
    public static FlightTrace claim(Recorder recorder) {
        Function<Recorder, FlightTrace> how = access;
        if (how == null) {
            throw new AssertionError("there is a recorder, so its class has been initialised");
        }
        FlightTrace trace = how.apply(recorder);
        if (!trace.used.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "this recorder was given to a heddle before, and keeps the events of one: make"
                            + " another with Recorder.keeping(...)");
        }
        return trace;
    }

    /**
     * Notes where tasks are started and wait from now on, or not.
     *
     * @throws IllegalStateException if a heddle has it already
     */
    public void noteStacks(boolean wanted) {
        if (used.get()) {
            throw new IllegalStateException(
                    "this recorder was given to a heddle, and cannot begin or cease to note stacks:"
                            + " call stacks(true) before HeddleBuilder.open()");
        }
        stacks = wanted ? new Stacks() : null;
    }

    @Override
    public void opened(Traced of) {
        heddle = of;
    }

    // ---- recording

    @Override
    @SuppressWarnings("EnumOrdinal") // as it is read again here
    public void record(Event event, long subject, long detail) {
        switch (event) {
            case WORKER_START -> workers.put(subject, detail);
            case WORKER_EXIT -> {
                Long worker = workers.remove(subject);
                add(event.ordinal(), worker == null ? -1 : worker, detail);
                return;
            }
            default -> {}
        }
        add(event.ordinal(), subject, detail);
    }

    @Override
    @SuppressWarnings("EnumOrdinal")
    public void started(long task, long starter, Object job) {
        add(Event.START.ordinal(), task, (starter << NAME_BITS) | nameOfJob.get(job.getClass()));
        note(Event.STARTED_AT, task);
    }

    @Override
    public boolean notesStacks() {
        return stacks != null;
    }

    @Override
    public void waits(long subject) {
        note(Event.WAITS_AT, subject);
    }

    @SuppressWarnings("EnumOrdinal")
    private void note(Event event, long subject) {
        Stacks wanted = stacks;
        if (wanted != null) {
            int stack = wanted.here();
            if (stack != Stacks.NONE) {
                add(event.ordinal(), subject, stack);
            }
        }
    }

    @Override
    @SuppressWarnings("EnumOrdinal")
    public void recordAfter(Event previous, Event event, long subject, long detail) {
        Writer mine = writer(VirtualThreads.currentCarrier());
        if (mine != null) {
            mine.recordAfter(previous, event, subject, detail);
        } else {
            addShared(event.ordinal(), subject, detail);
        }
    }

    @Override
    @SuppressWarnings("EnumOrdinal")
    public void unmounted(long subject, long lane, Reason reason) {
        add(Event.UNMOUNT.ordinal(), subject, left(lane, reason));
    }

    @SuppressWarnings("EnumOrdinal")
    private static long left(long lane, Reason reason) {
        return ((long) reason.ordinal() << Integer.SIZE) | lane;
    }

    @Override
    @SuppressWarnings("EnumOrdinal")
    public void ended(long task, long outcome, long thread) {
        add(Event.END.ordinal(), task, (thread << 2) | outcome);
    }

    private void add(int event, long subject, long detail) {
        Writer mine = writer(VirtualThreads.currentCarrier());
        if (mine != null) {
            mine.add(event, subject, detail);
        } else {
            addShared(event, subject, detail);
        }
    }

    @Override
    public Trace ofThisThread() {
        Writer mine = writer(VirtualThreads.currentCarrier());
        return mine == null ? this : mine;
    }

    /** {@return the thread's own, or null if its place belongs to another that lives} For the thread, which is an OS thread. */
    private @Nullable Writer writer(Thread thread) {
        int place = (int) thread.threadId() & (PLACES - 1);
        Writer writer = places.get(place);
        if (writer != null && writer.owner == thread) {
            return writer;
        }
        if (writer != null && writer.isOwned()) {
            return null;
        }
        Writer mine = new Writer(thread, writer == null ? null : writer.chunk);
        return places.compareAndSet(place, writer, mine) ? mine : null;
    }

    private void addShared(int event, long subject, long detail) {
        int first = (int) Thread.currentThread().threadId() & (SHARED - 1);
        for (int i = 0; i < ROUNDS * SHARED; i++) {
            Writer writer = shared.get((first + i) & (SHARED - 1));
            if (writer.inUse.compareAndSet(false, true)) {
                writer.add(event, subject, detail);
                writer.inUse.set(false);
                return;
            }
            Thread.onSpinWait();
        }
        lost.incrementAndGet();
    }

    /** Fills chunks, one after the other. As a trace it is for its owner alone, who records what happens on a carrier. */
    private final class Writer implements Trace {
        /** Null if it is shared. */
        final @Nullable Thread owner;

        /** Of whoever uses it, if it is shared. */
        final AtomicBoolean inUse = new AtomicBoolean();

        /** Of the owner, and of whoever takes it over. */
        private @Nullable Chunk chunk;

        /** The time of the last event. */
        private long now;

        /** Its ordinal. */
        private int last;

        Writer(@Nullable Thread owner, @Nullable Chunk chunk) {
            this.owner = owner;
            this.chunk = chunk;
        }

        boolean isOwned() {
            return owner != null && owner.isAlive(); // if not, it happens before us what the thread has done
        }

        @Override
        @SuppressWarnings("EnumOrdinal")
        public void record(Event event, long subject, long detail) {
            add(event.ordinal(), subject, detail);
        }

        @Override
        @SuppressWarnings("EnumOrdinal")
        public void recordAfter(Event previous, Event event, long subject, long detail) {
            if (last == previous.ordinal()) {
                addNow(event.ordinal(), subject, detail);
            } else {
                add(event.ordinal(), subject, detail);
            }
        }

        @Override
        @SuppressWarnings("EnumOrdinal")
        public void unmounted(long subject, long lane, Reason reason) {
            add(Event.UNMOUNT.ordinal(), subject, left(lane, reason));
        }

        void add(int event, long subject, long detail) {
            now = System.nanoTime() - base;
            addNow(event, subject, detail);
        }

        /** At the time of the event before. */
        void addNow(int event, long subject, long detail) {
            last = event;
            long first = (now << Chunk.EVENT_BITS) | event;
            Chunk present = chunk;
            if (present == null || !present.add(first, subject, detail)) {
                present = next(present);
                chunk = present;
                present.add(first, subject, detail);
            }
        }
    }

    private Chunk next(@Nullable Chunk filled) {
        if (filled != null) {
            full.add(filled);
        }
        if (chunkCount.get() < mostChunks && chunkCount.getAndIncrement() < mostChunks) {
            Chunk chunk = new Chunk(chunkEvents, generations.incrementAndGet());
            chunks.add(chunk);
            return chunk;
        }
        Chunk oldest = full.poll();
        if (oldest == null) { // all others are being filled, each by a thread of its own
            oldest = new Chunk(chunkEvents, generations.incrementAndGet());
            chunks.add(oldest);
            return oldest;
        }
        horizon.accumulateAndGet(oldest.last() >> Chunk.EVENT_BITS, Math::max); // before it is gone
        lost.addAndGet(oldest.reuse(generations.incrementAndGet()));
        return oldest;
    }

    private static String nameOf(Class<?> job) {
        String name = job.getName();
        int lambda = name.indexOf("$$Lambda");
        String host = lambda < 0 ? name : name.substring(0, lambda);
        String simple = host.substring(host.lastIndexOf('.') + 1);
        return simple.isEmpty() ? host : simple;
    }

    // ---- reading

    /**
     * What is kept, as it is.
     *
     * @param heddle whose events these are; null if no heddle has been opened
     * @param start when the time of the events is 0
     * @param now until when, by the clock of the events: there are some that are later, and others missing
     * @param horizon until when events are missing
     * @param lost how many are
     * @param runs events, in order within each; of runs with events of one time the first comes first
     * @param names names of jobs by the numbers that START has
     * @param stacks frames by the numbers that STARTED_AT and WAITS_AT have
     */
    public record Snapshot(
            @Nullable Traced heddle,
            Instant start,
            long now,
            long horizon,
            long lost,
            List<long[]> runs,
            Map<Integer, String> names,
            List<List<String>> stacks,
            List<WorkerEvents> workers) {}

    /** {@return what is kept} By any thread, at any time. */
    public Snapshot snapshot() {
        Traced of = heddle;
        List<WorkerEvents> ofWorkers = of == null ? List.of() : of.ofWorkers();
        long now = System.nanoTime() - base;
        List<Chunk.Copy> copies = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Chunk.Copy copy = chunk.copy();
            if (copy != null) {
                copies.add(copy);
            }
        }
        copies.sort((a, b) -> Long.compare(a.generation(), b.generation()));
        Stacks wanted = stacks;
        Map<Integer, String> numbered = new ConcurrentHashMap<>();
        names.forEach((name, number) -> numbered.put(number, name));
        return new Snapshot(
                of,
                start,
                now,
                horizon.get(), // after the copies: what was missed by them is older
                lost.get(),
                copies.stream().map(Chunk.Copy::words).toList(),
                numbered,
                wanted == null ? List.of() : wanted.texts(), // after the events that have their numbers
                ofWorkers);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** {@return the difference of the events' clock to {@link System#nanoTime}} */
    @Override
    public long base() {
        return base;
    }

    // ---- the words of an event

    /** {@return what happened} */
    public static Event event(long first) {
        return EVENTS[(int) first & ((1 << Chunk.EVENT_BITS) - 1)];
    }

    /** {@return whether the first word is that of an event that a worker may record} */
    public static boolean isOfTask(long first) {
        int event = (int) first & ((1 << Chunk.EVENT_BITS) - 1);
        if (event >= EVENTS.length) {
            return false;
        }
        return switch (EVENTS[event]) {
            case MOUNT, UNMOUNT, WAKE, SEND, RECEIVE, LOCK_TAKEN, LOCK_DROPPED, WAITS_AT -> true;
            default -> false;
        };
    }

    /** {@return the first word of an event, at another time} */
    public static long at(long first, long nanos) {
        return (nanos << Chunk.EVENT_BITS) | (first & ((1 << Chunk.EVENT_BITS) - 1));
    }

    /** {@return when, by the clock of the trace} */
    public static long nanos(long first) {
        return first >> Chunk.EVENT_BITS;
    }

    /** {@return the id of the thread that has started a task, from the detail of START} */
    public static long starter(long detail) {
        return detail >> NAME_BITS;
    }

    /** {@return the number of the name of its job} */
    public static int name(long detail) {
        return (int) detail & ((1 << NAME_BITS) - 1);
    }

    /** {@return the id of the thread that executed a task, from the detail of END} */
    public static long thread(long detail) {
        return detail >> 2;
    }

    /** {@return how it ended} */
    public static int outcome(long detail) {
        return (int) detail & 3;
    }

    /** {@return the lane, from the detail of UNMOUNT} */
    public static int lane(long detail) {
        return (int) detail;
    }

    /** {@return the ordinal of the reason} */
    public static int reason(long detail) {
        return (int) (detail >> Integer.SIZE);
    }
}
