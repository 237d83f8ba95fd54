package dev.heddle.internal.green;

import dev.heddle.internal.Seams;
import dev.heddle.internal.TaskCore;
import dev.heddle.internal.os.CpuAffinity;
import dev.heddle.internal.vthread.VirtualThreads;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The carriers of a scheduler: which threads they are, which are idle, how many there may be, on which CPUs.
 *
 * <p>Which carrier a thread is gets asked at every wake-up, and a carrier's thread is made by a factory that anyone may
 * set, so it cannot be a field of the thread; a thread-local of the carrier is out of a virtual thread's reach. Hence a hash
 * table of threads that is copied whenever a carrier comes or goes.
 *
 * <p>The race that matters is a carrier that starts while its CPUs change: it enters the table, and then sets its mask
 * until that is what it reads in {@link #cpus}; {@link #confine} writes them and then visits the table. Whichever of the two
 * sets the mask last sets the newest.
 */
final class Carriers {
    private static final Carrier[] NONE = new Carrier[1];

    private final GreenScheduler scheduler;
    private final Seams seams;
    private final IdleStack<Carrier> idle = new IdleStack<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();

    /** How often a carrier was wanted where the limit was reached. */
    private final LongAdder refusals = new LongAdder();

    /** Serialises changes of {@link #table}; taken on carriers' own threads only, never under a green thread. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Open addressing by thread id; at least half empty, never changed once it can be seen here. */
    private volatile @Nullable Carrier[] table = NONE;

    private volatile BitSet cpus;

    /** How many carriers may exist. */
    volatile int limit;

    /** Whether the last attempt to start a carrier failed. A hint: then nobody tries again at once. */
    private volatile boolean startFailed;

    Carriers(GreenScheduler scheduler, Seams seams, BitSet cpus, int limit) {
        this.scheduler = scheduler;
        this.seams = seams;
        this.cpus = cpus;
        this.limit = limit;
    }

    /** {@return the carrier that is this thread, or null} */
    @Nullable
    Carrier find(Thread thread) {
        @Nullable Carrier[] slots = table;
        int mask = slots.length - 1;
        for (int i = (int) thread.threadId() & mask; ; i = (i + 1) & mask) {
            Carrier carrier = slots[i];
            if (carrier == null || carrier.thread() == thread) {
                return carrier;
            }
        }
    }

    private static String carrierSuffix(int id) {
        return "-carrier-" + id;
    }

    /** {@return what the thread of a carrier is called} */
    String name(int id) {
        return scheduler.name() + carrierSuffix(id);
    }

    /** {@return the carrier of that number, or null if there is none any more} */
    @Nullable
    Carrier numbered(int id) {
        for (Carrier carrier : table) {
            if (carrier != null && carrier.id == id) {
                return carrier;
            }
        }
        return null;
    }

    /** The calling thread is a new carrier. */
    void enter(Carrier carrier) {
        change(carrier, null);
        BitSet mine;
        do {
            mine = cpus;
            // A thread inherits its starter's mask, so once masks are in use even an unconfined carrier sets its own.
            if (CpuAffinity.isUsed() || !mine.equals(CpuAffinity.allowed())) {
                CpuAffinity.set(carrier.threadId(), mine);
            }
        } while (!mine.equals(cpus)); // confine may have set a newer mask before we set ours
    }

    /** The carrier's thread is about to end. */
    void leave(Carrier carrier) {
        change(null, carrier);
        count.decrementAndGet();
        if (scheduler.anyWork()) {
            scheduler.wakeSearcher(); // whoever came with it may have found no idle carrier and, with us, the limit
            // reached
        }
    }

    private void change(@Nullable Carrier added, @Nullable Carrier removed) {
        lock.lock();
        try {
            @Nullable Carrier[] old = table;
            int size = added == null ? 0 : 1;
            for (Carrier carrier : old) {
                size += carrier == null ? 0 : 1;
            }
            @Nullable Carrier[] slots = new Carrier[Integer.highestOneBit(Math.max(1, size)) * 4];
            for (Carrier carrier : old) {
                if (carrier != null && carrier != removed) {
                    insert(slots, carrier);
                }
            }
            if (added != null) {
                insert(slots, added);
            }
            table = slots;
        } finally {
            lock.unlock();
        }
    }

    private static void insert(@Nullable Carrier[] slots, Carrier carrier) {
        Thread thread = carrier.thread();
        if (thread == null) {
            throw new AssertionError("a carrier enters the table before it knows its thread");
        }
        int i = (int) thread.threadId() & (slots.length - 1);
        while (slots[i] != null) {
            i = (i + 1) & (slots.length - 1);
        }
        slots[i] = carrier;
    }

    // ---- giving processors to carriers

    /** {@return whether a processor can be given to a carrier now, as far as can be foreseen} If not, that is counted. */
    boolean available() {
        boolean available = !idle.isEmpty() || count.get() < limit;
        if (!available) {
            refusals.increment();
        }
        return available;
    }

    /**
     * Gives a processor to an idle carrier or to a new one.
     *
     * @param owned by the caller
     * @return whether that worked; if not, the caller still owns it
     */
    boolean give(Processor owned) {
        for (Carrier carrier = idle.pop(); carrier != null; carrier = idle.pop()) {
            if (carrier.give(owned)) {
                return true;
            }
        }
        int existing;
        do {
            existing = count.get();
            if (existing >= limit) {
                refusals.increment();
                return false;
            }
        } while (!count.compareAndSet(existing, existing + 1));
        int id = ids.incrementAndGet();
        try {
            scheduler
                    .newThread(new Carrier(id, scheduler, seams, owned), carrierSuffix(id))
                    .start();
            startFailed = false;
            return true;
        } catch (Throwable t) { // the caller may be a green thread in the middle of anything, and must not see it
            startFailed = true;
            count.decrementAndGet();
            scheduler.report("an OS thread for green threads could not be started", t);
            return false;
        }
    }

    void pushIdle(Carrier carrier) {
        idle.push(carrier);
    }

    /** {@return whether it makes sense to try {@link #give} once more} */
    boolean anyUsable() {
        return !idle.isEmpty() || (count.get() < limit && !startFailed);
    }

    /** Ends the idle ones. */
    void retireIdle() {
        for (Carrier carrier = idle.pop(); carrier != null; carrier = idle.pop()) {
            carrier.retire();
        }
    }

    // ---- the rest

    void confine(BitSet chosen) {
        cpus = chosen;
        for (Carrier carrier : table) {
            if (carrier != null) {
                CpuAffinity.set(carrier.threadId(), chosen); // false means that the thread has ended meanwhile
            }
        }
    }

    /**
     * {@return a line about each}
     *
     * @param tasks which may execute on them
     */
    List<String> describe(List<TaskCore<?>> tasks) {
        Map<Thread, TaskCore<?>> executed = new HashMap<>();
        for (TaskCore<?> task : tasks) {
            Thread thread = task.runner();
            Thread carrier = thread == null ? null : VirtualThreads.carrierOf(thread);
            if (carrier != null) {
                executed.put(carrier, task);
            }
        }
        Set<Integer> lentTo = Arrays.stream(scheduler.processors().all())
                .map(Processor::lentTo)
                .collect(Collectors.toSet());
        return Arrays.stream(table)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingInt(carrier -> carrier.id))
                .map(carrier -> name(carrier.id) + ", OS thread " + carrier.threadId() + ": "
                        + (carrier.isIdle()
                                ? "idle"
                                : doing(executed.get(carrier.thread()), lentTo.contains(carrier.id))))
                .toList();
    }

    private static String doing(@Nullable TaskCore<?> task, boolean hasProcessor) {
        if (task == null) {
            return hasProcessor ? "executes a thread that a library has started" : "looks for work";
        }
        return "executes task " + task.id() + (hasProcessor ? "" : ", without a processor, which it held for too long");
    }

    long refusals() {
        return refusals.sum();
    }

    /** {@return how many are idle} */
    int idle() {
        int sum = 0;
        for (Carrier carrier : table) {
            sum += carrier != null && carrier.isIdle() ? 1 : 0;
        }
        return sum;
    }

    int count() {
        return count.get();
    }
}
