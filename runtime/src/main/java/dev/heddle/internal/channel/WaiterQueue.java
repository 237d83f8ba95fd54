package dev.heddle.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * Waiters in the order of arrival: a ring of them, doubly linked, so that one that gives up leaves in constant time.
 *
 * <p>There is no reference to the last one, who is the first one's {@code previous}: to write a reference into an object as old
 * as this costs a fence in the garbage collector's barrier.
 *
 * @param <E> the type of the elements
 */
final class WaiterQueue<E> {
    private @Nullable Waiter<E> first;

    void add(Waiter<E> waiter) {
        Waiter<E> head = first;
        waiter.queued = true;
        if (head == null) {
            waiter.previous = waiter;
            waiter.next = waiter;
            first = waiter;
        } else {
            link(last(head), waiter);
            link(waiter, head);
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Takes out waiters until one can be claimed: {@return that one, or null if none is left} */
    @Nullable
    Waiter<E> poll() {
        for (Waiter<E> waiter = first; waiter != null; waiter = first) {
            remove(waiter);
            if (waiter.claim()) {
                return waiter;
            }
        }
        return null;
    }

    /**
     * Claims all waiters and ends them.
     *
     * @param how they end
     * @return the first of a list of them, linked by {@code next}, for {@link #wake}; they may go on at once
     */
    @Nullable
    Waiter<E> endAll(Waiter.Outcome how) {
        Waiter<E> list = null;
        for (Waiter<E> waiter = poll(); waiter != null; waiter = poll()) {
            waiter.next = list;
            list = waiter;
        }
        for (Waiter<E> waiter = list; waiter != null; waiter = waiter.next) {
            waiter.end(how); // nobody but us touches its next any more
        }
        return list;
    }

    static <E> void wake(@Nullable Waiter<E> list) {
        while (list != null) {
            Waiter<E> waiter = list;
            list = waiter.next;
            waiter.next = null;
            waiter.wake();
        }
    }

    void remove(Waiter<E> waiter) {
        Waiter<E> after = waiter.next;
        Waiter<E> before = waiter.previous;
        if (after == null || before == null) {
            throw new AssertionError("it is in no queue");
        }
        if (after == waiter) {
            first = null;
        } else {
            link(before, after);
            if (first == waiter) {
                first = after;
            }
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.queued = false;
    }

    private static <E> void link(Waiter<E> before, Waiter<E> after) {
        before.next = after;
        after.previous = before;
    }

    private static <E> Waiter<E> last(Waiter<E> head) {
        Waiter<E> last = head.previous;
        if (last == null) {
            throw new AssertionError("a queued waiter has neighbours");
        }
        return last;
    }
}
