package dev.heddle.internal.channel;

import org.jspecify.annotations.Nullable;

/** Waiters in the order of arrival: a doubly linked list, so that one that gives up leaves in constant time. */
final class WaiterQueue<E> {
    private @Nullable Waiter<E> first;
    private @Nullable Waiter<E> last;

    void add(Waiter<E> waiter) {
        waiter.queued = true;
        waiter.previous = last;
        if (last != null) {
            last.next = waiter;
        } else {
            first = waiter;
        }
        last = waiter;
    }

    @Nullable
    Waiter<E> poll() {
        Waiter<E> waiter = first;
        if (waiter != null) {
            remove(waiter);
        }
        return waiter;
    }

    void remove(Waiter<E> waiter) {
        Waiter<E> before = waiter.previous;
        Waiter<E> after = waiter.next;
        if (before != null) {
            before.next = after;
        } else {
            first = after;
        }
        if (after != null) {
            after.previous = before;
        } else {
            last = before;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.queued = false;
    }
}
