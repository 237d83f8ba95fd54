package dev.heddle.internal;

import dev.heddle.internal.vthread.VirtualThreads;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The live tasks of a heddle: numbered, counted, and listed for cancelling them all and for dumps.
 *
 * <p>Problem: a task is added and removed on the hot path by every processor, and often removed by another than has added it,
 * while the whole is hardly ever read. Rejected: a concurrent set, which costs an entry of 40 bytes a task; lists behind locks,
 * where whoever removes a task takes the cache lines, or the lock, of whoever adds them, which was a third of the time that a
 * million tasks took. Approach: stripes chosen by the OS thread, so that processors keep out of each other's way, each a list of
 * {@link Chunk chunks} whose slots are used once. A task is added by one compare-and-set of a slot; it is removed by emptying
 * the slot, and by counting in the stripe of whoever removes it. Chunks without a task are {@linkplain #sweep swept} when about
 * as many tasks were removed as are live.
 *
 * <p>The race that matters is {@link #isEmpty} against a task that starts another and ends. The removals are added up first, the
 * additions afterwards, and both only grow, so if the sums are equal the registry was empty in between. Whoever removes the
 * last task has counted before it asks, so of those that remove the last ones, the one that counts last sees it empty.
 *
 * <p>Invariants: a slot goes from null to a task, and from there to {@link #GONE}, with {@link #HIDDEN} in between at times. A
 * chunk is full when it is not the newest of its stripe any more. {@code older} of a chunk is changed by whoever holds
 * {@link #listing}; a reader that has come to a chunk which is swept meanwhile finds its way on from there.
 */
class TaskRegistry {
    private static final int STRIPES = 16;

    /** Elements between those of two stripes, which then share no cache line. */
    private static final int APART = 32;

    /** Slots of a chunk. */
    private static final int SIZE = 64;

    /** How many removed tasks are not worth a sweep. */
    private static final int FEW = 4 * SIZE;

    /** Task numbers are unique in the JVM; each chunk takes as many as it has slots. */
    private static final AtomicLong CHUNKS = new AtomicLong();

    private static final Object GONE = new Object();

    /** In the slot of a task that is {@linkplain #hide hidden}. */
    private static final Object HIDDEN = new Object();

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    /** At the index of each stripe its newest chunk. */
    private final AtomicReferenceArray<Chunk> newest = new AtomicReferenceArray<>(STRIPES * APART);

    /** At the index of each stripe how many tasks were removed there, and next to it, at what count to sweep. */
    private final AtomicLongArray removed = new AtomicLongArray(STRIPES * APART);

    private final LongAdder refused = new LongAdder();

    /** Held while tasks are listed, swept or hidden. */
    private final ReentrantLock listing = new ReentrantLock();

    TaskRegistry() {
        for (int stripe = 0; stripe < newest.length(); stripe += APART) {
            newest.set(stripe, Chunk.FULL);
            removed.set(stripe + 1, FEW);
        }
    }

    /** Places for tasks. */
    static final class Chunk {
        /** What a stripe begins with. */
        static final Chunk FULL = new Chunk();

        private final @Nullable Object[] slots;

        /** The number of the task in the first slot. */
        private final long firstId;

        /** How many slots the older chunks of the stripe had, those that were swept included. */
        private final long before;

        private @Nullable Chunk older;

        /** Where to look for a free slot: none is before. */
        private int free;

        private Chunk() {
            slots = new Object[0];
            firstId = 0;
            before = 0;
        }

        Chunk(Chunk older) {
            this.older = older;
            slots = new Object[SIZE];
            firstId = CHUNKS.getAndIncrement() * SIZE + 1;
            before = older.before + older.slots.length;
        }

        /** {@return whether there was room} */
        boolean add(TaskCore<?> task) {
            task.chunk = this;
            for (int slot = free; slot < slots.length; slot++) {
                task.slot = (byte) slot; // before others can see the task
                if (SLOT.compareAndSet(slots, slot, null, task)) {
                    free = slot + 1; // a race, harmless: whoever comes too early finds the slot taken
                    return true;
                }
            }
            return false;
        }

        long id(int slot) {
            return firstId + slot;
        }

        /** {@return whether the task in the slot is live} */
        boolean has(int slot) {
            return SLOT.getVolatile(slots, slot) != GONE;
        }

        /** {@return how many tasks were ever added to the stripe, if this is its newest chunk} */
        long count() {
            int taken = free;
            while (taken < slots.length && SLOT.getVolatile(slots, taken) != null) {
                taken++;
            }
            return before + taken;
        }

        boolean isAbandoned() {
            for (int slot = 0; slot < slots.length; slot++) {
                if (SLOT.getOpaque(slots, slot) != GONE) {
                    return false;
                }
            }
            return true;
        }
    }

    private static int stripe() {
        return (int) (VirtualThreads.carrierId() & (STRIPES - 1)) * APART;
    }

    /** Adds a task that is in no registry, and numbers it. */
    void add(TaskCore<?> task) {
        int stripe = stripe();
        Chunk chunk = newest.get(stripe);
        while (!chunk.add(task)) {
            newest.compareAndSet(stripe, chunk, new Chunk(chunk)); // or somebody else has done so
            chunk = newest.get(stripe);
        }
    }

    /** Removes a task that was added. */
    void remove(TaskCore<?> task) {
        SLOT.setRelease(task.chunk().slots, (int) task.slot, GONE);
        int stripe = stripe();
        if (removed.incrementAndGet(stripe) >= removed.get(stripe + 1)) {
            sweep();
        }
    }

    /** Removes a task that was added and has been refused after all. */
    void refuse() {
        refused.increment();
    }

    /** {@return whether no task is live, at one moment during the call} */
    boolean isEmpty() {
        long gone = removed();
        return gone == count();
    }

    private long removed() {
        long sum = 0;
        for (int stripe = 0; stripe < removed.length(); stripe += APART) {
            sum += removed.get(stripe);
        }
        return sum;
    }

    private long count() {
        long sum = 0;
        for (int stripe = 0; stripe < newest.length(); stripe += APART) {
            sum += newest.get(stripe).count();
        }
        return sum;
    }

    /** {@return how many tasks are live, about} */
    long live() {
        long gone = removed();
        return count() - gone;
    }

    /** {@return how many tasks were ever added and not refused, about} */
    long added() {
        return count() - refused.sum();
    }

    /** Takes the chunks without a task out, unless somebody is at the lists already. */
    private void sweep() {
        if (!listing.tryLock()) {
            return;
        }
        try {
            for (int stripe = 0; stripe < newest.length(); stripe += APART) {
                for (Chunk kept = newest.get(stripe); kept != null; kept = kept.older) {
                    Chunk older = kept.older;
                    while (older != null && older.isAbandoned()) {
                        older = older.older;
                    }
                    if (older != kept.older) {
                        kept.older = older;
                    }
                }
            }
            long patience = Math.max(FEW, live() / 2);
            for (int stripe = 0; stripe < removed.length(); stripe += APART) {
                removed.set(stripe + 1, removed.get(stripe) + patience);
            }
        } finally {
            listing.unlock();
        }
    }

    /** {@return the tasks that are live at some moment during the call} */
    List<TaskCore<?>> snapshot() {
        List<TaskCore<?>> tasks = new ArrayList<>();
        listing.lock();
        try {
            for (int stripe = 0; stripe < newest.length(); stripe += APART) {
                for (Chunk chunk = newest.get(stripe); chunk != null; chunk = chunk.older) {
                    for (int slot = 0; slot < chunk.slots.length; slot++) {
                        if (SLOT.getVolatile(chunk.slots, slot) instanceof TaskCore<?> task) {
                            tasks.add(task);
                        }
                    }
                }
            }
        } finally {
            listing.unlock();
        }
        return tasks;
    }

    // ---- tasks that the registry forgets for a while, see Unreachable

    /**
     * A task that counts as live and is not listed.
     *
     * @param task cleared if nothing else holds it
     */
    record Hidden(WeakReference<TaskCore<?>> task) {}

    /** Calls code that may {@linkplain #hide hide} tasks, and shows them all again; whoever lists the tasks waits for it. */
    <R> R whileProbing(Function<TaskRegistry, R> code) {
        listing.lock();
        try {
            return code.apply(this);
        } finally {
            listing.unlock();
        }
    }

    /**
     * Forgets tasks.
     *
     * @param which which
     * @param canary makes what the task shall hold meanwhile
     * @return the tasks, to {@link #show} them again
     */
    List<Hidden> hide(Predicate<TaskCore<?>> which, Function<TaskCore<?>, Object> canary) {
        List<Hidden> hidden = new ArrayList<>();
        for (TaskCore<?> task : snapshot()) {
            if (which.test(task) && replace(task, task, HIDDEN)) {
                task.attachment = canary.apply(task);
                hidden.add(new Hidden(new WeakReference<>(task)));
            } // else it has ended meanwhile, or is to be seen
        }
        return hidden;
    }

    /** {@return false if nothing holds the task, so that its canary will show it} */
    boolean show(Hidden hidden) {
        TaskCore<?> task = hidden.task.get();
        if (task != null) {
            show(task);
        }
        return task != null;
    }

    /** {@return whether the task is live} */
    boolean show(TaskCore<?> task) {
        task.attachment = null;
        return replace(task, HIDDEN, task);
    }

    private static boolean replace(TaskCore<?> task, Object in, Object by) {
        return SLOT.compareAndSet(task.chunk().slots, (int) task.slot, in, by);
    }
}
