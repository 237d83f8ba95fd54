package dev.heddle;

import dev.heddle.internal.vthread.DelimitedContinuation;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An iterator whose elements come from ordinary code that yields them, as in Python: its body runs until it yields an element,
 * and goes on from there when the next one is asked for.
 *
 * <pre>{@code
 * try (Generator<Path> large = Generator.of(out -> {
 *     try (Stream<Path> files = Files.walk(folder)) {
 *         for (Path file : (Iterable<Path>) files::iterator) {
 *             if (Files.size(file) > 1_000_000) out.yield(file);
 *         }
 *     }
 * })) {
 *     System.out.println(large.next()); // walks no further than to the first
 * }
 * }</pre>
 *
 * <p>It needs no heddle and no thread. The body runs in the thread that asks, as if that had called it: in any thread, in a task of
 * any model, with that thread's locks and thread-locals; where the body waits, the asking thread waits. It keeps the scoped
 * values that are bound where the first element is asked for.
 *
 * <p>It belongs to the thread that asks for the first element: no other can go on with it or close it. One that is dropped without
 * {@link #close} is collected as any object; its {@code finally} blocks never run.
 *
 * <p>Needs the JVM flag {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 *
 * @param <T> the type of the elements
 */
@SuppressWarnings("IterableAndIterator") // it is its own iterator, once, as generators are elsewhere
public final class Generator<T extends @Nullable Object> implements Iterator<T>, Iterable<T>, AutoCloseable {
    /**
     * What yields the elements.
     *
     * @param <T> the type of the elements
     */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /**
         * Makes the elements. There are no more when it returns.
         *
         * @param out takes them
         * @throws Exception whatever goes wrong; it is thrown where the next element was asked for
         */
        void run(Yielder<T> out) throws Exception;
    }

    /**
     * Takes elements from a generator's body. Not to be used anywhere else.
     *
     * @param <T> the type of the elements
     */
    @FunctionalInterface
    public interface Yielder<T extends @Nullable Object> {
        /**
         * Hands an element over, and returns when the next one is asked for. If the generator is closed instead, it throws an {@link
         * Error}, which the body must let pass.
         *
         * @param element may be null
         * @throws IllegalStateException if called outside of the body, or while native code that has called back into Java, or a
         *     class initializer, is on the stack between the body and the call
         */
        void yield(T element);
    }

    /** Unwinds the body. */
    private static final class Closed extends Error {
        private static final long serialVersionUID = 1;

        Closed() {
            super("the generator is closed: let this pass", null, false, false);
        }
    }

    private final DelimitedContinuation continuation;

    /**
     * Whose it is: who asked first. Were another to go on, compiled code of the body could still take this one for the current
     * thread, and lock for it.
     */
    private @Nullable Thread thread;

    private boolean running;
    private boolean closed;

    /** What ends the body. */
    private @Nullable Closed closing;

    /** Whether {@link #element} is there, and was not taken. */
    private boolean yielded;

    private @Nullable T element;

    /** What the body threw, until that has been thrown on. */
    private @Nullable Throwable failure;

    private Generator(Body<T> body) {
        continuation = DelimitedContinuation.of(() -> {
            try {
                body.run(this::yield);
            } catch (Throwable t) { // whatever it is, who asked for an element gets it
                failure = t;
            }
        });
    }

    /**
     * {@return a generator, whose body does not begin before the first element is asked for}
     *
     * @param body yields the elements; there may be no end to them
     * @param <T> the type of the elements
     * @throws IllegalStateException if the JVM does not let us have continuations; the message names the flag to add
     */
    public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
        return new Generator<>(Objects.requireNonNull(body, "body"));
    }

    /** In the body. */
    private void yield(T next) {
        if (!continuation.isCurrent()) {
            throw new IllegalStateException(
                    "yield was called outside of its generator's body, which alone can yield, in the"
                            + " thread that asks and before it ends");
        }
        element = next;
        yielded = true;
        if (!continuation.pause()) {
            yielded = false;
            throw new IllegalStateException(
                    "a generator cannot yield while native code that has called back into Java, or a class"
                            + " initializer, is on its stack: yield outside of it");
        }
        if (closing != null) {
            throw closing;
        }
    }

    /** Throws a sentence if the caller cannot have the body go on. */
    private void requireMine() {
        Thread me = Thread.currentThread();
        if (thread != me) {
            if (thread != null) {
                throw new IllegalStateException("a generator that has begun in thread " + thread.getName()
                        + " was asked to go on by thread " + me.getName() + ": only the former can, so let it pass the"
                        + " elements on, by a channel for example");
            }
            thread = me; // should two get here at once, the JDK refuses one of them
        }
        if (running) {
            throw new IllegalStateException(
                    "the body of a generator asks its own generator for an element, or closes it: let it yield, or return");
        }
    }

    /** Has the body go on until it yields or ends. */
    private void goOn() {
        requireMine();
        running = true;
        try {
            continuation.goOn();
        } finally {
            running = false;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Has the body go on until it yields, unless the last element it has yielded was not taken yet.
     *
     * @throws CompletionException if the body threw a checked exception, which is the cause; whatever else the body throws is
     *     thrown as it is. There are no more elements then
     */
    @Override
    public boolean hasNext() {
        if (!yielded && !closed && !continuation.hasEnded()) {
            goOn();
            if (failure != null) {
                throwFailure();
            }
        }
        return yielded;
    }

    @Override
    @SuppressWarnings("NullAway") // a T that was yielded
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generator has ended");
        }
        T next = element;
        dropElement();
        return next;
    }

    private void throwFailure() {
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> {
                if (thrown instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new CompletionException("a generator's body failed: " + thrown, thrown);
            }
        }
    }

    /** {@return this} So that it can stand in a for loop, once. */
    @Override
    public Iterator<T> iterator() {
        return this;
    }

    /** {@return the elements that are left, as a stream} Closing it closes the generator. */
    public Stream<T> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    /**
     * Ends the body: where it has yielded last, an {@link Error} is thrown, so that its {@code finally} blocks run, now and in the
     * calling thread. There are no more elements. Does nothing if the body has ended or has never begun.
     *
     * @throws IllegalStateException if called by another thread than the one that has asked for elements; or if the body yields
     *     again instead of ending, and then it is abandoned
     */
    @Override
    public void close() {
        if (closed || thread == null || continuation.hasEnded()) {
            closed = true;
            return;
        }
        requireMine();
        closed = true;
        closing = new Closed();
        dropElement();
        goOn();
        if (yielded) {
            dropElement();
            throw new IllegalStateException(
                    "the body of a generator that is being closed has yielded once more: let the Error"
                            + " that yield throws pass, and yield nothing in a finally block");
        }
        if (failure == closing) {
            failure = null;
        }
        throwFailure();
    }

    private void dropElement() {
        yielded = false;
        element = null;
    }
}
