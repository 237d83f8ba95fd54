package dev.heddle.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The live tasks of a heddle, for cancelling them all and for dumps.
 *
 * <p>Problem: a task is added and removed on the hot path by every processor, while the whole is hardly ever read.
 * Rejected: a concurrent set, which costs an entry of 40 bytes a task. Approach: stripes chosen by task id, each a
 * doubly linked list through the tasks themselves behind a short lock.
 *
 * <p>Invariant: {@code previous} and {@code next} of a task are guarded by the lock of its stripe.
 */
final class TaskRegistry {
    private static final int STRIPES = 16;

    private final Stripe[] stripes = new Stripe[STRIPES];

    TaskRegistry() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();

        @Nullable
        TaskCore<?> first;
    }

    private Stripe stripe(TaskCore<?> task) {
        return stripes[(int) (task.id() & (STRIPES - 1))];
    }

    void add(TaskCore<?> task) {
        Stripe stripe = stripe(task);
        stripe.lock.lock();
        try {
            TaskCore<?> second = stripe.first;
            task.next = second;
            if (second != null) {
                second.previous = task;
            }
            stripe.first = task;
        } finally {
            stripe.lock.unlock();
        }
    }

    void remove(TaskCore<?> task) {
        Stripe stripe = stripe(task);
        stripe.lock.lock();
        try {
            TaskCore<?> before = task.previous;
            TaskCore<?> after = task.next;
            if (before != null) {
                before.next = after;
            } else {
                stripe.first = after;
            }
            if (after != null) {
                after.previous = before;
            }
            task.previous = null;
            task.next = null;
        } finally {
            stripe.lock.unlock();
        }
    }

    /** {@return the tasks that are live at some moment during the call} */
    List<TaskCore<?>> snapshot() {
        List<TaskCore<?>> tasks = new ArrayList<>();
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
        return tasks;
    }
}
