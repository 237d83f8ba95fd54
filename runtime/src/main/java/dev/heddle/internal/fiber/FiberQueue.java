package dev.heddle.internal.fiber;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fibers that can go on, in order. Linked through the fibers themselves, so that one can be taken out of the middle, and so that
 * nothing is made for a switch. Not thread-safe: for whoever has the turn.
 */
final class FiberQueue {
    private @Nullable Fiber first;
    private @Nullable Fiber last;

    /** @param fiber not queued */
    void addLast(Fiber fiber) {
        Fiber before = last;
        fiber.queued = true;
        fiber.before = before;
        last = fiber;
        if (before == null) {
            first = fiber;
        } else {
            before.after = fiber;
        }
    }

    /** @param fiber queued here */
    void moveToFront(Fiber fiber) {
        Fiber front = Objects.requireNonNull(first);
        if (fiber != front) {
            remove(fiber);
            fiber.queued = true;
            fiber.after = first;
            Objects.requireNonNull(first).before = fiber;
            first = fiber;
        }
    }

    /** {@return the first, which is not queued any more; null if there is none} */
    @Nullable
    Fiber poll() {
        Fiber fiber = first;
        if (fiber != null) {
            remove(fiber);
        }
        return fiber;
    }

    /** @param fiber queued here */
    void remove(Fiber fiber) {
        Fiber before = fiber.before;
        Fiber after = fiber.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
            fiber.before = null;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
            fiber.after = null;
        }
        fiber.queued = false;
    }

    /** {@return the fiber of a thread, or null if it is not queued} Looks at one after the other. */
    @Nullable
    Fiber find(@Nullable Thread thread) {
        Fiber fiber = first;
        while (fiber != null && fiber.thread != thread) {
            fiber = fiber.after;
        }
        return fiber;
    }

    /** @param action may take the fiber out */
    void forEach(Consumer<Fiber> action) {
        for (Fiber fiber = first, after; fiber != null; fiber = after) {
            after = fiber.after;
            action.accept(fiber);
        }
    }
}
