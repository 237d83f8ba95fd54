package dev.heddle.internal;

import dev.heddle.internal.vthread.VirtualThreads;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The live tasks of a heddle: numbered, counted, and listed for cancelling them all and for dumps.
 *
 * <p>Problem: a task is added and removed on the hot path by every processor, while the whole is hardly ever read.
 * Rejected: a concurrent set, which costs an entry of 40 bytes a task; one counter for all, whose cache line then travels twice
 * a task. Approach: stripes chosen by the OS thread that starts the task, so that processors keep out of each other's way, each
 * a doubly linked list through the tasks themselves behind a short lock.
 *
 * <p>The race that matters is {@link #isEmpty} against a task that starts another and ends: it would be wrong to count
 * the one's stripe before the start and the other's after the end, so all stripes are locked, in their order, and counted at
 * one moment. Of those that remove the last tasks, the one that does so last sees an empty registry.
 *
 * <p>Invariants: {@code previous}, {@code next} and {@code stripe} of a task are guarded by the lock of its stripe. A thread
 * that holds the locks of two stripes holds all.
 */
final class TaskRegistry {
    private static final int STRIPES = 16;

    /** How many numbers a stripe takes at once. */
    private static final int BLOCK = 1024;

    /** Task numbers are unique in the JVM. */
    private static final AtomicLong BLOCKS = new AtomicLong();

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** Held while tasks are {@linkplain #hide hidden}, and while all are listed. Taken before a stripe's. */
    private final ReentrantLock listing = new ReentrantLock();

    TaskRegistry() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** All fields are guarded by the lock; the counts are volatile for those who only want a rough picture. */
    static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable
        TaskCore<?> first;

        volatile int live;
        volatile long added;

        private long lastId;
        private long lastOfBlock;

        private void link(TaskCore<?> task) {
            TaskCore<?> second = first;
            task.next = second;
            if (second != null) {
                second.previous = task;
            }
            first = task;
        }

        private void unlink(TaskCore<?> task) {
            TaskCore<?> before = task.previous;
            TaskCore<?> after = task.next;
            if (before != null) {
                before.next = after;
            } else {
                first = after;
            }
            if (after != null) {
                after.previous = before;
            }
            task.previous = null;
            task.next = null;
        }

        private long nextId() {
            if (lastId == lastOfBlock) {
                lastOfBlock = BLOCKS.incrementAndGet() * BLOCK;
                lastId = lastOfBlock - BLOCK;
            }
            return ++lastId;
        }
    }

    /** Adds a task that is in no registry, and numbers it. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only written under the lock
    void add(TaskCore<?> task) {
        Stripe stripe = stripes[(int) (VirtualThreads.carrierId() & (STRIPES - 1))];
        stripe.lock.lock();
        try {
            task.added(stripe, stripe.nextId());
            stripe.link(task);
            stripe.live++;
            stripe.added++;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** {@return whether the registry may be empty now} */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only written under the lock
    boolean remove(TaskCore<?> task) {
        Stripe stripe = task.stripe();
        stripe.lock.lock();
        try {
            if (!task.hidden) {
                stripe.unlink(task);
            }
            task.hidden = false;
            return --stripe.live == 0;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** A task that was added has been refused after all. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only written under the lock
    void refuse(TaskCore<?> task) {
        Stripe stripe = task.stripe();
        stripe.lock.lock();
        try {
            stripe.added--;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** {@return whether no task is live, at one moment during the call} */
    boolean isEmpty() {
        int locked = 0;
        try {
            while (locked < STRIPES) {
                stripes[locked++].lock.lock();
                if (stripes[locked - 1].live > 0) {
                    return false;
                }
            }
            return true;
        } finally {
            while (locked > 0) {
                stripes[--locked].lock.unlock();
            }
        }
    }

    /** {@return the tasks that are live at some moment during the call} */
    List<TaskCore<?>> snapshot() {
        List<TaskCore<?>> tasks = new ArrayList<>();
        listing.lock();
        try {
            for (Stripe stripe : stripes) {
                stripe.lock.lock();
                try {
                    for (TaskCore<?> task = stripe.first; task != null; task = task.next) {
                        tasks.add(task);
                    }
                } finally {
                    stripe.lock.unlock();
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
            if (which.test(task) && hide(task)) {
                task.attachment = canary.apply(task);
                hidden.add(new Hidden(new WeakReference<>(task)));
            }
        }
        return hidden;
    }

    private boolean hide(TaskCore<?> task) {
        Stripe stripe = task.stripe();
        stripe.lock.lock();
        try {
            if (task.previous == null && stripe.first != task) {
                return false; // it has ended meanwhile
            }
            stripe.unlink(task);
            task.hidden = true;
            return true;
        } finally {
            stripe.lock.unlock();
        }
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
        Stripe stripe = task.stripe();
        stripe.lock.lock();
        try {
            task.attachment = null;
            if (!task.hidden) {
                return false; // it has ended meanwhile
            }
            task.hidden = false;
            stripe.link(task);
            return true;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** {@return how many tasks are live, about} */
    long live() {
        long sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.live;
        }
        return sum;
    }

    /** {@return how many tasks were ever added and not refused, about} */
    long added() {
        long sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.added;
        }
        return sum;
    }
}
