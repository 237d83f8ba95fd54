package dev.heddle.internal.green;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A stack of those that have nothing to do: the last to have become idle, whose caches are warm, is the first to be taken.
 *
 * <p>Lock-free (Treiber's algorithm), since it is used by virtual threads that must not park. Each push makes a new node, so
 * a node that a slow popper still holds cannot come back: no ABA.
 */
final class IdleStack<E> {
    private record Node<E>(E element, @Nullable Node<E> below) {}

    private final AtomicReference<@Nullable Node<E>> top = new AtomicReference<>();

    void push(E element) {
        Node<E> below;
        do {
            below = top.get();
        } while (!top.compareAndSet(below, new Node<>(element, below)));
    }

    @Nullable
    E pop() {
        while (true) {
            Node<E> node = top.get();
            if (node == null) {
                return null;
            }
            if (top.compareAndSet(node, node.below)) {
                return node.element;
            }
        }
    }

    boolean isEmpty() {
        return top.get() == null;
    }
}
